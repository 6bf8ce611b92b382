"""The sections of marsad.toml, each checked alone and then for what does not go together."""

from __future__ import annotations

import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, urlsplit, urlunsplit

from pydantic import SecretStr

from marsad.config import files
from marsad.config.files import Source
from marsad.config.findings import Findings
from marsad.config.secret import password
from marsad.config.settings import (
    ChannelName,
    MailSettings,
    PollSettings,
    ServiceSettings,
    SmtpSettings,
    StoreSettings,
    Tls,
)
from marsad.config.shapes import (
    MailShape,
    MainShape,
    PollShape,
    ServiceShape,
    SmtpShape,
    StoreShape,
    keys_of,
    shapes_in,
)
from marsad.config.values import is_loopback, kind_of, near, shown

_DEFAULT_PORTS = {Tls.STARTTLS: 587, Tls.IMPLICIT: 465, Tls.NONE: 25}
_DEFAULT_SENDER = ("Marsad", "marsad@localhost")
_DATABASE = "marsad.sqlite"
_MAILDIR = "mail"


@dataclass(frozen=True, kw_only=True)
class Sections:
    service: ServiceSettings
    store: StoreSettings
    poll: PollSettings
    mail: MailSettings


def read(findings: Findings, source: Source | None, *, folder: Path, environ: Mapping[str, str]) -> Sections:
    """Return what marsad.toml says; where a section is wrong its defaults stand in, for further checks."""
    source = source or Source(name="marsad.toml", text="", tables={})
    for key in source.tables:
        if key not in MainShape.model_fields:
            known = ", ".join(f"[{name}]" for name in keys_of(MainShape))
            where = [
                name
                for name, field in MainShape.model_fields.items()
                if key in keys_of(next(shapes_in(field.annotation)))
            ]
            hint = f"it belongs under [{where[0]}]" if where else near(key, MainShape.model_fields)
            findings.wrong(source, (key,), "unknown key", hint or f"known are: {known}")
    for key in MainShape.model_fields:
        if not isinstance(source.tables.get(key, {}), dict):
            problem = f"must be a table, not {kind_of(source.tables[key])}"
            findings.wrong(source, (key,), problem, f"write [{key}] on a line of its own")
    tables = {key: value for key, value in source.tables.items() if isinstance(value, dict)}
    service = findings.check(source, ("service",), tables.get("service", {}), ServiceShape)
    store = findings.check(source, ("store",), tables.get("store", {}), StoreShape)
    poll = findings.check(source, ("poll",), tables.get("poll", {}), PollShape) or PollShape()
    mail = findings.check(source, ("mail",), tables.get("mail", {}), MailShape)
    state = _state(findings, source, service or ServiceShape(), folder)
    settings = Sections(
        service=ServiceSettings(
            contact=service.contact if service else "",
            timezone=service.timezone if service else "UTC",
            state=state,
        ),
        store=_store(findings, source, store or StoreShape(), state, folder, environ),
        poll=PollSettings(**{name: getattr(poll, name) for name in PollShape.model_fields}),
        mail=_mail(findings, source, mail or MailShape(), state, folder, environ),
    )
    if settings.mail.channel is ChannelName.SMTP and service and not service.contact:
        hint = 'add contact = "…": a URL or an address that publishers can write to'
        findings.doubt(source, ("service",), "contact is empty, so the user agent names nobody", hint)
    return settings


def _state(findings: Findings, source: Source, service: ServiceShape, folder: Path) -> Path:
    path = folder / service.state
    try:
        state = (folder / Path(service.state).expanduser()).resolve()
        if state.exists() and not state.is_dir():
            findings.wrong(source, ("service", "state"), f"{state} is not a folder", "name a folder")
        return state
    except (OSError, RuntimeError):
        findings.wrong(source, ("service", "state"), f"{path} cannot be opened", "name a folder")
        return path


def _store(
    findings: Findings,
    source: Source,
    shape: StoreShape,
    state: Path,
    folder: Path,
    environ: Mapping[str, str],
) -> StoreSettings:
    secret = password(
        findings,
        source,
        ("store",),
        file=shape.password_file,
        variable=shape.password_env,
        folder=folder,
        environ=environ,
    )
    key = ("store", "url")
    url = shape.url or ""
    scheme, colon, rest = url.partition(":")
    if not url or (scheme.startswith("sqlite") and colon):
        if shape.password_file or shape.password_env:
            findings.wrong(source, ("store",), "SQLite has no password", "remove the key, or name PostgreSQL")
        return _sqlite(findings, source, rest if url else f"///{state / _DATABASE}", folder)
    if scheme not in ("postgresql", "postgres", "postgresql+psycopg") or not rest.startswith("//"):
        hint = 'write "sqlite:///name.sqlite" or "postgresql://user@host/database"'
        findings.wrong(source, key, f'"{shown(scheme)}" is no known database', hint)
        return StoreSettings(url="", file=None)
    try:
        parts = urlsplit("postgresql:" + rest)
        _ = parts.port
    except ValueError:
        findings.wrong(source, key, "cannot be read", 'write "postgresql://user@host:5432/database"')
        return StoreSettings(url="", file=None)
    if not parts.path.strip("/"):
        findings.wrong(source, key, "names no database", 'write "postgresql://user@host/database"')
    if parts.password is not None and secret is None:
        hint = "take it out, and name a password_file or password_env"
        findings.doubt(source, key, "holds a password in plain text", hint)
    elif parts.password is not None:
        findings.wrong(
            source, key, "holds a password beside password_file or password_env", "keep one of them"
        )
    elif secret is not None:
        parts = parts._replace(netloc=_with_password(parts.netloc, secret))
        if not parts.username:
            findings.wrong(
                source, key, "names no user for the password", 'write "postgresql://user@host/database"'
            )
    return StoreSettings(url=urlunsplit(parts), file=None)


