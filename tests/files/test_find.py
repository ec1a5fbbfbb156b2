"""Where examples are found, and what is said where there is none."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from qkvtui.errors import UsageError
from qkvtui.files import find
from qkvtui.files.course import LESSONS
from qkvtui.files.find import bundled_names, lesson_after, locate, split_address

REPOSITORY = Path(__file__).parents[2]


def found(name: str) -> tuple[str, str | None, str]:
    located = locate(name)
    return located.name, located.path, located.display


def test_bundled_examples_come_in_the_order_of_the_course() -> None:
    """A learner would have met the hardest example first."""
    names = bundled_names()
    known = [name for name in LESSONS if name in names]
    assert list(names[: len(known)]) == known
    assert list(names[len(known) :]) == sorted(names[len(known) :])
    assert "animal" in names


def test_each_lesson_leads_to_the_next_one() -> None:
    """A learner would have been sent back, or the last lesson would have led to the first."""
    names = bundled_names()
    assert [lesson_after(name) for name in names] == [*names[1:], None]
    assert lesson_after("mine") is None


def test_the_copy_inside_the_package_is_tried_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An installed program would have found no examples, or those of some other folder."""
    monkeypatch.setattr(find, "_PACKAGE", str(tmp_path / "qkvtui"))
    (tmp_path / "examples").mkdir()
    (tmp_path / "examples" / "beside.toml").touch()
    assert bundled_names() == ("beside",)
    (tmp_path / "qkvtui" / "examples").mkdir(parents=True)
    for name in ("zebra.toml", "animal.toml", "ape.toml", "README.md"):
        (tmp_path / "qkvtui" / "examples" / name).touch()
    assert bundled_names() == ("animal", "ape", "zebra")


def test_no_examples_at_all_are_no_crash(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A stripped installation would have ended in a traceback."""
    monkeypatch.setattr(find, "_PACKAGE", str(tmp_path / "nowhere" / "qkvtui"))
    assert bundled_names() == ()
    with pytest.raises(UsageError):
        locate("animal")


def test_a_bare_name_is_the_bundled_example(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that happens to be called animal would have replaced the lesson."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "animal").touch()
    assert locate("animal").path == str(REPOSITORY / "examples" / "animal.toml")
    assert found("./animal") == ("animal", "./animal", "./animal")


def test_a_path_is_the_file_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One's own file could not have been opened."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine.toml").touch()
    (tmp_path / "plain").touch()
    assert found("mine.toml") == ("mine", "mine.toml", "mine.toml")
    assert found("plain") == ("plain", "plain", "plain")
    assert locate(str(tmp_path / "mine.toml")).name == "mine"


def test_a_dash_is_standard_input() -> None:
    """A pipe would have been taken for a file."""
    assert found("-") == ("-", None, "standard input")


@pytest.mark.parametrize("name", ["anmial", "animal.tml", "Animal", "somewhere/animol.toml"])
def test_a_misspelt_name_is_told_the_nearest_one(name: str) -> None:
    """A learner would have had to look the name up."""
    with pytest.raises(UsageError) as caught:
        locate(name)
    assert str(caught.value) == (
        f'no file and no bundled example is called "{name}"; did you mean "animal"? '
        "(qkvtui list shows the bundled ones)"
    )


@pytest.mark.parametrize("name", ["", "qqqqqq", "nul\0byte", "x" * 5000, "\x1b[2J", "\udcff"])
def test_a_name_like_nothing_is_refused_without_a_guess(name: str) -> None:
    """Nonsense would have ended in a traceback, or reached the terminal as it is."""
    with pytest.raises(UsageError) as caught:
        locate(name)
    message = str(caught.value)
    assert "did you mean" not in message
    assert "\x1b" not in message
    message.encode("utf-8")


def test_an_address_is_split_off_at_the_sign(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`animal#scores[it,animal]` would have been looked for as a file."""
    assert split_address("animal#scores[it,animal]") == ("animal", "scores[it,animal]")
    assert split_address("animal#scores[#,animal]") == ("animal", "scores[#,animal]")
    assert split_address("-#scores[0,0]") == ("-", "scores[0,0]")
    assert split_address("animal") == ("animal", None)
    assert split_address("animal#") == ("animal", None)
    assert split_address("unknown#scores[0,0]") == ("unknown", "scores[0,0]")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "my#file.toml").touch()
    assert split_address("my#file.toml") == ("my#file.toml", None)
    assert split_address("my#file.toml#scores[#,0]") == ("my#file.toml", "scores[#,0]")


def test_finding_and_listing_load_nothing_slow() -> None:
    """`qkvtui list` would have taken as long as a whole lesson to start."""
    code = "import sys; from qkvtui.files import headings; headings.bundled_headings(); print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=REPOSITORY)
    slow = {"numpy", "rich", "textual", "typing", "dataclasses", "inspect", "difflib", "pathlib", "json", "tomllib"}
    assert slow.isdisjoint(loaded.stdout.split())
