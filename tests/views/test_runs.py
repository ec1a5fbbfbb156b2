"""A training run drawn: the page of `qkvtui learn` and the learning screen tell the same numbers."""

from __future__ import annotations

import re

import numpy as np
import pytest

from qkvtui.files.read import load
from qkvtui.trace.study import Study
from qkvtui.views.blocks import CellBlock, as_table
from qkvtui.views.look import Look
from qkvtui.views.moving import matrices_block, moved_block
from qkvtui.views.run_blocks import bar
from qkvtui.views.runs import attention_block, told_block
from tests.views.pages import lines_of

LOOK = Look(200)


def learned(name: str, updates: int = 5) -> Study:
    """A run of an example after so many updates."""
    study = Study(load(name))
    study.forward(updates)
    return study


def numbers_of(drawn: CellBlock) -> list[list[str]]:
    """The numbers with decimals, row by row."""
    return [re.findall(r"[-+]?\d+\.\d+", line) for line in lines_of(as_table(drawn), drawn.width)]


@pytest.mark.parametrize("name", ["animal-learn", "sentence-learn", "it-learn"])
def test_the_page_and_the_screen_tell_the_same_weights(name: str) -> None:
    """The screen said that "it" looks at "animal" with 0.33, the page of the same run with another number."""
    study = learned(name)
    page, screen = numbers_of(told_block(study.story, LOOK)), numbers_of(attention_block(study, LOOK))
    count = len(study.example.keys)
    wanted = study.story.wanted("attention") is not None
    for told, shown in zip(page[-count:], screen[-count:], strict=True):
        assert [told[0], told[-1 - wanted], *told[len(told) - wanted :]] == shown


def test_the_page_and_the_screen_tell_the_same_moves() -> None:
    """A matrix had moved by one number on the page, and by another on the screen."""
    study = learned("animal-learn")
    screen = numbers_of(matrices_block(study, LOOK))
    for index, name in enumerate(study.cursor.names):
        page = numbers_of(moved_block(study.run, name, study.run.end, LOOK))
        for told, shown in zip(page[1:], screen[1:], strict=True):  # before, after, moved; now and moved of each matrix
            assert told[2:] == [one.lstrip("+") for one in shown[4 * index : 4 * index + 4]]


def test_a_matrix_that_reads_labels_is_headed_by_them() -> None:
    """The columns of W_R were counted, and nobody could know which of them reads "animal"."""
    study = learned("it-learn")
    heading = lines_of(as_table(moved_block(study.run, "W_R", study.run.end, LOOK)), 200)[0]
    assert heading.split().count("animal") == heading.split().count("street") == 3


def test_a_bar_tells_half_a_column() -> None:
    """A weight of 0.06 and one of 0.12 had bars of the same length."""
    drawn = {share: bar(share, 10, LOOK).plain for share in (0.0, 0.06, 0.12, 0.25, 1.0)}
    assert list(drawn.values()) == [" ", " ▌", " █", " ██▌", " " + "█" * 10]
    assert bar(float(np.nan), 10, LOOK).plain == " "
