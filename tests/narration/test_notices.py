"""What is said in the one line at the bottom of the screen has room there."""

from __future__ import annotations

import re

import pytest

from qkvtui.localized import LANGUAGES
from qkvtui.narration.language import language_texts
from qkvtui.pages.lines import cell_len

NOTICES = (
    *("put_in", "compared", "copied_table", "copy_too_large", "nothing_behind", "nothing_to_predict", "no_way_back"),
    *("not_reloaded", "no_loss_to_write", "memory_full", "at_last_step_of_layer", "of_a_run", "back_from_learning"),
)
"""Those that say much."""


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", NOTICES)
def test_a_notice_is_not_cut_in_80_columns(name: str, language: str) -> None:
    """The line ended in "…" where it was about to say which key leads on: there is nothing to predict, → goes …"""
    told = re.sub(r"\{[^}]*\}", "scores", language_texts(language).screen[name])
    assert cell_len(told) <= 76
