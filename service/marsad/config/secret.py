"""Secrets from files or the environment, never from the configuration itself."""

from __future__ import annotations

import stat
from collections.abc import Mapping
from pathlib import Path

from pydantic import SecretStr

from marsad.config import files
from marsad.config.files import Path_, Source
from marsad.config.findings import Findings


def password(
    findings: Findings,
    source: Source,
    section: Path_,
    *,
    file: str | None,
    variable: str | None,
    folder: Path,
    environ: Mapping[str, str],
) -> SecretStr | None:
    """Return the password that *section* refers to; None where it names none, or a mistake was noted."""
    if file is not None and variable is not None:
        hint = "keep one of them"
        findings.wrong(source, (*section, "password_env"), "stands beside password_file", hint)
        return None
    if variable is not None:
        key = (*section, "password_env")
        if not environ.get(variable):
            state = "is empty" if variable in environ else "is not set"
            findings.wrong(
                source, key, f"the environment variable {variable} {state}", "set it where marsad runs"
            )
            return None
        return SecretStr(environ[variable])
    if file is not None:
        return _from_file(findings, source, (*section, "password_file"), folder / files.expanded(file))
    return None


def _from_file(findings: Findings, source: Source, key: Path_, path: Path) -> SecretStr | None:
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            findings.wrong(
                source, key, f"{path} is no regular file", "name a file that holds the password alone"
            )
            return None
        text = path.read_bytes().decode()
    except FileNotFoundError:
        hint = "write the password alone into it, readable for the user that runs marsad"
        findings.wrong(source, key, f"{path} does not exist", hint)
        return None
    except OSError as error:
        findings.wrong(source, key, f"{path} cannot be read: {error.strerror}")
        return None
    except UnicodeDecodeError:
        findings.wrong(source, key, f"{path} is not UTF-8", "save it as UTF-8")
        return None
    # Editors end a file with a line break; one of them is not part of the password.
    text = text.removesuffix("\n").removesuffix("\r")
    if not text:
        findings.wrong(source, key, f"{path} is empty", "write the password into it")
        return None
    if any(char in text for char in "\r\n\0"):
        findings.wrong(source, key, f"{path} holds more than one line", "it must hold the password alone")
        return None
    if status.st_mode & 0o077:
        who = "everybody" if status.st_mode & 0o007 else "its group"
        findings.doubt(source, key, f"{path} is open to {who}", f"chmod 600 {path}")
    return SecretStr(text)
