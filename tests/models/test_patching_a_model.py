"""Another sentence of a model: the number to watch is said with its layer and head, and the key prints the command."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.pilot import Pilot

from qkvtui.errors import UsageError
from qkvtui.files.find import with_sentence
from qkvtui.graph.example import OtherRun
from qkvtui.models.load import load
from qkvtui.trace.trace import Trace
from qkvtui.trace.watched import watched
from qkvtui.tui.app import QkvtuiApp
from qkvtui.tui.state import lesson_of
from qkvtui.views.look import Look
from tests.cli.program import run
from tests.models.tiny import HEADS, LAYERS, TEXT, bert
from tests.tui.driving import lesson_screen_of, lines_of, play

_OTHER = "the animals was the."


@pytest.mark.sampled(2)
@pytest.mark.parametrize(
    ("watch", "told"),
    [
        ("weights[tired,animal]", f"says none of the {LAYERS} layers"),
        ("weights＠1[tired,animal]", f"says none of the {HEADS} heads; name one, such as weights@1."),
        ("weights@1[tired,animal]", f"says none of the {HEADS} heads"),
        ("left[tired,0]", f"says none of the {LAYERS} layers; name one, such as left@{LAYERS - 1}[tired,0]"),
        ("", "no number to watch"),
    ],
)
def test_an_address_without_layer_or_head_is_refused_with_one_that_has_both(
    tmp_path: Path, watch: str, told: str
) -> None:
    """Layer 0, head 0 was watched without a word: noise, told as an answer."""
    model = str(bert(tmp_path).path)
    refused = run("patch", model, TEXT, _OTHER, *filter(None, [watch]))
    assert refused.status == 2
    assert told in refused.messages
    proposed = refused.messages.rsplit("such as ", 1)[1].strip()
    assert "@" in proposed
    assert run("patch", model, TEXT, _OTHER, proposed).status == 0
    assert "@" in run("patch", model, TEXT, _OTHER, *filter(None, [watch]), "--lang", "zh").messages


def test_full_width_signs_say_as_much(tmp_path: Path) -> None:
    """An address as a Chinese keyboard types it was read, and then told to say no head."""
    model = str(bert(tmp_path).path)
    assert run("patch", model, TEXT, _OTHER, "weights＠1.1［tired，animal］").status == 0


def test_what_is_proposed_at_a_later_layer_is_of_that_layer(tmp_path: Path) -> None:
    """`P` in layer 1 proposed a head of layer 0."""
    trace = Trace(load(with_sentence(str(bert(tmp_path).path), TEXT))).at_layer(1)
    with pytest.raises(UsageError, match=r"such as weights@1\."):
        watched(trace, OtherRun(trace.example, "other"), "weights@1[tired,animal]")


def test_the_head_that_is_proposed_gives_most_to_that_token(tmp_path: Path) -> None:
    """The proposal named a head in which there is nothing to see."""
    model = str(bert(tmp_path).path)
    refused = run("patch", model, TEXT, _OTHER, "weights[tired,animal]").messages
    trace = Trace(load(with_sentence(model, TEXT)))
    tokens = trace.example.tokens
    given = {
        (layer, head): trace.at_layer(layer).row("weights", tokens.index("tired"), head)[tokens.index("animal")]
        for layer in range(LAYERS)
        for head in range(HEADS)
    }
    layer, head = max(given, key=lambda at: given[at])
    assert refused.endswith(f"such as weights@{layer}.{head}[tired,animal]\n")


@pytest.mark.sampled(1)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_key_prints_the_whole_command_for_the_current_number(tmp_path: Path, language: str) -> None:
    """The notice said `qkvtui patch A B`, which the program then refused."""
    model = str(bert(tmp_path).path)

    async def scene(app: QkvtuiApp, pilot: Pilot[None]) -> None:
        screen = lesson_screen_of(app)
        screen.become(screen.state.in_layer(1))
        await pilot.press("g", *"weights[tired,animal]", "enter")
        await pilot.press("right_square_bracket")
        await pilot.press("P")
        (footer,) = lines_of(app, "footer")
        assert "qkvtui patch " in footer
        assert "'weights@1.1[tired,animal]'" in footer

    play(scene, lesson=lesson_of(with_sentence(model, TEXT)), size=(80, 24), look=Look(80, language=language))
