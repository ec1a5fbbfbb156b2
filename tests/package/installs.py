"""Ways to get the program: a wheel, an editable install, a checkout; each in a place of its own."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import venv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
_LEFT_OUT = ("PYTHONPATH", "PYTHONHOME", "PYTHONSTARTUP", "VIRTUAL_ENV")


@dataclass(frozen=True)
class Installed:
    """A Python that has the program."""

    command: tuple[str, ...]

    def run(self, *arguments: str, folder: Path) -> str:
        """What the program writes when it is run in `folder`; fails where it fails."""
        return run((*self.command, *arguments), folder)


def run(command: Sequence[str], folder: Path) -> str:
    """Standard output of a command that must succeed."""
    environment = {name: value for name, value in os.environ.items() if name not in _LEFT_OUT}
    environment |= {"LC_ALL": "C.UTF-8", "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, encoding="utf-8", stdin=subprocess.DEVNULL
    )
    assert done.returncode == 0, f"{' '.join(command)}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def build_wheel(folder: Path) -> Path:
    """The wheel of this tree, as `pip wheel` builds it."""
    run((sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", str(folder), str(ROOT)), folder)
    (wheel,) = folder.glob("*.whl")
    return wheel


def install(folder: Path, *what: str) -> Installed:
    """A fresh virtual environment with the program, and with what it depends on from this environment."""
    venv.create(folder, with_pip=False)
    python = str(folder / "bin" / "python")
    run((sys.executable, "-m", "pip", "--python", python, "install", "--quiet", "--no-deps", *what), folder)
    (packages,) = folder.glob("lib/python*/site-packages")
    # Only now: pip would otherwise find the program of this environment and think that nothing is left to do.
    (packages / "dependencies.pth").write_text(f"{sysconfig.get_path('purelib')}\n{sysconfig.get_path('platlib')}\n")
    return Installed((str(folder / "bin" / "qkvtui"),))
