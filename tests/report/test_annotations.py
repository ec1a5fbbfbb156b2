"""A book that is checked on every push: from a test of its author's, and as annotations of GitHub Actions."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from qkvtui.report.checking import check_example
from tests.cli.program import REPOSITORY, environment, run
from tests.files.samples import PROJECTED, TOP

COMMAND = re.compile(r"::error (?P<properties>[^:]*(?:,[^:]*)*)::(?P<message>.*)")
EXAMPLE = TOP + PROJECTED
"""Two tokens, `one` and `two`."""


def annotated(folder: Path, text: str, name: str = "it.toml") -> list[tuple[dict[str, str], str]]:
    """What is said of a file: its properties and its message, as GitHub reads them."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    ended = run("check", path, "--format", "github")
    assert ended.messages == ""
    found = []
    for line in ended.output.splitlines():
        match = COMMAND.fullmatch(line)
        assert match is not None, line
        pairs = (pair.partition("=")[::2] for pair in match["properties"].split(","))
        found.append(({key: unescaped(value) for key, value in pairs}, unescaped(match["message"])))
    return found


def unescaped(text: str) -> str:
    for written, meant in (("%0A", "\n"), ("%0D", "\r"), ("%3A", ":"), ("%2C", ","), ("%25", "%")):
        text = text.replace(written, meant)
    return text


def line_of(text: str, found: tuple[dict[str, str], str]) -> str:
    """The rest of the line from where an annotation points."""
    properties = found[0]
    return text.splitlines()[int(properties["line"]) - 1][int(properties["col"]) - 1 :]


@pytest.mark.parametrize(
    "published",
    [
        "[published]\nqueries = [\n  [1, 2],\n  [3, 99.5],\n]\n",
        "[published]\nqueries = { one = [1, 2], two = [3, 99.5] }\n",
        "[published.queries]\n# a comment\none = [1, 2]\n1 = [3, 99.5]\n",
        "published.queries.two = [3, 99.5] # [3, 99.5]\n",
    ],
)
def test_an_annotation_stands_at_its_number(published: str, tmp_path: Path) -> None:
    """An author would have looked for the number in the whole file."""
    top, rest = EXAMPLE.split("\n[", 1)
    text = f"{top}\n{published}\n[{rest}" if published.startswith("published.") else f"{EXAMPLE}\n{published}"
    (found,) = annotated(tmp_path, text)
    assert line_of(text, found).startswith("99.5")
    assert found[0]["file"] == str(tmp_path / "it.toml")
    assert found[1].startswith("queries[two,1]: published 99.5")


def test_in_json_and_in_a_table_of_heads_too(tmp_path: Path) -> None:
    """The number of another head, or the top of the file, would have been pointed at."""
    example = json.loads(run("print", "two-heads", "--head", "all", "--format", "json").output)
    text = (REPOSITORY / "examples" / "two-heads.toml").read_text(encoding="utf-8")
    right = next(one for one in example["heads_detail"][1]["steps"] if one["id"] == "values")["values"]
    rows = [list(line) for line in right]
    rows[1][0] = 99.5
    added = f'\n[published]\n"values@1" = {json.dumps(rows)}\n'
    (found,) = annotated(tmp_path, text.partition("\n[published]")[0] + added)
    assert line_of(text.partition("\n[published]")[0] + added, found).startswith("99.5")


def test_numbers_that_hold_leave_no_trace(tmp_path: Path) -> None:
    """Every push would have been marked as broken."""
    assert annotated(tmp_path, EXAMPLE) == []
    assert run("check", tmp_path / "it.toml", "--format", "github").status == 0


def test_an_unusable_file_is_annotated_at_its_line_whatever_its_name(tmp_path: Path) -> None:
    """A comma in a path would have ended the annotation's file, a colon the annotation."""
    name = "50% of it, mine: a::b.toml"
    ((properties, message),) = annotated(tmp_path, 'format = 1\ntokens = ["a"\nx\n', name)
    assert properties["file"] == str(tmp_path / name)
    assert properties["line"] == "3"
    assert message.startswith("line 3, column 1: is not TOML")
    assert run("check", tmp_path / name, "--format", "github").status == 2


def test_no_token_can_give_github_a_command(tmp_path: Path) -> None:
    """A line break in a token, or what it says, would have been read as a command of its own."""
    text = EXAMPLE.replace('"two"', '"\\n::error::x%0A::y"')
    assert text != EXAMPLE
    (found,) = annotated(tmp_path, text + "\n[published]\nqueries = [[1, 2], [3, 99.5]]\n")
    assert "%0A::y" in found[1]
    assert not any(line.lstrip().startswith("::") for line in found[1].splitlines())


@pytest.mark.sampled(1)
@pytest.mark.parametrize(("example", "holds"), [("illustrated", False), ("by-hand", None), ("animal", False)])
def test_a_test_of_ones_own_asks_the_same(example: str, holds: bool | None) -> None:
    """An author's test would have passed where the command fails."""
    found = check_example(REPOSITORY / "examples" / f"{example}.toml")
    status = run("check", example).status
    assert found.holds == (status == 0)
    assert holds is None or found.holds == holds
    told = run("check", example).output.split()
    assert str(found).split()[1:] == told[1:]  # the path apart, and whatever its lines are broken at


def test_an_unusable_file_does_not_hold_and_is_no_error(tmp_path: Path) -> None:
    """One broken file would have ended the author's whole run of tests."""
    path = tmp_path / "it.toml"
    path.write_text("format = 1\n", encoding="utf-8")
    found = check_example(path)
    assert not found.holds
    assert "unusable" in str(found)
    assert not check_example(tmp_path / "none.toml").holds


def test_the_readme_has_what_an_author_needs() -> None:
    """The lines that an author copies would have failed on their first push."""
    for name in ("README.md", "README.zh.md"):
        text = (REPOSITORY / name).read_text(encoding="utf-8")
        code = text.partition("```python\n")[2].partition("```")[0]
        assert "check_example" in code
        assert "--format github" in text.partition("```yaml\n")[2].partition("```")[0]
        compile(code, name, "exec")
        book = {"__name__": "book"}
        exec(code, book)


def test_importing_the_program_loads_nothing() -> None:
    """`import qkvtui` in an author's test would have loaded NumPy for a version number."""
    code = "import sys, qkvtui; print(sorted(set(sys.modules) & {'numpy', 'rich', 'textual'}))"
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment(), check=True)
    assert ended.stdout.strip() == "[]"
