"""TOML files, secret files and the environment become `Settings`; the one package that reads them.

`load` returns a whole, checked configuration or raises every mistake in it at once. Queries are only looked
at as text here: what they say, and the entities they name, is for `marsad.operations.check`.
"""

from marsad.config.entries import file_feed_path
from marsad.config.files import Stamp
from marsad.config.loading import DEFAULT_FOLDER, FOLDER_VARIABLE, load
from marsad.config.settings import (
    ChannelName,
    MailSettings,
    PollSettings,
    ServiceSettings,
    Settings,
    SmtpSettings,
    StoreSettings,
    Tls,
)
from marsad.config.watching import watch_files

__all__ = [
    "DEFAULT_FOLDER",
    "FOLDER_VARIABLE",
    "ChannelName",
    "MailSettings",
    "PollSettings",
    "ServiceSettings",
    "Settings",
    "SmtpSettings",
    "Stamp",
    "StoreSettings",
    "Tls",
    "file_feed_path",
    "load",
    "watch_files",
]
