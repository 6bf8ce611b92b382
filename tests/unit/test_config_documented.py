"""Every key has a row in the reference, and every message about the configuration one in operations.md."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from marsad.config import shapes
from marsad.config.shapes import keys_of

STRING = r"""\"(?:[^\"\\\n]|\\.)*\"|'[^'\n]*'"""
ROOT = Path(__file__).resolve().parents[2]
REFERENCE = (ROOT / "docs/reference/configuration.md").read_text()
OPERATIONS = (ROOT / "docs/operations.md").read_text()
SECTIONS = {
    "### [service]": shapes.ServiceShape,
    "### [store]": shapes.StoreShape,
    "### [poll]": shapes.PollShape,
    "### [mail]": shapes.MailShape,
    "### [mail.smtp]": shapes.SmtpShape,
    "## feeds.toml: [[feed]]": shapes.FeedShape,
    "## entities.toml": shapes.EntitiesShape,
    "## entities.toml: [[entity]]": shapes.EntityShape,
    "## watches.toml, watches.d/*.toml: [[watch]]": shapes.WatchShape,
    "### [[watch.send]]": shapes.SendShape,
    "## recipients.toml: [[recipient]]": shapes.RecipientShape,
}


@pytest.mark.parametrize(("heading", "shape"), SECTIONS.items())
def test_the_reference_lists_exactly_the_keys_that_are_accepted(heading, shape):
    section = REFERENCE.split(f"\n{heading}\n")[1].split("\n#")[0]
    listed = set(re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE))
    assert listed == set(keys_of(shape)) - ({"smtp"} if shape is shapes.MailShape else set())


def problems() -> list[str]:
    """The texts of all problems that the package can tell, without what is filled in."""
    found = []
    for path in sorted((ROOT / "service/marsad/config").glob("*.py")):
        source = path.read_text()
        calls = re.findall(
            rf"(?:Wrong\(|problem = |findings\.(?:wrong|doubt)\([^\"\n]*?,)\s*f?({STRING})", source
        )
        found += [call[1:-1].replace('\\"', '"') for call in calls]
    # What begins with a verb of command is a hint.
    return [problem for problem in found if not re.match(r"write |name |keep |add |did you ", problem)]


def test_every_message_about_the_configuration_is_explained_to_operators():
    known = re.sub(r"[\"`]", "", OPERATIONS)

    def is_explained(problem: str) -> bool:
        """Tell whether any three words of it in a row (two, where it is no longer) stand in the page."""
        for part in re.split(r"\{[^}]*\}|[(;:,]", problem.replace('"', "")):
            words = part.split()
            size = min(3, len(words))
            if size > 1 and any(
                " ".join(words[at : at + size]) in known for at in range(len(words) - size + 1)
            ):
                return True
        return False

    several_words = [problem for problem in problems() if len(re.sub(r"\{[^}]*\}", "", problem).split()) > 1]
    silent = [problem for problem in several_words if not is_explained(problem)]
    assert len(problems()) > 70
    assert silent == [], "\n".join(silent)
