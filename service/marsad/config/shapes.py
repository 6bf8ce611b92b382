"""What may stand in each file, as pydantic models, and pydantic's complaints in our own words."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Annotated, Any, Literal, get_args

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainValidator,
    ValidationError,
)
from pydantic_core import ErrorDetails

from marsad.config import values
from marsad.config.files import Path_
from marsad.config.settings import ChannelName, Tls
from marsad.config.values import Wrong
from marsad.model import FirstContact, IdentityPolicy, Schedule

Name = Annotated[str, AfterValidator(values.name)]
FreeText = Annotated[str, AfterValidator(values.free_text)]
Identifier = Annotated[str, AfterValidator(values.identifier)]
Country = Annotated[str, AfterValidator(values.country)]
Tag = Annotated[str, AfterValidator(values.tag)]
Language = Annotated[str, AfterValidator(values.language)]
Timezone = Annotated[str, AfterValidator(values.timezone)]
Address = Annotated[str, AfterValidator(values.address)]
Size = Annotated[int, PlainValidator(values.size)]
FirstContactText = Annotated[FirstContact, PlainValidator(values.first_contact)]
ScheduleText = Annotated[Schedule, PlainValidator(values.schedule)]
Aliases = dict[Language, list[Name]]


def _duration(least: str, most: str) -> PlainValidator:
    return PlainValidator(values.duration(least=least, most=most))


def _one_of(kind: Any) -> BeforeValidator:
    """Accept the values of an enum as TOML writes them."""

    def check(value: object) -> object:
        known = [str(member) for member in kind]
        if value not in known:
            hint = values.near(str(value), known) or "write " + " or ".join(f'"{name}"' for name in known)
            raise Wrong(f'"{values.shown(value)}" is not accepted', hint)
        return kind(value)

    return BeforeValidator(check)


class Shape(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, arbitrary_types_allowed=True)


# ── marsad.toml ──────────────────────────────────────────────────────────────────────────────────


class ServiceShape(Shape):
    contact: FreeText = ""
    timezone: Timezone = "UTC"
    state: Name = "../var"


class StoreShape(Shape):
    url: Name | None = None
    password_file: Name | None = None
    password_env: Name | None = None


class PollShape(Shape):
    every: Annotated[timedelta, _duration("1m", "7d")] = timedelta(minutes=15)
    concurrency: Annotated[int, Field(ge=1, le=1000)] = 50
    per_host: Annotated[int, Field(ge=1, le=10)] = 1
    timeout: Annotated[timedelta, _duration("1s", "5m")] = timedelta(seconds=30)
    max_body: Size = 15 * 2**20
    first_contact: FirstContactText = FirstContact(window=timedelta(hours=24))


class SmtpShape(Shape):
    host: Annotated[str, AfterValidator(values.host)]
    port: Annotated[int, Field(ge=1, le=65535)] | None = None
    tls: Annotated[Tls, _one_of(Tls)] = Tls.STARTTLS
    username: Name | None = None
    password_file: Name | None = None
    password_env: Name | None = None
    ca_file: Name | None = None
    timeout: Annotated[timedelta, _duration("1s", "10m")] = timedelta(seconds=60)
    connections: Annotated[int, Field(ge=1, le=50)] = 2


class MailShape(Shape):
    channel: Annotated[ChannelName, _one_of(ChannelName)] = ChannelName.MAILDIR
    sender: Annotated[tuple[str, str] | None, PlainValidator(lambda value: _mailbox(value))] = Field(
        default=None, alias="from"
    )
    retry_for: Annotated[timedelta, _duration("10m", "30d")] = timedelta(days=3)
    smtp: SmtpShape | None = None


def _mailbox(value: object) -> tuple[str, str]:
    if not isinstance(value, str):
        raise Wrong(f"must be text in quotes, not {values.kind_of(value)}")
    return values.mailbox(value)


class MainShape(Shape):
    """The sections of marsad.toml; each is validated alone, so that one does not hide another's mistakes."""

    service: ServiceShape = ServiceShape()
    store: StoreShape = StoreShape()
    poll: PollShape = PollShape()
    mail: MailShape = MailShape()


# ── the other files ──────────────────────────────────────────────────────────────────────────────


class FeedShape(Shape):
    id: Identifier
    url: Annotated[str, AfterValidator(values.feed_url)]
    name: Name | None = None
    every: Annotated[timedelta, _duration("1s", "7d")] | None = None
    tags: list[Tag] = []
    language: Language | None = None
    country: Country | None = None
    rank: Annotated[int, Field(ge=1, le=3)] | None = None
    first_contact: FirstContactText | None = None
    identity: Annotated[IdentityPolicy, _one_of(IdentityPolicy)] = IdentityPolicy.AUTO
    headers: Annotated[dict[str, str], AfterValidator(values.headers)] = {}
    allow_private: bool = False


class EntityShape(Shape):
    id: Identifier
    kind: Literal["person", "organisation", "place", "product", "other"]
    name: Name
    names: Aliases = {}
    weak: Aliases = {}
    with_query: str | None = Field(default=None, alias="with")
    not_names: list[Name] = Field(default=[], alias="not")
    related: Aliases = {}
    country: Country | None = None
    demonyms: bool | None = None
    capital: bool | None = None


