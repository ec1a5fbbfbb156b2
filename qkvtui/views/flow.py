"""The map: from X over queries, keys and values to the output, with "you are here"."""

from __future__ import annotations

from rich.style import Style
from rich.text import Text

from ..operations.operation import Drawing
from ..trace.terms import projection_letter, projection_source
from ..trace.trace import Step, Trace
from ..trace.walk import Place, step_at
from .blocks import cell
from .look import Look


def crumbs(trace: Trace, place: Place, look: Look) -> Text:
    """All steps in one line, `X › Q › K › V › [S] › S′ › A › O`; where not all fit, those around the current one."""
    here = step_at(trace, place).number - 1
    shown = range(len(trace.steps))
    while (line := _crumbs(trace, shown, here, look)).cell_len > look.width and len(shown) > _FEWEST_CRUMBS:
        shown = shown[1:] if here - shown[0] > shown[-1] - here else shown[:-1]
    return line


_FEWEST_CRUMBS = 3


def _crumbs(trace: Trace, shown: range, here: int, look: Look) -> Text:
    line = cell(look.signs("… › ") if shown[0] > 0 else "", look.palette.dim)
    for index in shown:
        if index > shown[0]:
            line.append(look.signs(" › "), look.palette.dim)
        symbol = look.signs(_symbol(trace.steps[index]))
        style = look.palette.cell if index == here else look.palette.dim
        line.append(f"[{symbol}]" if index == here else symbol, style + Style(meta={"step": index}))
    if shown[-1] < len(trace.steps) - 1:
        line.append(look.signs(" › …"), look.palette.dim)
    return line


def flow_lines(trace: Trace, place: Place | None, look: Look) -> list[Text]:
    """The map, one step a line; `place` None marks nothing."""
    here = None if place is None else step_at(trace, place)
    names = look.texts.step_names
    lines: list[Text] = []
    for step in trace.steps:
        mark = look.signs("▸") if step == here else " "
        line = cell(f"{mark}{look.signs(_how(trace, step, look))}")
        line.append(" " * max(2, 20 - line.cell_len))
        line.append(look.signs(names[step.id].replace("gradient: ", "∇ ")))
        if step == here:
            here_mark = cell(look.signs(f"  ◂ {look.word('here')}"))
            if line.cell_len + here_mark.cell_len <= look.width:
                line.append_text(here_mark)
            line.stylize(look.palette.marked)
        lines.append(line)
    return lines


def _symbol(step: Step) -> str:
    return "✓" if step.type.kind is Drawing.SUMMARY else step.symbol


def _how(trace: Trace, step: Step, look: Look) -> str:
    """How the step's matrix comes about, as a branch of the map."""
    match step.type.kind:
        case Drawing.GIVEN:
            return step.formula
        case Drawing.PROJECTION:
            source = projection_source(trace, step.id)
            if source is None:
                return f"├─→ {step.symbol}"
            branch = "└" if step.id in ("values", "projected") else "├"
            name, weights = {"output": "O", "heads": "H"}.get(source, source), f"W_{projection_letter(trace, step.id)}"
            product = f"{weights}ᵀ·{name}" if look.in_columns else f"{name}·{weights}"
            return f"{branch}─ {product} → {step.symbol}"
        case Drawing.SUMMARY:
            return "✓"
        case _:
            return look.formula(step)
