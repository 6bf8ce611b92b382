"""What a word says by itself of whether a form stands there, so that it is asked once and not in every text.

`Language.admits` judges a form in its text. Most verdicts come from the word alone: they are found out by
asking with a text in which there is nothing but the word. Whoever looks beyond it (at the words beside it,
the place, the whole text) meets `_Beyond`, and is asked again in each text.
"""

from __future__ import annotations

from collections.abc import Container
from typing import Any, Final, NoReturn

from marsad.language.base import Form, Language, Reading, Text


class _Beyond(Exception):
    """More than the word was looked at."""


def admits_alone(
    language: Language, form: Form, reading: Reading, word: str, names: Container[str]
) -> bool | None:
    """Return what `language.admits` says of *word* in every text; None where it depends on the text."""
    verdicts = set()
    for all_capitals, no_capitals in _CAPITALS:
        text = _LoneWord(word, all_capitals=all_capitals, no_capitals=no_capitals)
        try:
            verdicts.add(bool(language.admits(form, reading, text, _HERE, names)))
        except Exception:  # whatever is wrong here is told where there is a text
            return None
        if not text.asked:
            break
    return verdicts.pop() if len(verdicts) == 1 else None


_CAPITALS: Final = ((False, False), (True, False), (False, True))
"""What a text can be: all in capitals, without any, or neither."""


def _beyond(*_: object) -> NoReturn:
    raise _Beyond


class _Here(int):
    """The position of the word: nothing can be told or computed from it."""

    __add__ = __radd__ = __sub__ = __rsub__ = __neg__ = __bool__ = _beyond
    __eq__ = __ne__ = __lt__ = __le__ = __gt__ = __ge__ = _beyond
    __hash__ = int.__hash__


_HERE: Final = _Here(1)


class _LoneToken:
    """A token of which only the text is known; its length too."""

    __slots__ = ("text",)

    def __init__(self, text: str) -> None:
        self.text = text

    def __getattr__(self, name: str) -> NoReturn:
        raise _Beyond

    __getitem__ = __iter__ = __len__ = _beyond


class _LoneTokens:
    __slots__ = ("_token",)

    def __init__(self, word: str) -> None:
        self._token = _LoneToken(word)

    def __getitem__(self, position: object) -> _LoneToken:
        if position is not _HERE:
            raise _Beyond
        return self._token

    __len__ = __iter__ = __contains__ = __bool__ = _beyond


class _LoneWord(Text):
    """A text of which nothing is known but one word and its capitals."""

    __slots__ = ("_all", "_alone", "_none", "asked")

    def __init__(self, word: str, *, all_capitals: bool, no_capitals: bool) -> None:
        self._alone = _LoneTokens(word)
        self._all = all_capitals
        self._none = no_capitals
        self.asked = False
        """Whether it was looked at how the text is capitalised."""

    @property
    def tokens(self) -> Any:
        return self._alone

    @property
    def all_capitals(self) -> bool:
        self.asked = True
        return self._all

    @property
    def no_capitals(self) -> bool:
        self.asked = True
        return self._none

    def __getattr__(self, name: str) -> NoReturn:
        # The slots of a text are empty here, and what it works out comes from them.
        raise _Beyond
