"""What a source printed, beside what is computed."""

from __future__ import annotations

from rich.text import Text

from ..narration.numbers import format_for
from ..operations.operation import Drawing
from ..operations.tensors import Address
from ..trace.published import agree, published_row
from ..trace.trace import Trace
from .blocks import BLANK, Block, block, cell, left_cell, shorten
from .listings import Marks
from .look import Look
from .matrices import LONGEST_COLUMN_LABEL
from .operands import step_matrix
from .products import fits

_DRAWN_AS_LISTING = (Drawing.SCALE, Drawing.MASK, Drawing.SOFTMAX)


def shows_printed(trace: Trace, at: Address) -> bool:
    """Whether the step's own drawing has a column for what a source printed."""
    return trace.step(at.name).type.kind in _DRAWN_AS_LISTING


def printed_row(trace: Trace, at: Address) -> tuple[float, ...] | None:
    """What a source printed for the row of this cell; None for a cell of no step."""
    return published_row(trace, at.name, at.row, at.head) if trace.has(at.name) else None


def printed_block(trace: Trace, at: Address, look: Look) -> Block | None:
    """The row as a source printed it below the computed one, for steps whose drawing has no room for it.

    None where a number of the step is hidden: a source that is right would tell it.
    """
    row = printed_row(trace, at)
    if row is None or shows_printed(trace, at) or look.hidden.touches(at.name, at.head):
        return None
    computed = trace.row(at.name, at.row, at.head)
    labels, written = trace.step(at.name).column_labels, format_for([*row, *computed], look.digits)
    good = [agree(trace, printed, float(value)) for printed, value in zip(row, computed, strict=True)]
    names = [cell(f" {shorten(label, LONGEST_COLUMN_LABEL)} ", look.palette.header) for label in labels]
    values = [cell(f" {look.signs(written.text(float(value)))}  ") for value in computed]
    printed = [
        cell(f" {look.signs(written.text(value))} {_sign(one, look)}", None if one else look.palette.wrong)
        for value, one in zip(row, good, strict=True)
    ]
    drawn = block([(BLANK, *names), (cell(look.word("computed")), *values), (cell(look.word("published")), *printed)])
    return drawn if fits(drawn, look) else None


def printed_marks(trace: Trace, step_id: str, at: Address, look: Look) -> tuple[Marks, ...]:
    """What a source printed for this row token by token, and whether the computed numbers agree."""
    row = published_row(trace, step_id, at.row, at.head)
    if row is None or look.hidden.touches(step_id, at.head):
        return ()
    computed = trace.row(step_id, at.row, at.head)
    written = step_matrix(trace, step_id, at.head, look).written

    def printed(key: int) -> Text:
        good = agree(trace, row[key], float(computed[key]))
        text = f" {look.signs(written.text(row[key]))} {_sign(good, look)}"
        return left_cell(text, None if good else look.palette.wrong)

    return (Marks(look.word("published"), printed),)


def _sign(good: bool, look: Look) -> str:
    return look.signs("✓" if good else "✗")
