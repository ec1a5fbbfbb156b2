"""What `qkvtui learn` says of the end: what was wanted and missed, what moved, and what it writes."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from qkvtui.files.find import bundled_names
from qkvtui.files.read import load
from qkvtui.localized import LANGUAGES
from qkvtui.trace.learning import learn_of
from qkvtui.trace.run import Run
from tests.cli.program import run
from tests.report.learning_files import ANIMAL, EVERY_TASK, HEADS, LABEL, as_json, in_one_line, saved, told


def test_the_head_that_is_learned_is_named_and_shown(tmp_path: Path) -> None:
    """With several heads nobody could know whose weights the target and the table were."""
    path = saved(tmp_path, HEADS)
    page = in_one_line(path)
    assert "attention weights of head 1 of 2 (counted from 0), for “it”" in page
    assert "attends to in head 1" in page
    assert "头 1" in told(path, "--lang", "zh")
    assert "in head 1" in told(path, "--format", "markdown")
    assert "in head 1." in in_one_line(path, "--every", "10")
    found = as_json(path)
    assert found["head"] == 1
    assert found["weights"]["after"] == found["weights_by_head"]["after"][1]


def test_another_head_can_be_shown_and_has_no_target(tmp_path: Path) -> None:
    """The story could only tell of head 0, or set the target of another head beside it."""
    path = saved(tmp_path, HEADS)
    other = told(path, "--head", "0")
    assert "head 0, at a few moments" in other
    assert "wanted" in told(path)
    assert "wanted" not in other
    found = as_json(path, "--head", "0")
    assert found["weights"]["after"] == found["weights_by_head"]["after"][0]
    output = HEADS.replace(
        "head = 1\ntarget = { it = [0.1, 0.6, 0.2, 0.1] }", 'objective = "output"\ntarget = { it = [1, 0, 0, 1] }'
    )
    assert "head 1, at a few moments" in told(saved(tmp_path, output), "--head", "1")
    assert "head 0, at a few moments" in told(saved(tmp_path, output))


def masked(text: str) -> str:
    """The task where "it" sees three tokens only, and may have any weights for them."""
    return text.replace("0.05, 0.45, 0.02, 0.40, 0.08", "0, 0.55, 0, 0.4, 0.05").replace(
        "[learn]", "[attention]\nmask = [" + ", ".join(["[false, true, false, true, true]"] * 5) + "]\n[learn]"
    )


@pytest.mark.sampled(3)
@pytest.mark.parametrize(
    ("text", "options"),
    [
        (masked(ANIMAL), ("--steps", "3")),
        (ANIMAL, ("--rate", "30")),
        (ANIMAL, ("--rate", "1e200")),
        (ANIMAL.replace("0.05, 0.45, 0.02, 0.40, 0.08", "0.2, 0.2, 0.2, 0.2, 0.2"), ("--steps", "3")),
    ],
    ids=["behind a mask", "worse than before", "broken", "in reach"],
)
def test_that_updates_will_not_do_is_said_only_where_it_is_true(
    tmp_path: Path, text: str, options: tuple[str, ...]
) -> None:
    """More updates were called useless where they would have done, or where the rate was the reason."""
    page = in_one_line(saved(tmp_path, text), *options)
    assert "What came of it" in page
    assert "More updates alone" not in page


def test_the_shares_that_are_decided_at_once_are_those_that_the_mask_allows(tmp_path: Path) -> None:
    """A page counted tokens that have the weight 0 whatever is learned."""
    rows = ", ".join(["[true, true, true, true, false]"] * 5)
    text = ANIMAL.replace("0.02, 0.40, 0.08", "0.02, 0.48, 0").replace(
        "[learn]", f"[attention]\nmask = [{rows}]\n[learn]"
    )
    assert "Those 2 numbers decide on all 4 shares at once" in in_one_line(saved(tmp_path, text))


def test_what_is_missing_is_nothing_where_only_rounding_is_left(tmp_path: Path) -> None:
    """5.551e-17 was called the divergence of two rows that are the same."""
    equal = ANIMAL.replace("0.05, 0.45, 0.02, 0.40, 0.08", "0.2, 0.2, 0.2, 0.2, 0.2").replace(
        "W_Q = [[1, 0], [0, 1]]", "W_Q = [[0, 0], [0, 0]]"
    )
    page = in_one_line(saved(tmp_path, equal))
    assert "What is missing, 0.000, is the Kullback" in page
    assert "W_Q did not move." in page
    assert "moved most" not in page


def test_a_small_move_is_seen_in_its_numbers(tmp_path: Path) -> None:
    """A number was said to have moved from 1.00 to 1.00."""
    page = in_one_line(saved(tmp_path, ANIMAL), "--rate", "1e-5", "--steps", "1")
    moves = re.findall(r"moved most: (\S+) → (\S+)\.", page)
    assert len(moves) == 2
    assert all(before != after for before, after in moves)


LEARNED = [name for name in bundled_names() if load(name).learn is not None]


@pytest.mark.sampled(1)
@pytest.mark.parametrize("name", LEARNED)
def test_why_knows_every_number_that_moved_most(name: str) -> None:
    """A learner copied `b_R[0,1]` from the story, and `why` did not know it."""
    page = in_one_line(Path(name), "--steps", "5")
    addresses = re.findall(r"; (\S+) moved most", page)
    assert len(addresses) == len(learn_of(load(name)).train)
    for address in addresses:
        assert run("why", name, address).status == 0


def test_vectors_and_words_are_named_as_why_names_them(tmp_path: Path) -> None:
    """The bundled examples have few of the names that can move."""
    text = LABEL.replace('"W_V", "W_R"]', '"W_V", "W_R", "b_R", "E"]').replace(
        "[learn]\n", "b_R = [0, 0]\n[learn]\n", 1
    )
    page = in_one_line(saved(tmp_path, text))
    addresses = re.findall(r"; (\S+) moved most", page)
    assert [address for address in addresses if re.fullmatch(r"b_R\[\d\]|E\[[a-z]+,\d\]", address)] == addresses[-2:]
    for address in addresses:
        assert run("why", tmp_path / "task.toml", address).status == 0


@EVERY_TASK
def test_json_is_of_one_moment_where_a_run_broke(tmp_path: Path, task: str) -> None:
    """The parameters were those of another moment than the answers, and nothing said that the run broke."""
    path = saved(tmp_path, task)
    assert as_json(path)["broken"] is None
    found = as_json(path, "--rate", "1e200")
    broken = found["broken"]
    assert broken == len(found["losses"]) - 1
    example = load(str(path))
    training = Run(replace(example, learn=replace(learn_of(example), rate=1e200)))
    while not training.done:
        training.step()
    end = training.records[broken - 1]
    assert found["parameters"] == {name: one.tolist() for name, one in end.parameters.items()}
    if broken == 1:
        assert found["weights"]["after"] == found["weights"]["before"]
    if task == LABEL:
        assert broken == 1
        assert found["answers"]["after"] == found["answers"]["before"]


@pytest.mark.parametrize("options", [(), ("--format", "markdown")])
def test_a_run_that_breaks_at_once_only_says_so(tmp_path: Path, options: tuple[str, ...]) -> None:
    """ "After 0 updates the loss is 0.70; it began at 0.70", a page said below the reason."""
    page = in_one_line(saved(tmp_path, LABEL), "--rate", "1e200", *options)
    assert "After update 1 the loss is no longer a number" in page
    assert "After 0 updates" not in page
    assert "Right answers" not in page
    assert "moved most" not in page


TELLS = ANIMAL.replace(
    "tokens =",
    'about = { en = "They start as the identity.", zh = "开始时是单位矩阵。" }\nsource = "a post"\n'
    "# an old story\ntokens =",
    1,
)


@pytest.mark.parametrize("options", [(), ("--seed", "3")], ids=["given", "random"])
def test_what_was_learned_tells_its_own_story(tmp_path: Path, options: tuple[str, ...]) -> None:
    """A trained file still said that its matrices "start as the identity"."""
    path, target = saved(tmp_path, TELLS), tmp_path / "trained.toml"
    told(path, *options, "-o", str(target))
    text = target.read_text(encoding="utf-8")
    assert "identity" not in text
    assert "an old story" not in text
    example, before = load(str(target)), load(str(path))
    assert (example.title, example.source) == (before.title, before.source)
    assert example.about is not None
    losses = as_json(path, *options)["losses"]
    for language in LANGUAGES:
        about = example.about.texts[language]
        for fact in ("task", "60", f"{losses[0]:.2f}", f"{losses[-1]:.2f}", "W_Q", "W_K"):
            assert fact in about
        assert "W_V" not in about
        assert ("3" in re.findall(r"\d+", about)) is bool(options)
    assert learn_of(example).start == "given"
    checked = run("check", target)
    assert (checked.status, "sound" in checked.output) == (0, True)


def test_what_was_learned_claims_no_numbers_of_a_source(tmp_path: Path) -> None:
    """The trained file was called wrong, since it still had what a source printed for other matrices."""
    path, target = (
        saved(tmp_path, ANIMAL + "[published]\ndecimals = 1\noutput = { it = [0.5, 0.5] }\n"),
        tmp_path / "t.toml",
    )
    assert load(str(path)).published is not None
    told(path, "-o", str(target))
    assert load(str(target)).published is None
    assert run("check", target).status == 0


def test_what_was_learned_from_standard_input_names_its_title(tmp_path: Path) -> None:
    """The trained file said that it was learned from "-"."""
    target = tmp_path / "trained.toml"
    assert run("learn", "-", "-o", target, stdin=ANIMAL).status == 0
    about = load(str(target)).about
    assert about is not None
    assert about.texts["en"].startswith("Learned from “Whom does 'it' mean?”. ")
