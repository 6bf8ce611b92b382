"""Every error that Marsad raises on purpose.

    MarsadError
    ├── ConfigurationError(ValueError)     one or more mistakes in the files, each with file, key and hint
    ├── WatchSyntaxError(ValueError)       a query that cannot be read; knows its column
    ├── ExpansionError                     the forms of some terms could not be computed; knows which
    ├── StoreError
    │   ├── StoreUnavailable               the database cannot be opened, reached or written
    │   ├── StoreRefused                   the database refuses these values; others may be stored
    │   ├── StoreOutdated                  the schema is older than this program: `marsad db upgrade`
    │   ├── StoreNewer                     the schema is newer than this program
    │   └── StoreLocked                    another daemon has this SQLite file
    ├── SendError                          a message did not leave
    │   ├── TransientSendError             try this delivery again later
    │   │   └── ServerBusy                 … and leave the server alone for a while: it says so to all (421)
    │   ├── PermanentSendError             this recipient or this message will never be accepted
    │   │   └── MessageTooLarge            … at this length; knows the server's limit
    │   ├── AmbiguousSendError             the connection ended without a known result
    │   └── ChannelError                   the channel's own fault: pause it, keep its deliveries
    └── NotFound(LookupError)              an item, watch, delivery … that a person named does not exist

Expected trouble of a feed (a dead host, a broken body) is a value (`model.FetchFailed`), not an error.
Messages are for people: they never hold a password or the user-info of a URL.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from marsad.model import Mistake


class MarsadError(Exception):
    """Base of every error this package raises on purpose."""


class ConfigurationError(MarsadError, ValueError):
    """The configuration cannot be used; *mistakes* holds all that is wrong with it, not just the first."""

    def __init__(self, mistakes: Sequence[Mistake]) -> None:
        self.mistakes = tuple(mistakes)
        super().__init__("\n".join(str(mistake) for mistake in self.mistakes))


class WatchSyntaxError(MarsadError, ValueError):
    """*query* cannot be read. *column* counts code points from 1; *hint* says what to write instead."""

    def __init__(self, query: str, column: int, problem: str, hint: str = "") -> None:
        self.query = query
        self.column = column
        self.problem = problem
        self.hint = hint
        super().__init__(f"column {column}: {problem}" + (f" ({hint})" if hint else ""))


class ExpansionError(MarsadError):
    """The forms of some terms could not be computed; the others' were, and are remembered.

    *failed* holds (language, term, what went wrong) of each.
    """

    def __init__(self, failed: Sequence[tuple[str, str, str]]) -> None:
        self.failed = tuple(failed)
        told = "; ".join(
            f'"{term}" ({language or "any language"}): {why}' for language, term, why in self.failed
        )
        super().__init__(f"no forms for {told}")


class StoreError(MarsadError):
    """The database refused."""


class StoreUnavailable(StoreError):
    """The database cannot be opened, reached or written."""


class StoreRefused(StoreError):
    """The database refuses the values of this transaction; without them the rest can be stored."""


class StoreOutdated(StoreError):
    """The schema is older than this program."""


class StoreNewer(StoreError):
    """The schema is newer than this program."""


class StoreLocked(StoreError):
    """Another daemon works on this SQLite file."""


class SendError(MarsadError):
    """A message did not leave; *reply* is the server's own words where it said any."""

    def __init__(self, detail: str, *, reply: str = "") -> None:
        self.detail = detail
        self.reply = reply
        super().__init__(detail)


class TransientSendError(SendError):
    """The server asks to try later, or could not be heard to the end before the message was given."""

    def __init__(self, detail: str, *, reply: str = "", retry_after: timedelta | None = None) -> None:
        self.retry_after = retry_after
        super().__init__(detail, reply=reply)


class ServerBusy(TransientSendError):
    """The server takes leave in the middle of a message (421): nobody should come back at once."""


class PermanentSendError(SendError):
    """The server will never accept this message or this recipient."""


class MessageTooLarge(PermanentSendError):
    """The message is longer than the server takes; one of at most *limit* bytes may be tried at once."""

    def __init__(self, detail: str, *, limit: int, reply: str = "") -> None:
        self.limit = limit
        super().__init__(detail, reply=reply)


class AmbiguousSendError(SendError):
    """The connection ended after the message may have been accepted."""


class ChannelError(SendError):
    """The channel cannot be used at all: connection refused, TLS failed, password rejected, disk full.

    *detail* tells the whole story: which server or folder, what failed, and the server's words.
    """


class NotFound(MarsadError, LookupError):
    """What a person named does not exist."""
