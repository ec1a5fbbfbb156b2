"""Whether two examples are the same one, to the last bit of every number."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from ..graph.example import Example, Patch, Settings, arrays_of
from ..graph.stored import StoredArrays
from ..graph.task import Learn, Vocabulary
from .npy import AnyArray


def same_array(one: AnyArray | None, other: AnyArray | None) -> bool:
    """Whether both are the same array, or none."""
    if one is None or other is None:
        return one is other
    alike = one.dtype == other.dtype and one.shape == other.shape
    return alike and (one is other or not differing(one, other).any())


def differing(one: AnyArray, other: AnyArray) -> AnyArray:
    """Which of the numbers differ, 0.0 from -0.0 as well. Raises LookupError for arrays of different shapes."""
    if one.shape != other.shape:
        raise LookupError(f"{one.shape} is not {other.shape}")
    found: AnyArray = one != other
    return found if one.dtype == np.bool_ else found | (np.signbit(one) != np.signbit(other))


def same_example(one: Example, other: Example) -> bool:
    """Whether a learner would be shown the same; the file may be another one."""
    texts = ("title", "about", "source", "errata", "says", "experiment", "questions", "learned", "walk", "stops")
    plain = (*texts, "tokens", "query", "head", "context", "gloss", "context_gloss", "published", "features")
    return (
        all(getattr(one, name) == getattr(other, name) for name in plain)
        and _same_arrays(one.given, other.given)
        and _same_arrays(one.parameters, other.parameters)
        and _same_settings(one.attention, other.attention)
        and _same_tasks(one.learn, other.learn)
        and _same_layers(one, other)
        and list(map(_put_in, one.patches)) == list(map(_put_in, other.patches))
    )


def _put_in(patch: Patch) -> tuple[object, ...]:
    """What a patch puts in where, by what its run is called."""
    return patch.run.name, patch.run.of_words, patch.step, patch.layer, patch.row, patch.head


def _same_layers(ours: Example, theirs: Example) -> bool:
    around = ("printed", "block", "layer", "vocabulary", "last_readout")
    return (
        all(getattr(ours, name) == getattr(theirs, name) for name in around)
        and [(side.tokens, side.query) for side in ours.sides] == [(side.tokens, side.query) for side in theirs.sides]
        and same_array(ours.entering, theirs.entering)
        and len(ours.layers) == len(theirs.layers)
        and all(
            one.block == other.block
            and _same_arrays(one.parameters, other.parameters)
            and _same_settings(one.attention, other.attention)
            for one, other in zip(ours.layers, theirs.layers, strict=True)
        )
    )


def _same_arrays(ours: Mapping[str, AnyArray], theirs: Mapping[str, AnyArray]) -> bool:
    if ours is theirs:
        return True
    if isinstance(ours, StoredArrays) or isinstance(theirs, StoredArrays):
        return False  # what stays in a model's file is the same until it is changed
    return ours.keys() == theirs.keys() and all(same_array(ours[name], theirs[name]) for name in ours)


def _same_settings(ours: Settings, theirs: Settings) -> bool:
    our_arrays, their_arrays = arrays_of(ours), arrays_of(theirs)
    plain = [name for name in Settings.__dataclass_fields__ if our_arrays.get(name) is None]
    return all(same_array(array, their_arrays[name]) for name, array in our_arrays.items()) and all(
        getattr(ours, name) == getattr(theirs, name) for name in plain
    )


def _same_tasks(ours: Learn | None, theirs: Learn | None) -> bool:
    if ours is None or theirs is None:
        return ours is theirs
    arrays = ("target", "vocabulary")
    return (
        all(getattr(ours, name) == getattr(theirs, name) for name in Learn.__dataclass_fields__ if name not in arrays)
        and same_array(ours.target, theirs.target)
        and _same_vocabularies(ours.vocabulary, theirs.vocabulary)
    )


def _same_vocabularies(ours: Vocabulary | None, theirs: Vocabulary | None) -> bool:
    if ours is None or theirs is None:
        return ours is theirs
    return ours.words == theirs.words and same_array(ours.embeddings, theirs.embeddings)
