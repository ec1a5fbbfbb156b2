"""What lies where: small files with names of their own, and nothing that was forgotten."""

from __future__ import annotations

import ast
import re
import sys

from tests.cli.program import REPOSITORY

from .modules import FILES, nodes, shown, trees

VISIBLE = {"LICENSE", "README.md", "README.zh.md", "examples", "pyproject.toml", "qkvtui", "tests"}
MADE = {"build", "dist"}
"""Folders that building makes; .gitignore has them."""
LONGEST = 400
LONGEST_CLASS = 220
MOST_METHODS = 15
"""Of a screen."""
VAGUE = {"common", "helper", "helpers", "misc", "shared", "util", "utils"}

NAMED_LIKE_A_MODULE_OF_PYTHON = {"narration/numbers.py", "trace/trace.py"}
"""Older than the rule. No other file may join them."""

TESTS = sorted((REPOSITORY / "tests").rglob("test_*.py"))


def test_the_top_level_holds_nothing_that_was_left_behind() -> None:
    """A visitor would have met notes and trial files before the program."""
    there = {path.name for path in REPOSITORY.iterdir() if not path.name.startswith(".")}
    assert {name for name in there - VISIBLE - MADE if not name.endswith(".egg-info")} == set()
    assert there >= VISIBLE - {"README.zh.md"}


def test_a_file_is_short() -> None:
    """A reader would have got lost in it."""
    lengths = {shown(path): len(path.read_text(encoding="utf-8").splitlines()) for path in FILES}
    assert {name: length for name, length in lengths.items() if length > LONGEST} == {}


def test_a_class_is_of_one_idea() -> None:
    """Of a screen with thirty methods nobody could have said which belong together."""
    classes = [node for module in trees() for node in nodes(module) if isinstance(node, ast.ClassDef)]
    assert [one.name for one in classes if (one.end_lineno or 0) - one.lineno > LONGEST_CLASS] == []
    screens = [one for one in classes if one.name.endswith(("Screen", "App"))]
    methods = {
        one.name: sum(isinstance(part, ast.FunctionDef | ast.AsyncFunctionDef) for part in one.body) for one in screens
    }
    assert {name: count for name, count in methods.items() if count > MOST_METHODS} == {}


def test_a_file_is_named_for_what_is_in_it() -> None:
    """A reader would not have known what to expect, or would have expected a module of Python."""
    assert [shown(path) for path in FILES if path.stem in VAGUE] == []
    like_python = {
        shown(path) for path in FILES if not path.stem.startswith("__") and path.stem in sys.stdlib_module_names
    }
    assert like_python - NAMED_LIKE_A_MODULE_OF_PYTHON == set()


def test_no_pattern_has_a_possessive_group() -> None:
    """Under Debian 12's own Python 3.11.2, which matches such a group wrongly, nothing could have been saved."""
    possessive = re.compile(r"\)[*+?]\+|\)\{[\d,]+\}\+|\(\?>")
    assert [shown(path) for path in FILES if possessive.search(path.read_text(encoding="utf-8"))] == []


def test_every_folder_of_the_package_is_a_package() -> None:
    """An installed program would have lacked a folder that the checkout has."""
    assert [shown(path) for path in FILES if not (path.parent / "__init__.py").exists()] == []


def test_a_tests_name_is_a_sentence_and_its_docstring_says_what_a_user_would_have_seen() -> None:
    """A test that fails would have said which function broke, but not what it means to anyone."""
    mute = [
        f"{path.name}::{node.name}"
        for path in TESTS
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.name.startswith("test_")
        and (node.name.count("_") < 2 or not ast.get_docstring(node))
    ]
    assert mute == []


def test_no_two_files_of_the_tests_shadow_each_other() -> None:
    """A test would have been run twice, and another never."""
    for path in TESTS:
        names = re.findall(r"^(?:async )?def (test_\w+)", path.read_text(encoding="utf-8"), re.MULTILINE)
        assert [name for name in names if names.count(name) > 1] == [], path