def _with_password(netloc: str, secret: SecretStr) -> str:
    user, _, host = netloc.rpartition("@")
    return f"{user}:{quote(secret.get_secret_value(), safe='')}@{host}"


def _sqlite(findings: Findings, source: Source, rest: str, folder: Path) -> StoreSettings:
    key = ("store", "url")
    name = rest.removeprefix("///")
    if not rest.startswith("///") or not name:
        hint = 'write "sqlite:///name.sqlite", or four slashes before an absolute path'
        findings.wrong(source, key, "names no file", hint)
        return StoreSettings(url="", file=None)
    if name == ":memory:" or "?" in name:
        problem = "a database in memory is lost at the end" if name == ":memory:" else "has options after ?"
        findings.wrong(source, key, problem, "name a file alone")
    try:
        file = (folder / name).resolve()
    except (OSError, RuntimeError):
        # RuntimeError: Python 3.11 and 3.12 tell a loop of symbolic links so.
        findings.wrong(source, key, f"{folder / name} leads through a loop of symbolic links", "name a file")
        return StoreSettings(url="", file=None)
    if file.is_dir():
        findings.wrong(source, key, f"{file} is a folder", "name a file in it")
    return StoreSettings(url=f"sqlite:///{file}", file=file)


def _mail(
    findings: Findings,
    source: Source,
    shape: MailShape,
    state: Path,
    folder: Path,
    environ: Mapping[str, str],
) -> MailSettings:
    smtp = None
    if shape.smtp is not None:
        # Checked under the channel maildir too: it is there to be switched to.
        smtp = _smtp(findings, source, shape.smtp, folder, environ)
    if shape.channel is ChannelName.SMTP:
        if shape.smtp is None:
            hint = 'add [mail.smtp] with host = "mail.example.org"'
            findings.wrong(source, ("mail",), 'the channel is "smtp", but no server is named', hint)
        if shape.sender is None:
            hint = 'add from = "marsad@example.org"'
            findings.wrong(source, ("mail",), 'the channel is "smtp", but from is missing', hint)
    label, sender = shape.sender or _DEFAULT_SENDER
    return MailSettings(
        channel=shape.channel,
        sender=sender,
        sender_name=label,
        retry_for=shape.retry_for,
        maildir=state / _MAILDIR,
        smtp=smtp if shape.channel is ChannelName.SMTP else None,
    )


def _smtp(
    findings: Findings, source: Source, shape: SmtpShape, folder: Path, environ: Mapping[str, str]
) -> SmtpSettings:
    section = ("mail", "smtp")
    secret = password(
        findings,
        source,
        section,
        file=shape.password_file,
        variable=shape.password_env,
        folder=folder,
        environ=environ,
    )
    has_password = shape.password_file is not None or shape.password_env is not None
    if has_password and shape.username is None:
        findings.wrong(source, section, "there is a password, but no username", 'add username = "…"')
    if shape.username is not None and not has_password:
        hint = "add password_file or password_env"
        findings.wrong(source, (*section, "username"), "there is a username, but no password", hint)
    if shape.tls is Tls.NONE and not is_loopback(shape.host):
        key = (*section, "tls")
        if has_password:
            problem = f'"none" would send the password in the clear to {shape.host}'
            findings.wrong(source, key, problem, 'write "starttls" or "implicit"')
        else:
            problem = f'"none" sends every alert in the clear to {shape.host}'
            findings.doubt(source, key, problem, 'write "starttls" or "implicit" if the server can')
    if shape.port == 465 and shape.tls is Tls.STARTTLS:
        findings.doubt(
            source, (*section, "port"), "465 is commonly for implicit TLS", 'write tls = "implicit"'
        )
    if shape.port == 587 and shape.tls is Tls.IMPLICIT:
        findings.doubt(source, (*section, "port"), "587 is commonly for STARTTLS", 'write tls = "starttls"')
    ca_file = None if shape.ca_file is None else folder / files.expanded(shape.ca_file)
    if ca_file is not None and not ca_file.is_file():
        findings.wrong(source, (*section, "ca_file"), f"{ca_file} is not a file", "name a file in PEM form")
    elif ca_file is not None and not _holds_certificates(ca_file):
        hint = "name a readable file in PEM form: -----BEGIN CERTIFICATE----- …"
        findings.wrong(source, (*section, "ca_file"), f"{ca_file} holds no certificate", hint)
    if ca_file is not None and shape.tls is Tls.NONE:
        findings.doubt(source, (*section, "ca_file"), 'has no effect while tls = "none"')
    return SmtpSettings(
        host=shape.host,
        port=shape.port or _DEFAULT_PORTS[shape.tls],
        tls=shape.tls,
        username=shape.username,
        password=secret,
        ca_file=ca_file,
        timeout=shape.timeout,
        connections=shape.connections,
    )


def _holds_certificates(file: Path) -> bool:
    try:
        ssl.create_default_context(cafile=file)
    except OSError:
        return False
    return True
