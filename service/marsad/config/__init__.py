"""TOML files, secret files and the environment become `Settings`; the one package that reads them.

`load` returns a whole, checked configuration or raises every mistake in it at once. Queries and the names of
entities are only text here: what they say is for `marsad.operations.check`.
"""

from marsad.config.entries import file_feed_path
from marsad.config.files import Stamp
from marsad.config.loading import DEFAULT_FOLDER, FOLDER_VARIABLE, Draft, in_reading_order, load, read
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
    "Draft",
    "MailSettings",
    "PollSettings",
    "ServiceSettings",
    "Settings",
    "SmtpSettings",
    "Stamp",
    "StoreSettings",
    "Tls",
    "file_feed_path",
    "in_reading_order",
    "load",
    "read",
    "watch_files",
]
