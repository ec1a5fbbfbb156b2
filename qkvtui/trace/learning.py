"""An example's learning task as the engine wants it, a run that one can go back in, its moments as examples."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from ..engine.arrays import FloatArray
from ..engine.lean import Lean
from ..engine.tasks import Labels, Objective, OutputTargets, Sentence, Task, WeightTargets
from ..engine.training import Descent, TrainingRecord, start, update
from ..errors import UsageError
from ..files.example import NO_SCALE, STANDARD_SCALE, Example, LabelledSentence, Learn, Vocabulary
from ..files.vocabulary import with_rows_of_x
from .conditions import is_plain
from .masking import added_mask, forbids_target
from .of_graph import OfGraph

MOST_MEMORY = 1 << 30
"""Bytes that the moments of a run may take; each holds what moves, its gradient and up to two of the same size."""
_VECTORS = 4


def learn_of(example: Example) -> Learn:
    """The example's learning task. Raises UsageError where it has none."""
    if example.learn is None:
        raise UsageError(f"{example.name} has no learning task; a file has one in its table [learn]")
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
        raise UsageError("the target asks for a weight where the query may not look")
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


def walking(example: Example, sentence: LabelledSentence) -> Example:
    """The example with another sentence of its task to walk through."""
    vocabulary = learn_of(example).vocabulary
    assert vocabulary is not None
    rows = vocabulary.embeddings[[vocabulary.words.index(token) for token in sentence.tokens]]  # (t, m)
    rows.setflags(write=False)
    return replace(example, tokens=sentence.tokens, query=sentence.query, inputs={"X": rows}, published=None, stops=())


class Run:
    """A training run: every moment so far is kept, can be returned to and gone on from."""

    def __init__(self, example: Example) -> None:
        self.example = example
        """What the run started from; its `learn` has the optimizer, rate, seed and number of updates."""
        self.learn = learn_of(example)
        task = starting_task(example)
        self.records: list[TrainingRecord] = [start(task, descent_of(example, task))]

    @property
    def last(self) -> TrainingRecord:
        """The newest moment."""
        return self.records[-1]

    @property
    def done(self) -> bool:
        """Whether all updates are made, or none can follow: the loss is no longer a number, or no more can be kept."""
        return self.last.number >= min(self.learn.steps, self.most) or not self.last.finite

    @property
    def most(self) -> int:
        """How many updates can be kept in memory."""
        return MOST_MEMORY // (self.last.vector.nbytes * _VECTORS)

    def step(self) -> TrainingRecord:
        """One update on from the newest moment."""
        self.records.append(update(self.last, self.learn.optimizer, self.learn.rate))
        return self.last

    def back_to(self, number: int) -> None:
        """Forget what came after this moment, so that the run can go on otherwise."""
        del self.records[number + 1 :]

    def change(self, **settings: object) -> None:
        """Another `optimizer`, `rate` or number of `steps` for the updates to come."""
        self.learn = replace(self.learn, **settings)  # type: ignore[arg-type]

    def example_at(self, number: int) -> Example:
        """The example with the numbers of a moment, and the settings that the next update would have."""
        moment = example_with(self.example, self.records[number].parameters)
        learn = learn_of(moment)
        again = replace(learn, optimizer=self.learn.optimizer, rate=self.learn.rate, steps=self.learn.steps)
        return replace(moment, learn=again)


def trained_at(run: Run, number: int) -> Example:
    """The example at a moment of a run, to be walked through and written; learned again, it goes on from there.

    It has no published numbers: a source printed those of other matrices.
    """
    example = run.example_at(number)
    return replace(example, published=None, learn=replace(learn_of(example), start="given"))
