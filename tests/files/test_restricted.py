"""Sessions that may only read: what they open, and that they write nothing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from qkvtui.errors import UsageError
from qkvtui.files.atomic import write_file
from qkvtui.files.find import bundled, locate
from qkvtui.files.restricted import require_inside, restrict
from qkvtui.files.source import note_read, read_file


@pytest.fixture
def lessons(tmp_path: Path) -> Iterator[Path]:
    """The one folder in which files may be opened."""
    folder = tmp_path / "lessons"
    folder.mkdir()
    (folder / "mine.toml").write_text("format = 1\n", encoding="utf-8")
    (tmp_path / "secret.toml").write_text("secret = 1\n", encoding="utf-8")
    (tmp_path / "lessons-of-others").mkdir()
    restrict((str(folder),))
    yield folder
    restrict(())


@pytest.mark.parametrize("way", ["mine.toml", "./mine.toml", "../lessons/mine.toml", "new/deep.toml"])
def test_what_is_in_the_folder_is_opened_however_it_is_named(lessons: Path, way: str) -> None:
    """A student could not have opened the lesson handed out."""
    require_inside(str(lessons / way))


@pytest.mark.parametrize("way", ["../secret.toml", "../lessons-of-others/x.toml", "..", "/etc/passwd", "link.toml"])
def test_what_lies_beyond_it_is_not(lessons: Path, way: str) -> None:
    """A link, or a folder whose name begins the same, would have led to the files of others."""
    (lessons / "link.toml").symlink_to(lessons.parent / "secret.toml")
    path = str(lessons / way)
    for opened in (locate, note_read, lambda path: read_file(path, path)):
        with pytest.raises(UsageError, match="read-only"):
            opened(path)


def test_nothing_is_written_not_even_in_the_folder(lessons: Path) -> None:
    """One student would have changed the lesson of all others."""
    with pytest.raises(UsageError, match="read-only"):
        write_file(str(lessons / "mine.toml"), b"", overwrite=True)
    assert [one.name for one in lessons.iterdir()] == ["mine.toml"]
    assert (lessons / "mine.toml").read_text(encoding="utf-8") == "format = 1\n"


def test_a_bundled_lesson_is_found_by_its_name(lessons: Path) -> None:
    """The picker would have been a list of what cannot be opened."""
    assert locate("animal").path == bundled("animal").path
