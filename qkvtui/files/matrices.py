"""Vectors, matrices and stacks of matrices: written out, or the name of an array in a file of arrays."""

from __future__ import annotations

import numpy as np

from ..engine.arrays import FloatArray, largest_of
from ..said import say
from .arrayfile import ArrayFile
from .draft import Draft
from .forms import Form, fits, fits_matrix
from .literals import is_stack, literal_heads, literal_matrix, literal_vector
from .npy import AnyArray, shape_of
from .phrases import listed, quoted

_AXES = {1: say("one row"), 2: say("rows and columns"), 3: say("heads, rows and columns")}


class ArrayReader:
    """Reads arrays; every mistake is reported, and the array is then None."""

    def __init__(self, draft: Draft, arrays: ArrayFile | None, *, arrays_expected: bool) -> None:
        self.draft = draft
        self._arrays = arrays
        self._arrays_expected = arrays_expected
        """The file says `arrays`: if that could not be opened, an array's name is no second mistake."""
        self.names: dict[str, str] = {}
        """By place, the named arrays."""

    def vector(self, value: object, place: str, form: Form) -> FloatArray | None:
        """One row of numbers, (columns,)."""
        if isinstance(value, str):
            return self._numbers(self.named(value, place, form), place, form, (1,))
        return literal_vector(value, place, form, self.draft)

    def matrix(self, value: object, place: str, form: Form) -> FloatArray | None:
        """Rows of numbers, (rows, columns)."""
        if isinstance(value, str):
            return self._numbers(self.named(value, place, form), place, form, (2,))
        return literal_matrix(value, place, form, self.draft)

    def heads(self, value: object, place: str, form: Form) -> FloatArray | None:
        """A matrix, (rows, columns), or one for each head, (heads, rows, columns)."""
        if isinstance(value, str):
            return self._numbers(self.named(value, place, form), place, form, (2, 3))
        if isinstance(value, list) and is_stack(value):
            return literal_heads(value, place, form, self.draft)
        return literal_matrix(value, place, form, self.draft)

    def named(self, name: str, place: str, form: Form) -> AnyArray | None:
        """The array called `name` in the file of arrays, of whatever type and shape."""
        if self._arrays is not None:
            self.names[place] = name
            return self._arrays.array(name, place)
        if not self._arrays_expected:
            expected = say('only with arrays = "….npz" can {name} be the name of an array in that file', name=form.name)
            self.draft.report(place, say("is the text {name}", name=quoted(name)), expected)
        return None

    def _numbers(self, array: AnyArray | None, place: str, form: Form, axes: tuple[int, ...]) -> FloatArray | None:
        if array is None:
            return None
        return array if self.holds_numbers(array, place, form, axes) else None

    def holds_numbers(self, array: AnyArray, place: str, form: Form, axes: tuple[int, ...]) -> bool:
        """Whether a named array is what a literal one would have to be; reported where not."""
        if array.dtype == np.bool_:
            self.draft.report(place, say("the array holds truth values"), say("{name} holds numbers", name=form.name))
            return False
        return self.has_shape(array, place, form, axes) and self._is_finite(array, place, form)

    def has_shape(self, array: AnyArray, place: str, form: Form, axes: tuple[int, ...]) -> bool:
        """Whether a named array has as many axes, rows and columns as it must have; reported where not."""
        if array.ndim not in axes:
            expected = say("{name} has {what}", name=form.name, what=listed([_AXES[axis] for axis in axes], "or"))
            self.draft.report(place, say("the array is {shape}", shape=shape_of(array.shape)), expected)
            return False
        if array.ndim == 1:
            return fits(array.shape[0], form.columns, "number", place, form, self.draft)
        right = fits_matrix(array.shape[-2], array.shape[-1], place, form, self.draft)
        return right and (array.ndim == 2 or fits(array.shape[0], None, "head", place, form, self.draft))

    def _is_finite(self, array: AnyArray, place: str, form: Form) -> bool:
        most = largest_of(array)
        fine = np.abs(array) <= most
        if form.hides:
            fine |= (array < 0) & np.isfinite(array)
        if form.minus_infinity:  # -1e30 is how some programs write it
            fine |= array < 0
        if form.gaps:
            fine |= np.isnan(array)
        if fine.all():
            return True
        wrong = np.argwhere(~fine)
        address = ",".join(map(str, wrong[0]))
        problem = say("the array's number is {number}", number=array[tuple(wrong[0])])
        if len(wrong) > 1:
            problem = say("{problem}, and so are {count} more", problem=problem, count=len(wrong) - 1)
        expected = say("its numbers are finite, and none is larger than {most}", most=f"{most:.2g}")
        self.draft.report(f"{place}[{address}]", problem, expected)
        return False
