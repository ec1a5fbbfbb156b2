"""Right sources of every kind the format knows, as they are printed: rounded, in float32, from rounded inputs."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from typing import Any

import numpy as np

from qkvtui.files.read import parse_example
from qkvtui.graph.printed import decimals_of
from qkvtui.trace.trace import Trace
from tests.variants.reference import steps
from tests.variants.sampling import KINDS, Sample

SINGLE = "float32"
PRINTINGS = (ROUND_HALF_UP, ROUND_HALF_EVEN, SINGLE)
INPUTS = ("as they are", "short", "rounded", "said to be rounded")


def right_source(seed: int) -> tuple[Trace, str]:
    """A source whose numbers are all right, and how it was made."""
    kind, inputs = KINDS[seed % len(KINDS)], INPUTS[seed // len(KINDS) % len(INPUTS)]
    printing = PRINTINGS[seed // (len(KINDS) * len(INPUTS)) % len(PRINTINGS)]
    sample = Sample(kind, 10_000 + seed)
    rng = np.random.default_rng([seed, 31])
    tables = {name: dict(table) for name, table in json.loads(sample.text).items() if isinstance(table, dict)}
    written = {"as they are": 17, "short": 1, "rounded": 4, "said to be rounded": 2}[inputs]
    written += int(rng.integers(2)) if written < 10 else 0
    for name in ("inputs", "parameters"):
        shorter = {letter: _rounded(array, written) for letter, array in tables[name].items()}
        if inputs == "short":
            sample.tables[name].update(shorter)
        says = (
            {"decimals": _decimals_to_say(shorter, written, inputs)} if inputs.endswith("rounded") and shorter else {}
        )
        tables[name] = shorter | says
    computed = _computed(sample, printing)
    published = _published(computed, printing, sample, rng)
    text = json.loads(sample.text) | tables | {"published": published}
    return Trace(parse_example(json.dumps(text), kind="json")), f"{kind}, inputs {inputs} ({written}), {printing}"


def _computed(sample: Sample, printing: str) -> dict[str, Any]:
    """Step id → (h, rows, columns), by the reference; in float32 by the program itself."""
    if printing != SINGLE:
        with np.errstate(all="ignore"):
            return steps(sample.tables, sample.t, sample.s)
    example = sample.example()
    single = [
        {name: array.astype(np.float32) for name, array in arrays.items()}
        for arrays in (example.inputs, example.parameters)
    ]
    trace = Trace(replace(example, inputs=single[0], parameters=single[1]))
    return {
        step.id: [trace.matrix(step.id, head) for head in range(trace.shape.heads if step.type.per_head else 1)]
        for step in trace.steps
        if step.id != "summary"
    }


def _published(computed: dict[str, Any], printing: str, sample: Sample, rng: np.random.Generator) -> dict[str, Any]:
    """Some of the steps, with 1 to 9 decimals; in float32 also with as many as each number needs."""
    decimals = int(rng.integers(1, 10))
    shortest = printing == SINGLE and rng.random() < 0.5
    found: dict[str, Any] = {}
    for step, heads in computed.items():
        for head, matrix in enumerate(heads):
            if rng.random() < 0.7:
                name = f"{step}@{head}" if head else step
                found[name] = [[_printed(one, decimals, printing, shortest) for one in row] for row in matrix]
    if not shortest and found and rng.random() < 0.5:
        found["decimals"] = decimals
    return found or {
        "weights": [[_printed(one, decimals, printing, False) for one in row] for row in computed["weights"][0]]
    }


def _printed(number: Any, decimals: int, printing: str, shortest: bool) -> float | None:
    if not np.isfinite(number):
        return None
    if shortest:
        return float(str(np.float32(number)))
    ties = ROUND_HALF_EVEN if printing == SINGLE else printing
    return float(Decimal(repr(float(number))).quantize(Decimal(10) ** -decimals, ties))


def _decimals_to_say(arrays: dict[str, Any], written: int, inputs: str) -> Any:
    """What the file has to say of its rounding: where its numbers do not show it, if only their zeros are missing."""
    if inputs == "said to be rounded":
        return written
    shown = {name: max(map(decimals_of, np.ravel(array).tolist())) for name, array in arrays.items()}
    return {name: written for name, decimals in shown.items() if decimals < written}


def _rounded(array: Any, decimals: int) -> Any:
    return np.round(np.array(array), decimals).tolist() if decimals < 17 else array
