"""Whole pages, byte for byte."""

from __future__ import annotations

from difflib import unified_diff

import pytest

from tests.golden.pages import FOLDER, PAGES, page


@pytest.mark.sampled(2)
@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_as_it_was(name: str) -> None:
    """A handout would have changed though nobody meant it to."""
    before, now = (FOLDER / name).read_bytes(), page(name)
    if now != before:
        lines = unified_diff(before.decode().splitlines(), now.decode().splitlines(), name, "now", lineterm="")
        pytest.fail("\n".join([*lines, "if this is meant: python -m tests.golden.renew, and look at the diff"]))


def test_every_file_here_is_compared() -> None:
    """A page would have stayed behind, and looked tested, after its command line was renamed."""
    assert {path.name for path in FOLDER.iterdir() if path.suffix not in (".py", ".toml", "")} == set(PAGES)
