"""What a file says is shown as it is: never as markup, never cut without a sign."""

from __future__ import annotations

from dataclasses import replace
from io import StringIO

import pytest
from rich.cells import cell_len
from rich.console import Console

from qkvtui.localized import LANGUAGES, Localized
from qkvtui.pages.lines import shorten
from qkvtui.trace.trace import Trace
from qkvtui.trace.walk import start, to_step
from qkvtui.views.look import Look
from tests import samples
from tests.views.drawings import as_lines, body, heading_lines, sentence_lines
from tests.views.pages import lines_of, page_in, place_at, steps, unbounded

MARKUP = "[bold red]Title[/] [link=x]:smile: \\[/red]"


@pytest.mark.sampled(8)
@pytest.mark.parametrize("step_id", steps("awkward_tokens"))
def test_tokens_that_look_like_markup_are_shown_as_they_are(step_id: str) -> None:
    """A token "[/red]" ended in a traceback, or "[bold]" disappeared and made the page bold."""
    text = "\n".join(unbounded("awkward_tokens", step_id).lines)
    for token in samples.AWKWARD_TOKENS:
        assert token.strip() in text, token


@pytest.mark.sampled(8)
@pytest.mark.parametrize("step_id", steps("awkward_tokens"))
def test_a_console_that_reads_markup_shows_the_same(step_id: str) -> None:
    """Printing was safe and the screen was not: only one of the two had markup switched off."""
    trace, place = samples.trace("awkward_tokens"), place_at("awkward_tokens", step_id)
    file = StringIO()
    console = Console(file=file, width=90, color_system=None, legacy_windows=False, _environ={})
    console.print(body(trace, place, Look(90)))
    shown = [line.rstrip() for line in file.getvalue().split("\n")]
    assert shown[:-1] == list(lines_of(body(trace, place, Look(90)), 90))


@pytest.mark.parametrize("width", [40, 80])
def test_a_title_and_a_note_that_look_like_markup_are_shown_as_they_are(width: int) -> None:
    """The title of a file coloured the whole screen, or ended the program."""
    text = Localized({"": MARKUP})
    trace = Trace(replace(samples.example("plain"), title=text, about=text))
    heading = heading_lines(trace, start(trace), Look(80))[0].plain
    assert heading.startswith(MARKUP)
    shown = " ".join(lines_of(body(trace, start(trace), Look(80)), 80))
    assert MARKUP in shown


@pytest.mark.parametrize("plain", [False, True])
def test_ascii_pages_do_not_translate_tokens(plain: bool) -> None:
    """Two tokens, “ and ”, were both shown as \", and none of them could be asked for."""
    trace = samples.trace("awkward_tokens")
    place = replace(place_at("awkward_tokens", "scores"), query=samples.AWKWARD_TOKENS.index("→"))
    look = Look(80, 30, ascii=plain)
    lines = lines_of(body(trace, place, look), 80)
    assert any(line.startswith("scores[→,") for line in lines)
    sentence = "\n".join(line.plain for line in sentence_lines(trace, place, Look(300, ascii=plain)))
    assert "“" in sentence
    assert "→" in sentence


def test_long_tokens_are_cut_with_a_sign_that_something_is_missing() -> None:
    """Two long tokens that begin alike could not be told from short ones."""
    text = "\n".join(page_in("long_tokens", "embeddings", Look(80, 18)).lines)
    assert "aaaa…" in text
    assert "小…" in text
    assert "a" * 50 not in text
    assert "brought" in text
    assert shorten("abcdef", 6) == "abcdef"
    assert shorten("abcdefg", 6) == "abcde…"
    assert shorten("小红小红", 5) == "小红…"
    assert cell_len(shorten("小红小红", 4)) <= 4
    assert shorten("abcdefg", 6, "...") == "abc..."


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_weights_of_all_queries_stand_below_a_title_of_their_own(language: str) -> None:
    """The title ran into the first line of the matrix, so that its column labels were cut off."""
    for width in (60, 80):
        look = Look(width, language=language)
        lines = page_in("animal", "weights", look).lines
        title = look.word("matrix")
        joined = "".join(line.strip() for line in lines).replace(" ", "")
        after = joined.partition(title.replace(" ", ""))[2]
        assert after.startswith("AThe▾animalstreetittired"), joined


def test_the_sentence_shows_every_token_with_its_weight() -> None:
    """A weight stood below another token than the one that gets it."""
    trace = samples.trace("animal")
    at = to_step(trace, start(trace), trace.step("weights").number - 1)
    top, bottom = (line.plain for line in sentence_lines(trace, at, Look(80)))
    for token, weight in zip(trace.example.tokens, trace.row("weights", 3), strict=True):
        middle = top.index(f"{token}") + len(token) / 2
        found = bottom.index(f"{weight:.2f}", max(0, int(middle) - 5))
        assert abs(found + 2 - middle) <= 2, (token, top, bottom)
    assert "▸it◂" in top


def test_in_cross_attention_both_sentences_are_shown() -> None:
    """The learner saw only one of the two sentences, or weights below the tokens that ask."""
    trace = samples.trace("cross")
    at = to_step(trace, start(trace), trace.step("weights").number - 1)
    lines = [line.plain for line in sentence_lines(trace, at, Look(80))]
    assert len(lines) == 3
    assert lines[0].split() == ["sentence", "Das", "▸Tier◂", "war", "müde"]
    assert lines[1].split() == ["context", *trace.example.keys]
    assert len(lines[2].split()) == 1 + len(trace.example.keys)
    assert as_lines(sentence_lines(trace, at, Look(80))).plain.count("\n") == 2
