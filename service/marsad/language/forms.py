"""The forms of many terms at once: in this process, or in a child that exits with its dictionaries.

Dictionaries of inflection are large and are needed only when a watch set is compiled. The daemon therefore
never imports them: it asks a child, and remembers the answers by language, term, kind and the version of the
language's rules.
"""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import IO, Any, Final, NamedTuple

from marsad.errors import ExpansionError
from marsad.language.base import Kind, TermForms
from marsad.language.forms_cache import Forms as Forms
from marsad.language.forms_cache import FormsCache as FormsCache
from marsad.language.forms_cache import Request as Request
from marsad.language.packed import decode, encode
from marsad.language.registry import language_for

log = logging.getLogger(__name__)


_CHILD: Final = """
import json, sys
sys.path[:] = json.loads(sys.argv[1])
from marsad.language.forms import serve
serve()
"""
_FIRST_ANSWER: Final = timedelta(seconds=60)
_EACH_LANGUAGE: Final = timedelta(seconds=10)
_EACH_ANSWER: Final = timedelta(milliseconds=50)
"""A term takes 1 to 7 ms; loading a dictionary 0.1 s, the first time up to 3 s; more on a busy machine."""


def expand_terms(requests: Iterable[tuple[str, str, Kind]]) -> dict[Request, TermForms]:
    """Return the forms of each term, computed in this process: dictionaries stay loaded afterwards.

    ExpansionError where the rules of a language failed on a term.
    """
    found: dict[Request, TermForms] = {}
    failed: list[tuple[str, str, str]] = []
    wanted = list(dict.fromkeys(Request(*request) for request in requests))
    for request in _by_language(wanted):
        try:
            found[request] = language_for(request.language).expand(request.term, request.kind)
        except Exception as exc:
            log.exception("expanding a term failed", extra={"language": request.language})
            failed.append((request.language, request.term, repr(exc)))
    if failed:
        raise ExpansionError(failed)
    return {request: found[request] for request in wanted}


def _by_language(requests: Iterable[Request]) -> list[Request]:
    """Return *requests* one language after the other: few dictionaries are in memory at a time."""
    return sorted(requests, key=lambda request: request.language)


def expand_in_child(requests: Iterable[tuple[str, str, Kind]], *, cache: FormsCache) -> Forms:
    """Return the forms of each term; what *cache* does not hold is computed in a child process that exits.

    ExpansionError names each term on which the rules failed, or on which the child died; all others are in
    the cache by then, and asking for them again is cheap.
    """
    wanted = list(dict.fromkeys(Request(*request) for request in requests))
    found = cache.find(wanted)
    missing = _by_language(request for request in wanted if request not in found)
    failed: list[tuple[str, str, str]] = []
    died_at_once = False
    while missing:
        answered = 0
        death = ""
        for answer in _ask_child(missing, cache.folder):
            if isinstance(answer, _Death):
                death = answer.detail
                break
            request = missing[answered]
            answered += 1
            if isinstance(answer, TermForms):
                found[request] = cache.put(request, answer)
            else:
                failed.append((request.language, request.term, answer))
        missing = missing[answered:]
        if missing:
            # The child works in order: it died of the first term without an answer; the rest gets a new one.
            # Two that die before any answer do not die of their terms.
            victims = missing if answered == 0 and died_at_once else missing[:1]
            died_at_once = answered == 0
            failed.extend((victim.language, victim.term, death) for victim in victims)
            missing = missing[len(victims) :]
    cache.save()
    if failed:
        raise ExpansionError(failed)
    return Forms({request: found[request] for request in wanted})


class _Death(NamedTuple):
    detail: str


def _ask_child(requests: list[Request], folder: Path | None) -> Iterator[TermForms | str | _Death]:
    """Yield an answer for each request in order: forms, or why there are none; a _Death where it ended."""
    languages = len({request.language for request in requests})
    bound = _FIRST_ANSWER + _EACH_LANGUAGE * languages + _EACH_ANSWER * len(requests)
    with tempfile.TemporaryFile() as complaints:
        child = subprocess.Popen(  # noqa: S603 (our own interpreter and code)
            [sys.executable, "-c", _CHILD, json.dumps(sys.path), *([str(folder)] if folder else [])],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=complaints,
        )
        watchdog = threading.Timer(bound.total_seconds(), child.kill)
        watchdog.daemon = True
        watchdog.start()
        try:
            with child:
                if child.stdin is None or child.stdout is None:
                    raise RuntimeError("the pipes of a child were asked for")
                try:
                    child.stdin.write(json.dumps(requests).encode())
                    child.stdin.close()
                except BrokenPipeError:
                    pass  # it died at once; its end of the other pipe says so too
                answered = 0
                for line in child.stdout:
                    if not line.endswith(b"\n"):
                        break
                    answer = json.loads(line)
                    yield decode(answer["forms"]) if "forms" in answer else str(answer["failed"])
                    answered += 1
            if answered < len(requests):
                yield _Death(_last_words(child.returncode, complaints, expired=not watchdog.is_alive()))
        finally:
            watchdog.cancel()
            child.kill()
            child.wait()


def _last_words(code: int, complaints: IO[bytes], *, expired: bool) -> str:
    if expired:
        return "the process that computes forms took too long and was stopped"
    complaints.seek(0)
    said = complaints.read()[-4000:].decode(errors="replace").strip().splitlines()
    how = f"signal {-code}" if code < 0 else f"exit code {code}"
    return f"the process that computes forms ended with {how}" + (f": {said[-1]}" if said else "")


def serve() -> None:
    """Be the child: read requests from standard input, write one line of JSON for each to standard output.

    What is made of dictionaries once is kept in the folder that the command line names, by default in the
    user's cache.
    """
    for folder in sys.argv[2:]:
        from marsad.language import lexicon  # here, as the parent imports this module too

        lexicon.keep_in(Path(folder))
    out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    # What a library prints must not end up among the answers.
    os.dup2(2, 1)
    for language, term, kind in json.load(sys.stdin):
        try:
            answer: dict[str, Any] = {"forms": encode(language_for(language).expand(term, Kind(kind)))}
        except Exception as exc:  # told to the parent, which names the term
            answer = {"failed": repr(exc)}
        out.write(json.dumps(answer, ensure_ascii=False) + "\n")
        out.flush()
    out.close()
