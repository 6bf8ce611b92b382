from marsad.store import schema
from marsad.store.database import Database


def test_a_prepared_store_passes_its_own_check(store: Database) -> None:
    schema.check(store)
