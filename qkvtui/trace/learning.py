"""An example's learning task as the engine wants it, the example with other numbers, and what is read with them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from ..engine.arrays import FloatArray
from ..engine.lean import Lean
from ..engine.stack import StackTask
from ..engine.stacked import Stacked
from ..engine.tasks import Labels, Objective, OutputTargets, Sentence, Task, WeightTargets
from ..engine.training import AnyTask, Descent
from ..errors import UsageError
from ..files.vocabulary import with_rows_of_x
from ..graph.example import NO_SCALE, STANDARD_SCALE, Example
from ..graph.layers import with_own_layer
from ..graph.learning import is_own
from ..graph.moving import with_moved
from ..graph.task import LabelledSentence, Learn, Vocabulary
from ..said import say
from .conditions import is_plain, is_plain_stack
from .masking import added_mask, forbids_target
from .of_graph import OfGraph
from .stack import stack_of


def learn_of(example: Example) -> Learn:
    """The example's learning task. Raises UsageError where it has none."""
    if example.learn is None:
        raise UsageError(say("{name} has no learning task; a file has one in its table [learn]", name=example.name))
    return example.learn


def task_of(example: Example) -> Task | StackTask:
    """The task as it stands in the file: from the given numbers, whatever `start` says.

    Raises UsageError where it cannot be learned with the example's settings.
    """
    return stack_of(example) if example.layers else _layer_task(example)


def _layer_task(example: Example) -> Task:
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


def descent_of(example: Example, task: AnyTask) -> Descent:
    """What gives the task's loss and gradient: the fast path, or the graph where that says more than it knows."""
    if isinstance(task, StackTask) and is_plain_stack(with_own_layer(example)):
        return Stacked(task)
    if isinstance(task, Task) and is_plain(example):
        return Lean(task)
    return OfGraph(task, lambda moving: _sentences_of(example, moving))


def _sentences_of(example: Example, moving: Mapping[str, FloatArray]) -> Iterable[Example]:
    """The example with these numbers; each sentence to be learned from, where there are several."""
    moved = example_with(example, moving)
    sentences = learn_of(example).sentences
    return (walking(moved, one) for one in sentences) if sentences else (moved,)


def starting_task(example: Example) -> AnyTask:
    """The task from where the file starts: the given numbers, or random ones."""
    learn, task = learn_of(example), task_of(example)
    return task.randomly_started(learn.seed) if learn.start == "random" else task


def example_with(example: Example, parameters: Mapping[str, FloatArray]) -> Example:
    """The example with the numbers of one moment of a run: what can be walked through, opened and written."""
    if example.layers:
        return with_moved(example, parameters)
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
    return next(one for one in learn_of(example).sentences if is_own(one, example))


def walking(example: Example, sentence: LabelledSentence) -> Example:
    """The example with another sentence of its task to walk through, about which the file says nothing."""
    example = replace(example, learn=_own_first(learn_of(example), sentence))
    asked = replace(example, tokens=sentence.tokens, query=sentence.query, published=None, gloss=())
    asked = replace(asked, stops=(), says={}, experiment=None, questions=(), learned=None)
    if example.layers:
        asked = replace(asked, types=(), ids=())
        return with_own_layer(asked)
    vocabulary = learn_of(example).vocabulary
    assert vocabulary is not None
    rows = vocabulary.embeddings[[vocabulary.words.index(token) for token in sentence.tokens]]  # (t, m)
    rows.setflags(write=False)
    return replace(asked, inputs={"X": rows})


def _own_first(learn: Learn, sentence: LabelledSentence) -> Learn:
    """The task with a sentence before those with the same words, of which another label may be wanted."""
    if sentence not in learn.sentences:
        return learn
    at = learn.sentences.index(sentence)
    others = (*learn.sentences[:at], *learn.sentences[at + 1 :])
    return replace(learn, sentences=(sentence, *others))
