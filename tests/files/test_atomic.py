"""Files written whole or not at all."""

from __future__ import annotations

import errno
import os
import signal
import stat
from functools import partial
from pathlib import Path

import pytest

from qkvtui.errors import UsageError
from qkvtui.files.atomic import AlreadyThereError, write_file, write_together


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def failing(name: str, monkeypatch: pytest.MonkeyPatch, *, on: str) -> None:
    """Let `os.replace` or `os.link` fail where the file is called `on`, as on a full disk."""
    real = getattr(os, name)

    def fails(source: str, target: str) -> None:
        if os.path.basename(target) == on:
            raise OSError(errno.ENOSPC, "No space left on device")
        real(source, target)

    monkeypatch.setattr(os, name, fails)


def files(folder: Path) -> dict[str, bytes]:
    return {str(folder / "a.npz"): b"new a", str(folder / "a.toml"): b"new b"}


def test_files_are_written_with_the_permissions_of_any_new_file(tmp_path: Path) -> None:
    """Nobody else in the class could have opened a saved file."""
    write_together(files(tmp_path), overwrite=False)
    (tmp_path / "other").touch()
    modes = {stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()}
    assert contents(tmp_path) == {"a.npz": b"new a", "a.toml": b"new b", "other": b""}
    assert len(modes) == 1


def test_a_file_that_is_replaced_keeps_its_permissions(tmp_path: Path) -> None:
    """A private file would have become public by being saved again."""
    (tmp_path / "a.toml").touch(0o600)
    write_file(str(tmp_path / "a.toml"), b"new", overwrite=True)
    assert stat.S_IMODE((tmp_path / "a.toml").stat().st_mode) == 0o600
    assert contents(tmp_path) == {"a.toml": b"new"}


@pytest.mark.parametrize("on", ["a.npz", "a.toml"])
@pytest.mark.parametrize("there", [{}, {"a.npz": b"old a", "a.toml": b"old b"}, {"a.toml": b"old b"}])
def test_a_failure_leaves_all_files_as_they_were(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, on: str, there: dict[str, bytes]
) -> None:
    """An old example would have been left beside the arrays of a new one."""
    for name, data in there.items():
        (tmp_path / name).write_bytes(data)
    failing("replace", monkeypatch, on=on)
    with pytest.raises(UsageError, match=r"cannot be written .no space left on device"):
        write_together(files(tmp_path), overwrite=True)
    assert contents(tmp_path) == there


def test_a_full_disk_leaves_all_files_as_they_were(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Half a file would have been left."""
    (tmp_path / "a.npz").write_bytes(b"old")

    def full(*_: object) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "chmod", full)
    with pytest.raises(UsageError, match="no space left on device"):
        write_together(files(tmp_path), overwrite=True)
    assert contents(tmp_path) == {"a.npz": b"old"}


def test_an_interruption_leaves_all_files_as_they_were(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl+C at the wrong moment would have left temporary files behind."""

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "link", interrupted)
    with pytest.raises(KeyboardInterrupt):
        write_together(files(tmp_path), overwrite=False)
    assert contents(tmp_path) == {}


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_to_end_waits_until_nothing_is_half_done(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: signal.Signals
) -> None:
    """A file called .qkvtui-x.part would have been left by a lost connection."""
    seen: list[dict[str, bytes]] = []
    real = os.chmod

    def chmod(path: str, mode: int) -> None:
        signal.raise_signal(number)
        real(path, mode)

    monkeypatch.setattr(os, "chmod", chmod)
    before = signal.signal(number, lambda *_: seen.append(contents(tmp_path)))
    try:
        write_file(str(tmp_path / "it.txt"), b"new", overwrite=False)
        write_together(files(tmp_path), overwrite=False)
    finally:
        signal.signal(number, before)
    assert seen == [{"it.txt": b"new"}, {"it.txt": b"new", "a.npz": b"new a", "a.toml": b"new b"}]


def test_a_file_that_comes_at_the_last_moment_is_not_overwritten(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of two learners who save to one folder at once, one would have lost the file."""
    real = os.link

    def link(source: str, target: str) -> None:
        (tmp_path / "a.toml").write_bytes(b"somebody else's")
        real(source, target)

    monkeypatch.setattr(os, "link", link)
    for write in (partial(write_together, files(tmp_path)), partial(write_file, str(tmp_path / "a.toml"), b"new")):
        with pytest.raises(AlreadyThereError):
            write(overwrite=False)
        assert contents(tmp_path) == {"a.toml": b"somebody else's"}
        (tmp_path / "a.toml").unlink()


def test_a_file_system_without_links_will_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing could have been saved to a USB stick."""
    failing("link", monkeypatch, on="a.npz")
    write_together(files(tmp_path), overwrite=False)
    assert contents(tmp_path) == {"a.npz": b"new a", "a.toml": b"new b"}


def test_a_link_that_leads_nowhere_counts_as_a_file(tmp_path: Path) -> None:
    """A file would have been written somewhere else."""
    (tmp_path / "a.toml").symlink_to("nowhere")
    with pytest.raises(AlreadyThereError):
        write_together(files(tmp_path), overwrite=False)


def test_devices_are_not_replaced_by_files(tmp_path: Path) -> None:
    """Root would have lost /dev/null."""
    os.mkfifo(tmp_path / "a.toml")
    with pytest.raises(UsageError, match="is a device or a pipe"):
        write_together(files(tmp_path), overwrite=True)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_may_not_be_written_is_named(tmp_path: Path) -> None:
    """A shared folder would have ended the lesson with a traceback."""
    tmp_path.chmod(0o500)
    with pytest.raises(UsageError, match=r"cannot be written .permission denied"):
        write_together(files(tmp_path), overwrite=False)
