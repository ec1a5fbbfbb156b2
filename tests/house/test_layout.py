"""What lies where: small files with names of their own, and nothing that was forgotten."""

from __future__ import annotations

import ast
import re
import sys
from pathlib import Path

import pytest

from tests.cli.program import REPOSITORY

VISIBLE = {"LICENSE", "README.md", "README.zh.md", "examples", "pyproject.toml", "qkvtui", "tests"}
MADE = {"build", "dist"}
"""Folders that building makes; .gitignore has them."""
LONGEST = 400
VAGUE = {"common", "helper", "helpers", "misc", "shared", "util", "utils"}

NAMED_LIKE_A_MODULE_OF_PYTHON = {"narration/numbers.py", "trace/trace.py"}
"""Older than the rule. No other file may join them."""

PACKAGE = REPOSITORY / "qkvtui"
FILES = sorted(PACKAGE.rglob("*.py"))
TESTS = sorted((REPOSITORY / "tests").rglob("test_*.py"))


def test_the_top_level_holds_nothing_that_was_left_behind() -> None:
    """A visitor would have met notes and trial files before the program."""
    there = {path.name for path in REPOSITORY.iterdir() if not path.name.startswith(".")}
    assert {name for name in there - VISIBLE - MADE if not name.endswith(".egg-info")} == set()
    assert there >= VISIBLE - {"README.zh.md"}


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_file_is_short_and_named_for_what_is_in_it(path: Path) -> None:
    """A reader would have got lost in it, or would not have known what to expect."""
    assert len(path.read_text(encoding="utf-8").splitlines()) <= LONGEST
    assert path.stem not in VAGUE
    if not path.stem.startswith("__") and str(path.relative_to(PACKAGE)) not in NAMED_LIKE_A_MODULE_OF_PYTHON:
        assert path.stem not in sys.stdlib_module_names


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_no_pattern_has_a_possessive_group(path: Path) -> None:
    """Under Debian 12's own Python 3.11.2, which matches such a group wrongly, nothing could have been saved."""
    assert re.findall(r"\)[*+?]\+|\)\{[\d,]+\}\+|\(\?>", path.read_text(encoding="utf-8")) == []


def test_every_folder_of_the_package_is_a_package() -> None:
    """An installed program would have lacked a folder that the checkout has."""
    for path in FILES:
        assert (path.parent / "__init__.py").exists(), path


@pytest.mark.parametrize("path", TESTS, ids=lambda path: str(path.relative_to(REPOSITORY / "tests")))
def test_a_tests_name_is_a_sentence_and_its_docstring_says_what_a_user_would_have_seen(path: Path) -> None:
    """A test that fails would have said which function broke, but not what it means to anyone."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_"):
            assert node.name.count("_") >= 2, node.name
            assert ast.get_docstring(node), node.name


def test_no_two_files_of_the_tests_shadow_each_other() -> None:
    """A test would have been run twice, and another never."""
    for path in TESTS:
        names = re.findall(r"^(?:async )?def (test_\w+)", path.read_text(encoding="utf-8"), re.MULTILINE)
        assert len(names) == len(set(names)), path
