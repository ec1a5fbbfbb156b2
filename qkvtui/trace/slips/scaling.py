"""Slips with the scale."""

from __future__ import annotations

from collections.abc import Iterator
from math import isclose, sqrt

from .changes import Times
from .estimates import scale_that_was_used
from .exercise import Exercise
from .method import Method
from .ways import Way, after, scaled_by


def no_scale(exercise: Exercise, method: Method) -> Iterator[Way]:
    """Not divided at all."""
    if "scaled" in exercise.worked and exercise.scale != 1:
        yield Way(scaled_by(exercise, method, 1.0))


def by_d_k(exercise: Exercise, method: Method) -> Iterator[Way]:
    """Divided by d_k itself; with several heads only where that is not √d_model, which is likelier."""
    d_k, d_model = exercise.shape.d_k, exercise.shape.d_model
    if _is_standard(exercise) and d_k > 1 and not (exercise.shape.heads > 1 and d_model == d_k * d_k):
        yield Way(scaled_by(exercise, method, 1 / d_k))


def by_d_model(exercise: Exercise, method: Method) -> Iterator[Way]:
    """Divided by √d_model."""
    d_model = exercise.shape.d_model
    if _is_standard(exercise) and d_model not in (None, exercise.shape.d_k):
        yield Way(scaled_by(exercise, method, 1 / sqrt(d_model or 1)))


def after_softmax(exercise: Exercise, method: Method) -> Iterator[Way]:
    """The weights divided, not the scores."""
    if "scaled" in exercise.worked and exercise.scale != 1:
        unscaled = scaled_by(exercise, method, 1.0)
        yield Way(after(exercise, unscaled, {"weights": Times(exercise.scale)}))


def another(exercise: Exercise, method: Method) -> Iterator[Way]:
    """Whatever else the scores were multiplied by."""
    for factor in scale_that_was_used(exercise, method):
        yield Way(scaled_by(exercise, method, factor), (f"{factor:.4g}",), sure=False)


def _is_standard(exercise: Exercise) -> bool:
    d_k = exercise.shape.d_k  # 0 where the scores are given
    return "scaled" in exercise.worked and d_k > 0 and isclose(exercise.scale, 1 / sqrt(d_k))
