"""The `[learn]` table: what is to be learned, and how."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import NamedTuple, cast

from ..graph.example import Settings
from ..graph.task import Goal, Learn
from ..operations.file_places import entry_place
from ..said import say
from .draft import Table
from .forms import Form, need
from .learnrun import read_course
from .matrices import ArrayReader
from .names import TABLES
from .phrases import counted, did_you_mean, is_kind, listed, quoted
from .plan import PublishedPlan
from .projected import Arrays, Found, refuse_read_out
from .sentences import labelled, read_labels, read_sentences
from .single import choice
from .targets import read_target
from .vocabulary import Words

GOALS = ("attention", "output", "label")
MOST_TOKENS = 512
MOST_WEIGHTS = 1 << 22
"""Of all heads and sentences together: training holds them all at once, 32 MiB of them."""

_OF_LABELS = ("labels", "vocabulary", "sentences", "test")


class Surroundings(NamedTuple):
    """What the rest of the file says, as far as it is sound."""

    top: Table
    inputs: Table
    parameters: Table
    attention: Table
    arrays: Arrays
    settings: Settings
    plan: PublishedPlan
    query: int
    reader: ArrayReader


def read_learn(learn: Table, words: Words | None, around: Surroundings) -> Learn | None:
    """The task of a file that has one, as far as it is sound. W_R and b_R join the parameters."""
    if not isinstance(around.top.values["learn"], dict):
        return None
    goal = _goal(learn)
    given = (
        say("the scores are given")
        if "S" in around.inputs
        else say("Q, K and V are given")
        if "Q" in around.inputs
        else ""
    )
    if given and "X" not in around.inputs:
        expected = say("what is learned makes them from X")
        learn.draft.report("learn", say("has nothing to learn, since {reason}", reason=given), expected)
    task = Learn(
        objective=goal or "attention",
        train=() if goal is None else _train(learn, goal, around),
        **read_course(learn)._asdict(),
    )
    if goal is None:
        return None
    return _with_labels(task, learn, words, around) if goal == "label" else _with_target(task, learn, around)


def _goal(learn: Table) -> Goal | None:
    """The objective; None where it was found misspelt, or after reporting what is none."""
    if learn.values.get("objective", GOALS[0]) not in GOALS:
        choice(learn, "objective", GOALS)
        return None
    if learn.draft.is_excused("objective"):
        return None
    return cast("Goal", learn.values.get("objective", GOALS[0]))


def _with_target(task: Learn, learn: Table, around: Surroundings) -> Learn:
    for name in _OF_LABELS:
        if name in learn:
            learn.report(name, say("belongs to another objective"), say('it goes with objective = "label"'))
    refuse_read_out(around.parameters, say('reads a label, which only objective = "label" does'))
    check_size(learn, around.settings.heads, [(len(around.plan.tokens or ()), len(around.plan.keys or ()))])
    step = "weights" if task.objective == "attention" else around.plan.last
    of_weights = task.objective == "attention"
    head = learn.whole("head", 0, around.settings.heads - 1, 0) if of_weights else 0
    target = read_target(learn, step, head, around.settings, around.reader, around.plan)
    if "head" in learn and not of_weights:
        learn.report("head", say("has nothing to do here"), say('only objective = "attention" looks at a single head'))
    if target is None:
        return task
    return replace(task, rows=target.rows, target=target.numbers, head=head)


def _with_labels(task: Learn, learn: Table, words: Words | None, around: Surroundings) -> Learn:
    for name in ("target", "head"):
        if name in learn:
            learn.report(name, say("has nothing to do here"), say("what is wanted are the labels of the sentences"))
    _refuse_unlike_sentences(around)
    if "vocabulary" not in learn:
        learn.report_missing("vocabulary", say("it has a row of numbers for each word of the sentences"))
    if "sentences" not in learn:
        learn.report_missing("sentences", say("they are what is learned from: [[learn.sentences]], each with a label"))
    heard, unseen = read_sentences(learn, "sentences", words), read_sentences(learn, "test", words)
    lengths = [len(one.tokens or ()) for one in (*heard, *unseen)]
    check_size(learn, around.settings.heads, [(length, length) for length in lengths])
    labels = read_labels(learn, heard)
    _read_read_out(labels, around)
    if labels is None:
        return task
    sentences, test = labelled(heard, labels), labelled(unseen, labels)
    own = (around.plan.tokens, around.query)
    if len(sentences) == len(heard) and heard and own not in [(one.tokens, one.query) for one in sentences]:
        expected = say("the walk shows one of them: its tokens and its query are those at the top of the file")
        learn.report("sentences", say("do not have the example's own tokens and query among them"), expected)
    if words is None:
        return task
    return replace(task, labels=labels, vocabulary=words.vocabulary, sentences=sentences, test=test)


def _refuse_unlike_sentences(around: Surroundings) -> None:
    """The sentences differ in length: nothing that is as long as one of them can hold for all."""
    expected = say('with objective = "label" the sentences differ in length')
    if "context" in around.top:
        around.top.report("context", say("has no place here"), expected)
    for name in ("mask", "padding"):
        if name in around.attention:
            around.attention.report(name, say("has no place here"), expected)
    if "Z" in around.inputs:
        around.inputs.report("Z", say("has no place here"), expected)
    if "bias" in around.attention and not isinstance(around.attention.values["bias"], dict):
        around.attention.report(
            "bias", say("has no place here"), say("the sentences differ in length; a bias by rule fits all")
        )


def _read_read_out(labels: tuple[str, ...] | None, around: Surroundings) -> None:
    """W_R (last step's width, labels) and b_R (labels,)."""
    step = around.plan.last
    columns = around.plan.width_of(step)
    width = None if columns is None else columns.number
    each = need(None if labels is None else len(labels), say("one for each label"))
    found = Found(around.parameters, around.reader, around.arrays.parameters)
    rows = need(width, say("as many as a row of {step} has numbers", step=step))
    found.matrix(Form("W_R", rows, each), say("with labels, they are read from {step} · W_R", step=step))
    found.vector(Form("b_R", columns=each))


def check_size(learn: Table, heads: int, shapes: Sequence[tuple[int, int]]) -> None:
    """Training holds all weights at once, for each sentence (t, s) of each head."""
    longest = max((max(shape) for shape in shapes), default=0)
    weights = heads * sum(queries * keys for queries, keys in shapes)
    if longest > MOST_TOKENS:
        expected = say("learning holds all weights at once, of {most} tokens at most", most=MOST_TOKENS)
        learn.draft.report("learn", say("is about {what}", what=counted(longest, "token")), expected)
    elif weights > MOST_WEIGHTS:
        expected = say("learning holds them all at once, {most} at most", most=MOST_WEIGHTS)
        learn.draft.report("learn", say("is about {count} attention weights together", count=weights), expected)


def _train(learn: Table, goal: Goal, around: Surroundings) -> tuple[str, ...]:
    """The names of what moves."""
    if "train" not in learn:
        return ("W_Q", "W_K", "W_V")
    there = _trainable(goal, around)
    return read_train(learn, lambda name: [name] if name in there else [], lambda name: _untrainable(name, goal, there))


def read_train(
    learn: Table, meant: Callable[[str], Sequence[str]], untrainable: Callable[[str], tuple[str, str] | None]
) -> tuple[str, ...]:
    """What moves, as `train` says it, after reporting what is wrong with that.

    `meant` knows what a name stands for, nothing where nothing moves that has it, and `untrainable` what is wrong then.
    """
    value = learn.values["train"]
    if not isinstance(value, list) or not value:
        problem = say("is an empty list") if value == [] else is_kind(value)
        learn.report("train", problem, say('it is a list of what moves, as in ["W_Q", "W_K"]'))
        return ()
    found: list[str] = []
    for index, name in enumerate(value):
        place = entry_place(learn.place_of("train"), index)
        if not isinstance(name, str):
            learn.draft.report(place, is_kind(name), say("it is the name of a matrix, such as W_Q"))
            continue
        moving = meant(name)
        wrong = None if moving else untrainable(name)
        if wrong is not None:
            learn.draft.report(place, *wrong)
        elif set(moving) & set(found):
            learn.draft.report(place, say("{name} is there already", name=quoted(name)), say("each name is there once"))
        found += moving
    return tuple(found)


def _trainable(goal: Goal, around: Surroundings) -> tuple[str, ...]:
    inputs = ("E",) if goal == "label" else ("X", *(name for name in "YZ" if around.inputs.mentions(name)))
    return (*(name for name in TABLES["parameters"] if around.parameters.mentions(name)), *inputs)


def _untrainable(name: str, goal: Goal, there: Sequence[str]) -> tuple[str, str]:
    if name == "X" and goal == "label":
        return say('"X" is made of the vocabulary'), say('write "E", which stands for the rows of the vocabulary')
    if name == "E":
        return say('"E" stands for the rows of a vocabulary'), say('without objective = "label", write "X"')
    if name in (*TABLES["parameters"], "X", "Y", "Z"):
        return say("{name} is not in this file", name=quoted(name)), say(
            "there is {names}", names=listed([quoted(one) for one in there])
        )
    return say("{name} is nothing that can move", name=quoted(name)), did_you_mean(name, there)
