"""Arrays of numbers as Python writes them, for NumPy or PyTorch."""

from __future__ import annotations

from typing import Literal

import numpy as np

from ..engine.arrays import BoolArray, FloatArray, as_written

Library = Literal["np", "torch"]


def array_code(array: FloatArray | BoolArray, library: Library) -> str:
    """An array with all its digits, a row a line."""
    kind = "" if array.dtype != np.float32 else f", dtype={library}.float32"
    return f"{library}.{'array' if library == 'np' else 'tensor'}({rows_code(as_written(array).tolist())}{kind})"


def rows_code(value: object, indent: str = "") -> str:
    """A number, a list, or lists of lists, a row a line; `...` stands where a number is to be filled in."""
    if isinstance(value, list) and value and isinstance(value[0], list):
        inner = f"{indent}    "
        return "[\n" + "".join(f"{inner}{rows_code(row, inner)},\n" for row in value) + f"{indent}]"
    if isinstance(value, list):
        return f"[{', '.join(map(rows_code, value))}]"
    return "..." if value is Ellipsis else repr(value)