class EntitiesShape(Shape):
    """What stands in entities.toml above the entities."""

    use: Annotated[tuple[str, ...], BeforeValidator(values.packs)] = ()


class SendShape(Shape):
    to: str
    when: ScheduleText = Schedule.parse("instant")


class WatchShape(Shape):
    id: Identifier
    name: Name | None = None
    label: Name | None = None
    query: str | None = None
    any_of: list[str] = Field(default=[], alias="any")
    all_of: list[str] = []
    none_of: list[str] = Field(default=[], alias="none")
    languages: list[Language] = []
    feeds: list[str] = []
    tags: list[Tag] = []
    active_from: datetime | date | None = Field(default=None, alias="from")
    active_until: datetime | date | None = Field(default=None, alias="until")
    all_items: bool = Field(default=False, alias="all")
    send: list[SendShape] = []


class RecipientShape(Shape):
    id: Identifier
    address: Address
    timezone: Timezone | None = None


# ── complaints ───────────────────────────────────────────────────────────────────────────────────


def complaints(error: ValidationError, shape: type[Shape]) -> Iterator[tuple[Path_, str, str]]:
    """Yield (path inside *shape*, problem, hint) of all that pydantic found."""
    told: set[Path_] = set()
    for detail in error.errors(include_url=False):
        path = tuple(part for part in detail["loc"] if part not in _UNION_BRANCHES)
        is_key = path[-1:] == ("[key]",)
        path = path[:-1] if is_key else path
        if path not in told:  # a union complains once per branch
            told.add(path)
            yield path, *_say(detail, path, shape)


_UNION_BRANCHES = {"datetime", "date", "constrained-int"}


def _say(detail: ErrorDetails, path: Path_, shape: type[Shape]) -> tuple[str, str]:
    given = detail["input"]
    match detail["type"]:
        case "value_error" if isinstance(wrong := detail.get("ctx", {}).get("error"), Wrong):
            return wrong.problem, wrong.hint
        case "missing":
            return "is missing", _EXAMPLES.get(str(path[-1]), "")
        case "extra_forbidden":
            known = _known_keys(shape, path)
            if path[-1] == "use" and shape is EntityShape:
                return "stands inside an entity", "write it above the first [[entity]]"
            return "unknown key", values.near(str(path[-1]), known) or "known are: " + ", ".join(known)
        case "string_type":
            return f"must be text in quotes, not {values.kind_of(given)}", ""
        case "int_type":
            return f"must be a whole number, without quotes, not {values.kind_of(given)}", ""
        case "bool_type":
            return f"must be true or false, without quotes, not {values.kind_of(given)}", ""
        case "list_type":
            example = f'write ["{values.shown(given)}"]' if isinstance(given, str) else ""
            if path[-1] == "send":
                return "is written with single brackets", "write [[watch.send]], with two"
            return f"must be a list, not {values.kind_of(given)}", example
        case "dict_type" | "model_type" | "model_attributes_type":
            return f"must be a table, not {values.kind_of(given)}", _EXAMPLES.get(str(path[-1]), "")
        case "datetime_type" | "date_type" | "datetime_from_date_parsing" | "date_from_datetime_parsing":
            return f"must be a date, not {values.kind_of(given)}", "write it without quotes: 2026-11-24"
        case "literal_error":
            known = _choices(shape, path)
            hint = values.near(str(given), known) or "write " + ", ".join(f'"{name}"' for name in known)
            return f'"{values.shown(given)}" is not accepted', hint
        case "greater_than_equal":
            return f"{values.shown(given)} is too small", f"at least {detail['ctx']['ge']} is accepted"
        case "less_than_equal":
            return f"{values.shown(given)} is too large", f"at most {detail['ctx']['le']} is accepted"
        case _:
            return detail["msg"], ""


_EXAMPLES = {
    "url": 'add url = "https://…"',
    "id": 'add id = "…": it is the identity, whatever else changes',
    "query": "add query = '…'",
    "address": 'add address = "name@example.org"',
    "host": 'add host = "mail.example.org"',
    "kind": 'add kind = "person", "organisation", "place", "product" or "other"',
    "to": 'add to = "…", the id of a recipient',
    "names": 'write names.en = ["…"]',
    "weak": 'write weak.en = ["…"]',
    "headers": 'write headers = { Name = "value" }',
}


def keys_of(shape: type[BaseModel]) -> list[str]:
    """Return the keys of *shape* as they are written in the file."""
    return [field.alias or name for name, field in shape.model_fields.items()]


def _known_keys(shape: type[BaseModel], path: Path_) -> list[str]:
    for part in path[:-1]:
        if isinstance(part, str):
            fields = {field.alias or name: field for name, field in shape.model_fields.items()}
            shape = next(shapes_in(fields[part].annotation))
    return keys_of(shape)


def shapes_in(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for inner in get_args(annotation):
        yield from shapes_in(inner)


def _choices(shape: type[BaseModel], path: Path_) -> list[str]:
    return [str(choice) for choice in get_args(shape.model_fields[str(path[-1])].annotation)]
