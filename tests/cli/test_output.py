"""Where results go: a file that stays whole, and a standard output that may be closed or full."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

import pytest

from tests.cli.program import printed, run

PAGE = ("print", "animal", "--step", "scores")


def refusal(path: Path | str, *more: str) -> str:
    """The one line with which `-o PATH` is refused."""
    ended = run(*PAGE, *more, "-o", path)
    assert (ended.status, ended.output) == (2, "")
    assert ended.messages.count("\n") == 1
    return ended.messages.removeprefix("qkvtui: ").removesuffix("\n")


def write(path: Path | str, *more: str) -> None:
    """Write the page to `path`, which must go well."""
    ended = run(*PAGE, *more, "-o", path)
    assert (ended.status, ended.output, ended.messages) == (0, "", "")


@pytest.fixture
def page() -> bytes:
    return printed(*PAGE[1:]).encode()


def test_the_file_holds_what_would_have_been_printed(tmp_path: Path, page: bytes) -> None:
    """A file written with -o and one written with > would have differed."""
    write(tmp_path / "it.txt")
    assert (tmp_path / "it.txt").read_bytes() == page
    assert [path.name for path in tmp_path.iterdir()] == ["it.txt"]


def test_a_dash_is_standard_output(page: bytes) -> None:
    """A file called - would have been written."""
    assert run(*PAGE, "-o", "-").output.encode() == page


def test_a_file_is_utf_8_whatever_the_terminal_is(tmp_path: Path, page: bytes) -> None:
    """A file written on an old terminal would have been full of codes."""
    ended = run(*PAGE, "-o", tmp_path / "it.txt", encoding="ascii")
    assert ended.status == 0
    assert (tmp_path / "it.txt").read_bytes() == page


def test_json_and_checks_can_be_written_too(tmp_path: Path) -> None:
    """Only one of the formats could have been saved safely."""
    path = tmp_path / "it.json"
    for arguments in (("print", "animal"), ("check", "journey"), ("check", "animal")):
        expected = run(*arguments, "--format", "json")
        ended = run(*arguments, "-o", path, "--force")
        assert (ended.status, ended.output, ended.messages) == (expected.status, "", "")
        assert path.read_text(encoding="utf-8") == expected.output


def test_a_longer_file_is_replaced_as_a_whole(tmp_path: Path, page: bytes) -> None:
    """The end of the old file would have followed the new page."""
    path = tmp_path / "it.txt"
    path.write_bytes(b"old\n" * 10_000)
    write(path, "--force")
    assert path.read_bytes() == page


@pytest.mark.parametrize("call", ["write", "close", "replace", "chmod"])
def test_a_failure_leaves_the_old_file_and_nothing_else(
    call: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A full disk would have taken last year's handout with it, or left a file called .qkvtui-x.part."""
    path = tmp_path / "it.txt"
    path.write_bytes(b"precious")

    def fail(*arguments: object, **more: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    if call in ("replace", "chmod"):
        monkeypatch.setattr(os, call, fail)
    else:
        monkeypatch.setattr("builtins.open", _opening(call, fail))
    assert refusal(path, "--force") == f"-o {path}: cannot be written (no space left on device)"
    monkeypatch.undo()
    assert path.read_bytes() == b"precious"
    assert [one.name for one in tmp_path.iterdir()] == ["it.txt"]


def _opening(call: str, fail: object) -> object:
    """`open` whose files, where they are opened for writing, fail at `call`."""
    real = open

    def opening(file: object, mode: str = "r", *arguments: object, **more: object) -> object:
        opened = real(file, mode, *arguments, **more)  # type: ignore[call-overload]
        return _Failing(opened, call, fail) if "w" in mode else opened

    return opening


class _Failing:
    """A file that cannot be written, or not to its end."""

    def __init__(self, opened: object, call: str, fail: object) -> None:
        self._opened = opened
        self._call = call
        self._fail = fail

    def __enter__(self) -> _Failing:
        return self

    def __exit__(self, *error: object) -> None:
        self._opened.close()  # type: ignore[attr-defined]
        if self._call == "close" and error == (None, None, None):
            self._fail()  # type: ignore[operator]

    def write(self, text: str) -> None:
        self._opened.write(text[:10])  # type: ignore[attr-defined]
        if self._call == "write":
            self._fail()  # type: ignore[operator]


def test_ctrl_c_while_writing_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An impatient user would have lost the file."""
    path = tmp_path / "it.txt"
    path.write_bytes(b"precious")

    def interrupt(*arguments: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "replace", interrupt)
    ended = run(*PAGE, "-o", path, "--force")
    assert (ended.status, ended.output, ended.messages) == (130, "", "")
    assert path.read_bytes() == b"precious"
    assert [one.name for one in tmp_path.iterdir()] == ["it.txt"]


@pytest.mark.parametrize("mode", [0o600, 0o640, 0o664])
def test_permissions_are_kept(mode: int, tmp_path: Path) -> None:
    """A private file would have become readable by everyone, or a shared one private."""
    path = tmp_path / "it.txt"
    path.touch()
    path.chmod(mode)
    write(path, "--force")
    assert stat.S_IMODE(path.stat().st_mode) == mode


def test_a_new_file_has_the_permissions_of_any_new_file(tmp_path: Path) -> None:
    """A handout in a shared folder would have been readable by its author only."""
    before = os.umask(0o027)
    try:
        write(tmp_path / "it.txt")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "it.txt").stat().st_mode) == 0o640


def test_a_link_is_followed(tmp_path: Path, page: bytes) -> None:
    """The link would have been replaced by a file, and the file it leads to would have stayed old."""
    (tmp_path / "elsewhere").mkdir()
    target, link = tmp_path / "elsewhere" / "real.txt", tmp_path / "link.txt"
    target.write_bytes(b"old")
    link.symlink_to("elsewhere/real.txt")
    write(link, "--force")
    assert link.is_symlink()
    assert target.read_bytes() == page


def test_a_link_that_leads_nowhere_is_refused(tmp_path: Path) -> None:
    """The link would have been gone, or a file would have come to be where nobody looks for it."""
    (tmp_path / "dangling").symlink_to("nowhere")
    (tmp_path / "loop").symlink_to("loop")
    for name in ("dangling", "loop"):
        for more in ((), ("--force",)):
            assert refusal(tmp_path / name, *more) == f"-o {tmp_path / name}: is a link that leads nowhere"
    assert sorted(os.listdir(tmp_path)) == ["dangling", "loop"]
    assert all((tmp_path / name).is_symlink() for name in ("dangling", "loop"))


def test_a_folder_is_refused(tmp_path: Path) -> None:
    """The message would not have said which file it is about, or the folder would have been gone."""
    assert refusal(tmp_path) == f"-o {tmp_path}: is a folder; name a file in it"
    assert refusal(f"{tmp_path}/new/") == f"-o {tmp_path}/new/: is a folder; name a file in it"
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    """The message would have said "No such file" about the file that was to be written."""
    path = tmp_path / "nowhere" / "it.txt"
    assert refusal(path) == f"-o {path}: there is no folder {tmp_path / 'nowhere'}"


def test_a_bad_example_leaves_the_old_file(tmp_path: Path) -> None:
    """A mistake in the example would have emptied the handout."""
    path = tmp_path / "it.txt"
    path.write_bytes(b"precious")
    assert run("print", "anmial", "-o", path).status == 2
    assert path.read_bytes() == b"precious"


def test_a_device_is_written_to() -> None:
    """/dev/null would have been replaced by a file."""
    write("/dev/null")
    assert stat.S_ISCHR(os.stat("/dev/null").st_mode)
    assert refusal("/dev/full") == "-o /dev/full: cannot be written (no space left on device)"


def test_a_link_of_somebody_else_in_a_folder_for_all_is_not_followed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever guessed the name of a result in /tmp would have had another file of the reader's replaced."""
    shared, mine = tmp_path / "shared", tmp_path / "mine.txt"
    shared.mkdir()
    mine.write_text("mine", encoding="utf-8")
    link = shared / "x.txt"
    link.symlink_to(mine)
    found = os.lstat

    def foreign(path: str | Path) -> os.stat_result:
        there = found(path)
        return os.stat_result((*there[:4], there.st_uid + 1, *there[5:10])) if Path(path) == link else there

    monkeypatch.setattr(os, "lstat", foreign)
    shared.chmod(0o1777)
    assert "somebody else's link" in refusal(link, "--force")
    assert mine.read_text(encoding="utf-8") == "mine"
    shared.chmod(0o755)
    write(link, "--force")
    assert mine.read_text(encoding="utf-8") != "mine"
