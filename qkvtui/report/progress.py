"""How far a long computation is: a bar on standard error, where that is a terminal."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial

from ..signals import put_right_first

_GONE = b"\r\x1b[2K\x1b[?25h"
"""Clears the bar's line and shows the cursor."""


@contextmanager
def progress_bar(label: str) -> Iterator[Callable[[int, int], None]]:
    """What to call with how many are done, of how many; the bar is gone at the end. Silent without a terminal."""
    if not sys.stderr.isatty():
        yield lambda done, count: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn

    counted = TextColumn("{task.fields[counted]}")  # nothing while it is not known of how many
    columns = (TextColumn("{task.description}", markup=False), BarColumn(bar_width=24), counted)
    clear = partial(os.write, sys.stderr.fileno(), _GONE)
    with put_right_first(clear), Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(label, total=None, counted="")
        yield lambda done, count: bar.update(task, completed=done, total=count, counted=f"{done}/{count}")
