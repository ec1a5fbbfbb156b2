"""Lessons as a Python script that computes and checks them, with NumPy and, where it is installed, with PyTorch."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from textwrap import fill, indent
from typing import TYPE_CHECKING

import numpy as np

from .. import __version__
from ..errors import UsageError
from ..files.clean import clean_line
from ..files.phrases import with_commas
from ..said import say
from ..trace.parts import Step
from ..trace.trace import Trace
from .as_json import LARGEST_STEP, refuse_too_large
from .code_arrays import rows_code
from .code_lines import CodeLines
from .request import PrintedLesson, Request

if TYPE_CHECKING:
    from .code_back import BackLines

_EXACT, _SINGLE = 1e-9, 1e-4
"""How far numbers of float64 and of float32 may be apart, relative to the size of 1 or more."""


def lessons(printed: Sequence[PrintedLesson], request: Request) -> str:
    """One script for all lessons; of a worksheet the numbers to fill in are `...`, and wrong ones are told by place."""
    says = request.look.texts.code
    check = (_FILLED_IN if _is_worksheet(request) else _COMPARED).format_map(says)
    parts = [_HEAD.format(head=says["head"].format(version=__version__), check=check)]
    parts += [_lesson(one, request) for one in printed]
    parts.append("report()\n" if _is_worksheet(request) else f"print({says['all_hold']!r})\n")
    return "\n\n".join(parts)


def _is_worksheet(request: Request) -> bool:
    return request.blank is not None


def _lesson(printed: PrintedLesson, request: Request) -> str:
    trace, says = printed.lesson.trace, request.look.texts.code
    if trace.example.is_stored:
        raise UsageError(say("--format python: a script has all numbers in it, and those of a model are too many"))
    steps = [step for step in printed.steps if _is_written(step, trace)]
    if not steps:
        there = with_commas([step.id for step in trace.steps if _is_written(step, trace)])
        raise UsageError(say("--format python has the steps with numbers: {names}", names=there))
    refuse_too_large(steps, trace, LARGEST_STEP, "python")
    arrays = (*trace.example.inputs.values(), *trace.example.parameters.values())
    tolerance = _SINGLE if any(array.dtype == np.float32 for array in arrays) else _EXACT
    tables = (f"    {name!r}: {rows_code(numbers, '    ')},\n" for name, numbers in _expected(printed, request, steps))
    numpy, torch = CodeLines(trace, "np", request.look), CodeLines(trace, "torch", request.look)
    back = _back(trace, steps, request)
    lines = [
        f"# {clean_line(trace.example.title.in_language(request.look.language))}",
        *([f"# {says['worksheet']}"] if printed.asked is not None and not request.key else []),
        f"tokens = {list(trace.example.tokens)!r}",
        *([] if trace.example.context is None else [f"context = {list(trace.example.context)!r}"]),
        "",
        f"# {says['with_numpy']}",
        *numpy.lines(),
        *(() if back is None else ("", f"# {says['way_back']}", *back.numpy())),
        "",
        f"tolerance = {tolerance!r}",
        f"printed = {{\n{''.join(tables)}}}",
        _compared(printed, request, {step: step.id for step in steps}),
        "",
        f"# {says['with_torch']}",
        "if torch is not None:",
        indent("\n".join(_torch(printed, request, steps, torch, back)), "    "),
    ]
    at_once = torch.at_once()
    if at_once is not None:
        told = ["", f"# {says['at_once']}", at_once]
        lines.append(indent("\n".join([*told, "assert torch.allclose(at_once, output, atol=tolerance)"]), "    "))
    return "\n".join(lines) + "\n"


def _is_written(step: Step, trace: Trace) -> bool:
    """Whether a script computes it: of several layers not what comes back, part of which is another layer's."""
    return step.type.has_numbers and not (step.type.learns and trace.layers is not None)


def _back(trace: Trace, steps: Sequence[Step], request: Request) -> BackLines | None:
    """The lines of the way back, where a step of it is printed."""
    if not any(step.type.learns for step in steps) or not trace.has("loss"):
        return None
    from .code_back import BackLines  # only here: few examples learn

    return BackLines(trace, request.look)


def _torch(
    printed: PrintedLesson, request: Request, steps: Sequence[Step], torch: CodeLines, back: BackLines | None
) -> Iterator[str]:
    """The same steps, and what autograd finds on the way back; nothing comes back through rounding."""
    yield "torch.set_default_dtype(torch.float64)"
    if back is None or printed.lesson.trace.round_each is not None:
        yield from torch.lines()
        yield _compared(printed, request, {step: step.id for step in steps if not step.type.learns})
        return
    yield from torch.lines(back.leaves)
    yield from back.torch()
    found = ((step, back.found_by_torch(step)) for step in steps)
    yield _compared(printed, request, {step: code for step, code in found if code is not None})


def _compared(printed: PrintedLesson, request: Request, steps: Mapping[Step, str]) -> str:
    """The call that compares steps, each called so, with what was printed."""
    several = printed.lesson.trace.shape.heads > 1
    names = []
    for step, code in steps.items():
        if step.type.per_head and several:
            names += [f'"{step.id}@{head}": {code}[{head}]' for head in _heads(printed, request)]
        else:
            names.append(f'"{step.id}": {code}')
    computed = fill(", ".join(names), 100, break_on_hyphens=False, break_long_words=False)
    return f"compare(\n{indent(f'{{{computed}}},', '    ')}\n    printed,\n    tolerance,\n)"


def _heads(printed: PrintedLesson, request: Request) -> range:
    head = printed.lesson.place.head
    return range(printed.lesson.trace.shape.heads) if request.all_heads else range(head, head + 1)


def _expected(
    printed: PrintedLesson, request: Request, steps: Sequence[Step]
) -> Iterator[tuple[str, list[list[object]]]]:
    """The numbers as JSON has them; `...` where one is hidden."""
    scene, several = printed.scene, printed.lesson.trace.shape.heads > 1
    for step in steps:
        is_of_head = step.type.per_head and several
        for head in _heads(printed, request) if is_of_head else (0,):
            numbers = scene.matrix(step.id, head)
            mask = scene.mask(step.id, head, np.ndindex(numbers.shape))
            rows: list[list[object]] = numbers.tolist()
            if mask is not None:
                for row, column in np.argwhere(mask.reshape(numbers.shape)).tolist():
                    rows[row][column] = Ellipsis
            yield (f"{step.id}@{head}" if is_of_head else step.id), rows


_HEAD = """\
# {head}
import math

import numpy as np

try:
    import torch
except ImportError:
    torch = None

inf = float("inf")


{check}"""
_COMPARED = '''\
def compare(computed, printed, tolerance):
    """{compared}"""
    for name, found in computed.items():
        numbers = np.array(printed[name])
        size = max(1.0, abs(numbers[np.isfinite(numbers)]).max(initial=0.0))
        np.testing.assert_allclose(np.asarray(found), numbers, rtol=tolerance, atol=tolerance * size, err_msg=name)
'''
_FILLED_IN = '''\
wrong, blank = set(), set()


def compare(computed, printed, tolerance):
    """{filled_in}"""
    for name, rows in printed.items():
        for row, numbers in enumerate(rows):
            for column, number in enumerate(numbers):
                place = f"{{name}}[{{row}},{{column}}]"
                if number is ...:
                    blank.add(place)
                elif not np.isclose(number, float(computed[name][row][column]), rtol=tolerance, atol=0.0051):
                    wrong.add(place)


def report():
    """{report}"""
    print(f"{left}")
    assert not wrong, "{wrong}" + " ".join(sorted(wrong))
'''
