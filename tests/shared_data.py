"""Where the measurement data stands: beside the checkout, never inside it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

SHARED = Path(__file__).resolve().parents[2] / "shared"


def shared(path: str) -> Path:
    """Return `../shared/<path>`; skip the test where a user has no such folder, fail in CI."""
    found = SHARED / path
    if not found.exists():
        reason = f"{found} is absent: this test measures on data that is not part of the project"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    return found
