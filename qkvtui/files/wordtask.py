"""The `[learn]` table of a file with whole layers: words to be read, or rows that the last layer should leave."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from ..engine.arrays import FloatArray
from ..graph.block import OUTSIDE_BLOCKS, Readout
from ..graph.example import ModelLayer
from ..graph.task import LabelledSentence, Learn, Vocabulary
from ..operations.file_places import inside, item_place
from ..said import Phrase, say
from .clean import clean_line
from .draft import Table
from .learning import check_size, read_train
from .learnrun import read_course
from .matrices import ArrayReader
from .phrases import did_you_mean, is_kind, listed, quoted
from .plan import PublishedPlan
from .sentences import sentence_tables, sentence_tokens
from .single import choice
from .targets import read_target
from .tokens import read_query
from .vocabulary import Words

GOALS = ("word", "output")
_OF_WORDS = ("sentences", "test")


class WordModel(NamedTuple):
    """What the rest of the file says, as far as it is sound."""

    layers: tuple[ModelLayer, ...]
    words: tuple[str, ...] | None
    """Those of the vocabulary; None where X is given."""
    readout: Readout | None
    plan: PublishedPlan
    query: int
    reader: ArrayReader

    @property
    def table(self) -> FloatArray | None:
        """The rows of the words."""
        return self.layers[0].parameters.get("E") if self.layers else None


def read_word_task(learn: Table, model: WordModel) -> Learn:
    """The task, as far as it is sound."""
    goal = _goal(learn)
    for name in ("labels", "vocabulary", "head"):
        if name in learn:
            learn.report(name, say("does not go with [[blocks]]"), say("leave it out"))
    task = Learn(objective="word", train=_train(learn, goal, model), **read_course(learn)._asdict())
    if goal == "output":
        return _with_rows(task, learn, model)
    return task if goal is None else _with_words(task, learn, model)


def _goal(learn: Table) -> str | None:
    """The objective; None after reporting another one."""
    if learn.values.get("objective") in ("attention", "label"):
        name = quoted(str(learn.values["objective"]))
        expected = say("it is {names}", names=listed([quoted(one) for one in GOALS], "or"))
        learn.report("objective", say("{name} does not go with [[blocks]]", name=name), expected)
        return None
    if learn.values.get("objective", GOALS[0]) not in GOALS:
        choice(learn, "objective", GOALS)
        return None
    return str(learn.values.get("objective", GOALS[0]))


def _with_rows(task: Learn, learn: Table, model: WordModel) -> Learn:
    for name in _OF_WORDS:
        if name in learn:
            learn.report(name, say("belongs to another objective"), say('it goes with objective = "word"'))
    count = len(model.plan.tokens or ())
    check_size(learn, _heads(model), [(count, count)])
    if not model.layers:
        return task
    target = read_target(learn, "left", 0, model.layers[-1].attention, model.reader, model.plan._replace(absent={}))
    if target is None:
        return task
    return replace(task, objective="output", rows=target.rows, target=target.numbers)


def _heads(model: WordModel) -> int:
    return sum(layer.attention.heads for layer in model.layers)


def _with_words(task: Learn, learn: Table, model: WordModel) -> Learn:
    if "target" in learn:
        learn.report("target", say("has nothing to do here"), say("what is wanted are the words of the sentences"))
    if "sentences" not in learn:
        learn.report_missing("sentences", say('they are what is learned from: [[learn.sentences]], with word = "…"'))
    if model.readout is None and not learn.draft.is_excused("readout"):
        learn.draft.report("learn", say("reads words, and there is no [readout]"), say("give [readout]"))
    if model.words is None or model.table is None or model.readout is None:
        return task
    words = Words(Vocabulary(model.words, model.table), learn.draft)
    _refuse_unlike_sentences(model)
    heard, unseen = (_sentences(learn, name, words, model) for name in _OF_WORDS)
    lengths = [len(one.tokens) for one in (*heard, *unseen)]
    check_size(learn, _heads(model), [(length, length) for length in lengths])
    own = (model.plan.tokens, model.query)
    is_there = any(one.tokens == own[0] and (one.others or one.query == own[1]) for one in heard)
    if heard and learn.draft.sound and not is_there:
        expected = say("the walk shows one of them: its tokens and its query are those at the top of the file")
        learn.report("sentences", say("do not have the example's own tokens and query among them"), expected)
    return replace(task, labels=model.words, sentences=heard, test=unseen)


def _refuse_unlike_sentences(model: WordModel) -> None:
    """The sentences differ in length: nothing that is as long as one of them can hold for all."""
    expected = say("the sentences differ in length")
    for index, layer in enumerate(model.layers):
        settings = layer.attention
        for name in ("mask", "padding", "bias"):
            if hasattr(getattr(settings, name), "shape"):
                place = inside(inside(item_place("blocks", index), "attention"), name)
                model.reader.draft.report(place, say("has no place here"), expected)


def _sentences(learn: Table, name: str, words: Words, model: WordModel) -> tuple[LabelledSentence, ...]:
    expected = say('each is a table under [[learn.{name}]], with tokens = ["it", "was"] and word = "wide"', name=name)
    found = (_sentence(table, words, model) for table in sentence_tables(learn, name, expected))
    return tuple(one for one in found if one is not None)


def _sentence(table: Table, words: Words, model: WordModel) -> LabelledSentence | None:
    """A sentence with a word at one of its tokens, or where each token is followed by the next."""
    tokens = sentence_tokens(table, words)
    if "label" in table:
        table.report("label", say("has nothing to do here"), say('with objective = "word" it is word = "…"'))
    places = model.layers[0].parameters.get("positions")
    if tokens is not None and places is not None and len(tokens) > len(places):
        table.report(
            "tokens",
            say("is longer than vocabulary.positions, which has {count}", count=len(places)),
            say("each of the {count} tokens needs a row", count=len(tokens)),
        )
        return None
    rows = {word: row for row, word in enumerate(words.vocabulary.words)}
    if "word" in table:
        return _with_word(table, tokens, rows)
    if "query" in table:
        table.report("query", say("has nothing to do here"), say("without word each token is followed by the next one"))
    if not all(layer.attention.causal for layer in model.layers):
        expected = say("without word each token is followed by the next one, which only causal = true hides from it")
        table.report_missing("word", expected)
        return None
    if tokens is None or len(tokens) < 2:
        if tokens is not None:
            table.report("tokens", say("has one token"), say("there is a next one only where there are two"))
        return None
    *others, last = ((place, rows[token]) for place, token in enumerate(tokens[1:]))
    return LabelledSentence(tokens, *last, tuple(others))


def _with_word(table: Table, tokens: tuple[str, ...] | None, rows: Mapping[str, int]) -> LabelledSentence | None:
    value = table.values["word"]
    word = clean_line(value) if isinstance(value, str) else None
    if word is None:
        table.report("word", is_kind(value), say("it is one of the words of the vocabulary"))
    elif word not in rows:
        problem = say("{token} is not in the vocabulary", token=quoted(word))
        table.report("word", problem, did_you_mean(word, list(rows)))
    query = read_query(table, tokens)
    if tokens is None or word is None or word not in rows:
        return None
    return LabelledSentence(tokens, query if "query" in table else len(tokens) - 1, rows[word])


def _train(learn: Table, goal: str | None, model: WordModel) -> tuple[str, ...]:
    """The names of what moves: by default everything; `W_Q` is that of every layer, `W_Q@1` that of layer 1."""
    there = _movable(goal, model)
    if "train" not in learn:
        return tuple(name for names in there.values() for name in names)
    return read_train(
        learn,
        lambda name: _meant(name, there),
        lambda name: _untrainable(name, there) if learn.draft.sound else None,  # what is unsound may have moved
    )


def _meant(name: str, there: Mapping[str, Sequence[str]]) -> Sequence[str]:
    return there.get(name, [name] if any(name in names for names in there.values()) else [])


def _movable(goal: str | None, model: WordModel) -> dict[str, list[str]]:
    """Each name without a layer → its names with one; of a single layer the same."""
    several = len(model.layers) > 1
    found: dict[str, list[str]] = {} if model.words is not None else {"X": ["X@0" if several else "X"]}
    for index, layer in enumerate(model.layers):
        for name in layer.parameters:
            if goal == "output" and OUTSIDE_BLOCKS.get(name) == "readout":
                continue  # the loss does not look at what reads
            if index and name == "E":
                continue  # the table of the first layer once more
            found.setdefault(name, []).append(f"{name}@{index}" if several else name)
    return found


def _untrainable(name: str, there: Mapping[str, Sequence[str]]) -> tuple[Phrase, str]:
    plain, at, _ = name.partition("@")
    if at and plain in there:
        problem = say("{name} is not in this file", name=quoted(name))
        return problem, say("there is {names}", names=listed([quoted(one) for one in there[plain]]))
    return say("{name} is nothing that can move", name=quoted(name)), did_you_mean(name, list(there))
