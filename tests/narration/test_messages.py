"""Every message, and the help, has a text in every language of the catalogues, and nothing is said past them."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from string import Formatter

import pytest

from qkvtui.files.phrases import plural
from qkvtui.said import Phrase, in_language, in_lines, repeated, say
from tests.house.modules import PACKAGE, nodes, room_of, trees

CATALOGUES = sorted((PACKAGE / "messages").glob("*.toml"))
OF_OTHERS = {
    *("permission denied", "operation not permitted", "no such file or directory", "not a directory", "is a directory"),
    *("no space left on device", "disk quota exceeded", "read-only file system", "file name too long"),
    *("file too large", "input/output error", "too many open files", "too many levels of symbolic links"),
    *("device or resource busy", "no such device or address", "text file busy", "unknown reason"),
    *("expected one argument", "expected at most one argument"),
    "expected at least one argument",
}
"""What the system and argparse say, which is repeated."""
NOUNS = {"row", "column", "token", "value", "query", "key", "layer", "head"}
"""What a message calls by its name, as an argument."""
TAKES_MESSAGES = {
    *("Problem", "UsageError", "ExampleError", "AddressError", "TokenError", "PasteError", "PlaceholderError"),
    *("UnfitError", "ArgumentTypeError", "report", "report_missing", "refuse", "_refuse", "refusal", "_refusal"),
    *("_fail", "add_argument_group", "Likeness", "Need", "need"),
}
"""What is called with messages; places are among the arguments too, but those in words are messages as well."""
NOT_FOR_READERS = {
    "engine.heads": "for a programmer who builds a layer",
    "engine.tasks": "for a programmer who builds a task",
    "files.course": "texts in all languages beside each other",
    "files.parserwords": "how the messages of the parsers begin",
    "files.syntax": "how the messages of the parsers begin",
    "help_texts": "command lines, and lines of Python",
    "report.as_python": "lines of Python",
    "report.code_back": "lines of Python",
    "report.code_gradients": "lines of Python",
    "report.code_lines": "lines of Python",
    "graph.back": "for a programmer who adds a step",
    "files.edit": "caught where it is raised",
    "files.same": "caught where it is raised",
    "files.spans": "caught where it is raised",
    "models.texts": "texts in all languages beside each other",
    "records": "for a programmer",
    "report.schemas": "for a programmer who reads JSON",
    "trace.fresh": "texts in all languages beside each other",
    "tui": "style sheets; what screens say is in the texts of a language",
    "usage": "how the messages of argparse begin",
}
NOT_TOLD = (
    *("say", "ValueError", "AssertionError", "LookupError", "NotImplementedError", "TypeError"),
    *("AttributeError", "IndexError"),
)
_SENTENCE = re.compile(r"[A-Za-z']{2,}[,;:]? [a-z']+[,;:]? [a-z¤]+|¤:? [a-z]+ [a-z]+|[a-z]+ [a-z]+:? ¤")


@cache
def catalogue(path: Path) -> dict[str, str]:
    """The texts of one language by the English ones."""
    return tomllib.loads(path.read_text(encoding="utf-8"))


def called(node: ast.AST) -> str:
    """The name of what is called, or nothing."""
    if not isinstance(node, ast.Call):
        return ""
    return node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")


def says(module: str) -> bool:
    """Whether the module has `say` from the module of messages, and not a function of its own."""
    body = trees()[module].body
    names = [alias.name for node in body if isinstance(node, ast.ImportFrom) for alias in node.names]
    return "say" in names or any(isinstance(node, ast.FunctionDef) and node.name == "in_language" for node in body)


@cache
def templates() -> Sequence[tuple[str, ast.expr]]:
    """The first argument of each `say(...)`, or both of them where one of two is said, with its module."""
    found: list[tuple[str, ast.expr]] = []
    for module in filter(says, trees()):
        for node in nodes(module):
            if isinstance(node, ast.Call) and called(node) == "say":
                first = node.args[0]
                both = [first.body, first.orelse] if isinstance(first, ast.IfExp) else [first]
                found.extend((module, one) for one in both)
    return found


@cache
def counted_nouns() -> frozenset[str]:
    """The nouns that messages count."""
    return frozenset(
        one.value
        for module in trees()
        for node in nodes(module)
        if isinstance(node, ast.Call) and called(node) in ("counted", "fits")
        for one in node.args[1:]
        if isinstance(one, ast.Constant) and isinstance(one.value, str)
    )


def names_in(text: str) -> set[str]:
    """What stands in braces."""
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def test_a_message_is_a_literal() -> None:
    """A message that is put together as it is said could not be found in a catalogue."""
    assert [(module, ast.unparse(one)) for module, one in templates() if not isinstance(one, ast.Constant)] == []


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.stem)
def test_every_message_has_a_text_in_each_language(path: Path) -> None:
    """A Chinese beginner was told in English what was wrong."""
    said = {one.value: module for module, one in templates() if isinstance(one, ast.Constant)}
    assert {text: module for text, module in said.items() if text not in catalogue(path)} == {}


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.stem)
def test_every_noun_has_both_forms_in_each_language(path: Path) -> None:
    """`3 rows` stood in the middle of a Chinese sentence."""
    wanted = {form for noun in counted_nouns() for form in (f"1 {noun}", f"{{count}} {plural(noun)}")}
    assert {form for form in wanted if form not in catalogue(path)} == set()


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.stem)
def test_a_text_fills_in_the_same_names_as_the_english_one(path: Path) -> None:
    """A message ended in a traceback, or left out which number it was about."""
    unlike = {text: told for text, told in catalogue(path).items() if names_in(text) != names_in(told)}
    assert unlike == {}


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.stem)
def test_no_text_is_one_that_nothing_says(path: Path) -> None:
    """A text was corrected and translated for nobody."""
    said = {one.value for _, one in templates() if isinstance(one, ast.Constant)}
    nouns = counted_nouns() | NOUNS
    said |= {form for noun in nouns for form in (noun, str(plural(noun)), f"1 {noun}", f"{{count}} {plural(noun)}")}
    left = [text for text in catalogue(path) if text not in said | OF_OTHERS]
    assert left == []


@pytest.mark.slow
def test_what_is_told_as_a_message_is_one() -> None:
    """A problem was told in English to everybody."""
    plain = [
        f"{module}:{node.lineno}: {ast.unparse(one)}"
        for module in trees()
        for node in nodes(module)
        if called(node) in TAKES_MESSAGES and isinstance(node, ast.Call)
        for one in (*node.args, *(keyword.value for keyword in node.keywords))
        if _is_prose(one)
    ]
    assert plain == []


def _is_prose(node: ast.expr) -> bool:
    if isinstance(node, ast.JoinedStr):
        return any(isinstance(one, ast.Constant) and re.search("[a-z]{2,} |^ ", str(one.value)) for one in node.values)
    return isinstance(node, ast.Constant) and isinstance(node.value, str) and " " in node.value.strip()


def test_no_sentence_stands_in_the_code_but_as_a_message() -> None:
    """A notice, or the reason for one, was told in English to everybody."""
    found = [
        f"{module}:{line}: {text}"
        for module in trees()
        if not {module.removeprefix("qkvtui."), room_of(module)} & set(NOT_FOR_READERS)
        for line, text in _sentences(nodes(module))
    ]
    assert found == []


def _sentences(code: Sequence[ast.AST]) -> Iterator[tuple[int, str]]:
    others = set(_not_for_readers(code))
    for node in code:
        if isinstance(node, ast.JoinedStr):
            text = "".join(str(one.value) if isinstance(one, ast.Constant) else "¤" for one in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            text = node.value
        else:
            continue
        if node not in others and _SENTENCE.search(text):
            yield node.lineno, text


def _is_enum(node: ast.AST) -> bool:
    return isinstance(node, ast.ClassDef) and any("Enum" in ast.unparse(base) for base in node.bases)


def _not_for_readers(code: Sequence[ast.AST]) -> Iterator[ast.AST]:
    """Docstrings, messages, what a programmer is told, names that programs read, and parts of texts."""
    for node in code:
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            yield node.value
        elif called(node) in NOT_TOLD or _is_enum(node):
            yield from ast.walk(node)
        elif isinstance(node, ast.JoinedStr):
            yield from node.values


def test_a_message_is_english_text_until_it_is_told() -> None:
    """Code that looks at a message, or a log, would have met an object."""
    message = say("{file}: {problem}", file="a.toml", problem=say("is empty"))
    assert message == "a.toml: is empty"
    assert str(message) is message
    assert str(ValueError(message)) is message


def test_what_a_message_was_made_of_is_told_in_the_same_language() -> None:
    """Half a message was Chinese and half was English."""
    message = say("{file}: {problem}", file="a {b}.toml", problem=say("is empty"))
    assert in_language(message, "zh") == "a {b}.toml：是空的"
    assert in_language(in_lines([message, "{1}"]), "zh") == "a {b}.toml：是空的\n{1}"


def test_what_no_catalogue_has_is_told_in_english() -> None:
    """A language that was only begun ended in a traceback."""
    assert in_language(say("is empty"), "xx") == "is empty"
    assert in_language(repeated("a {brace} of others"), "zh") == "a {brace} of others"
    assert in_language("is empty", "zh") == "is empty"  # somebody's own text: a token, a title
    assert isinstance(say("is empty"), Phrase)
