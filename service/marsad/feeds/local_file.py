"""`file:` feeds: regular files inside the configuration folder, and nothing else."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from urllib.parse import unquote, urlsplit


class FileRefused(ValueError):
    """The file cannot be a feed. The message is for the operator."""


def read_feed_file(url: str, *, config_dir: Path, limit: int) -> bytes:
    """Return the bytes of the file that *url* (`file:sample.xml`) names, at most *limit* + 1 of them.

    A relative path is relative to *config_dir*. Symlinks are resolved before the check, so none leads
    outside; a FIFO, a device or a folder is refused without being read, and opening never blocks.
    """
    parts = urlsplit(url)
    if parts.netloc not in ("", "localhost"):
        raise FileRefused(f"file: names the host {parts.netloc}; write file:name.xml")
    name = unquote(parts.path)
    if not name or "\x00" in name:
        raise FileRefused("file: names no file; write file:name.xml")
    folder = config_dir.resolve()
    try:
        path = (folder / name).resolve(strict=True)
    except FileNotFoundError as exc:
        raise FileRefused(f"{name} does not exist in the configuration folder") from exc
    except (OSError, RuntimeError) as exc:
        raise FileRefused(f"{name} cannot be reached") from exc
    if not path.is_relative_to(folder):
        raise FileRefused(f"{name} is outside the configuration folder")
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW | os.O_CLOEXEC)
    except OSError as exc:
        raise FileRefused(f"{name} cannot be read: {exc.strerror}") from exc
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise FileRefused(f"{name} is not a regular file")
        with os.fdopen(descriptor, "rb", closefd=False) as file:
            return file.read(limit + 1)
    finally:
        os.close(descriptor)
