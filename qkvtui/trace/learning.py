"""An example's learning task as the engine wants it, the example with other numbers, and what is read with them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from ..engine.arrays import FloatArray
from ..engine.lean import Lean
from ..engine.tasks import Labels, Objective, OutputTargets, Sentence, Task, WeightTargets
from ..engine.training import Descent
from ..errors import UsageError
from ..files.vocabulary import with_rows_of_x
from ..graph.example import NO_SCALE, STANDARD_SCALE, Example, LabelledSentence, Learn, Vocabulary
from ..said import say
from .conditions import is_plain
from .masking import added_mask, forbids_target
from .of_graph import OfGraph


def learn_of(example: Example) -> Learn:
    """The example's learning task. Raises UsageError where it has none."""
    if example.learn is None:
        raise UsageError(say("{name} has no learning task; a file has one in its table [learn]", name=example.name))
    return example.learn


def task_of(example: Example) -> Task:
    """The task as it stands in the file: from the given numbers, whatever `start` says.

    Raises UsageError where it cannot be learned with the example's settings.
    """
    learn, settings = learn_of(with_rows_of_x(example)), example.attention
    arrays: dict[str, FloatArray] = {**example.parameters}
    if learn.vocabulary is not None:
        arrays["E"] = learn.vocabulary.embeddings
    else:
        arrays |= example.inputs
    if forbids_target(example):
        raise UsageError(say("the target asks for a weight where the query may not look"))
    has_mask = learn.vocabulary is None and is_plain(example)
    scale = {STANDARD_SCALE: None, NO_SCALE: 1.0}.get(str(settings.scale), settings.scale)
    try:
        return Task(
            arrays,
            _objective(example, learn),
            train=learn.train,
            heads=settings.heads,
            kv_heads=settings.kv_heads,
            scale=None if scale is None else float(scale),
            mask=added_mask(example, slice(0, len(example.tokens))) if has_mask else None,
        )
    except ValueError as error:  # a setting that was changed, such as a causal mask, may forbid what is wanted
        raise UsageError(str(error)) from None


def _objective(example: Example, learn: Learn) -> Objective:
    if learn.objective == "label":
        assert learn.vocabulary is not None
        words = learn.vocabulary.words
        return Labels(tuple(_sentence(one, words) for one in learn.sentences), bool(example.attention.causal))
    assert learn.target is not None
    if learn.objective == "attention":
        return WeightTargets(learn.rows, learn.target, learn.head)
    return OutputTargets(learn.rows, learn.target)


def _sentence(sentence: LabelledSentence, words: tuple[str, ...]) -> Sentence:
    return Sentence(tuple(words.index(token) for token in sentence.tokens), sentence.query, sentence.label)


def descent_of(example: Example, task: Task) -> Descent:
    """What gives the task's loss and gradient: the fast path, or the graph where that says more than it knows."""
    return Lean(task) if is_plain(example) else OfGraph(task, lambda moving: _sentences_of(example, moving))


def _sentences_of(example: Example, moving: Mapping[str, FloatArray]) -> Iterable[Example]:
    """The example with these numbers; each sentence to be learned from, where there are several."""
    moved = example_with(example, moving)
    sentences = learn_of(example).sentences
    return (walking(moved, one) for one in sentences) if sentences else (moved,)


def starting_task(example: Example) -> Task:
    """The task from where the file starts: the given numbers, or random ones."""
    learn, task = learn_of(example), task_of(example)
    return task.randomly_started(learn.seed) if learn.start == "random" else task


def example_with(example: Example, parameters: Mapping[str, FloatArray]) -> Example:
    """The example with the numbers of one moment of a run: what can be walked through, opened and written."""
    inputs = {name: parameters.get(name, array) for name, array in example.inputs.items()}
    learn = learn_of(example)
    if learn.vocabulary is not None and "E" in parameters:
        words = learn.vocabulary.words
        learn = replace(learn, vocabulary=Vocabulary(words, parameters["E"]))
        rows = parameters["E"][[words.index(token) for token in example.tokens]]  # (t, m)
        rows.setflags(write=False)
        inputs["X"] = rows
    return replace(
        example,
        inputs=inputs,
        parameters={name: parameters.get(name, array) for name, array in example.parameters.items()},
        learn=learn,
    )


def own_sentence(example: Example) -> LabelledSentence:
    """Of the sentences that are learned from, the one that the example walks through."""
    asked = example.tokens, example.query
    return next(one for one in learn_of(example).sentences if (one.tokens, one.query) == asked)


def walking(example: Example, sentence: LabelledSentence) -> Example:
    """The example with another sentence of its task to walk through, about which the file says nothing."""
    vocabulary = learn_of(example).vocabulary
    assert vocabulary is not None
    rows = vocabulary.embeddings[[vocabulary.words.index(token) for token in sentence.tokens]]  # (t, m)
    rows.setflags(write=False)
    asked = replace(example, tokens=sentence.tokens, query=sentence.query, inputs={"X": rows}, published=None, gloss=())
    return replace(asked, stops=(), says={}, experiment=None, questions=(), learned=None)
