"""STEPS, the one ordered table of what attention does, and the graph of an example that follows from it."""

from __future__ import annotations

from collections.abc import Callable

from ..operations.additive import Additive
from ..operations.elementwise import Added, Scaled, capped
from ..operations.given import Given
from ..operations.join import Joined, Repeated
from ..operations.norm import rms_norm, unit_length
from ..operations.operation import Drawing, Heads, Operation
from ..operations.product import Factor, Product
from ..operations.rotation import Rotated
from ..operations.softmax import Softmax
from ..operations.tensors import Axis
from .block_steps import AROUND, NORMED, entering
from .example import NO_SCALE, STANDARD_SCALE, Example
from .masks import masks_of
from .printed import scale_text
from .rows import Draft, Graph, GraphRow, StepType, is_plain, sizes_of
from .settings import pairing_of, places, settings_of
from .word_steps import WORD_STEPS, encoded, incoming

QUERY, KEY, FEATURE = Axis.QUERY, Axis.KEY, Axis.FEATURE


def _embeddings(draft: Draft) -> Operation | None:
    if "X" not in draft.example.inputs:
        return None
    computed = incoming(draft)
    if computed is not None:
        return computed
    return Given("X", written="X" if draft.example.context is None else "X, Y")


def _projection(letter: str, *sources: str) -> Callable[[Draft], Operation | None]:
    """X W + b, its columns divided among the heads; or as the file gives it."""

    def made(draft: Draft) -> Operation | None:
        example, sizes = draft.example, draft.sizes
        if letter not in example.inputs and ("X" not in example.inputs or is_plain(example)):
            return None
        group = 1 if letter == "Q" else sizes.heads // sizes.kv_heads
        if "X" not in example.inputs:
            heads = Heads(sizes.heads, group, sizes.leaves[letter][-1])
            return Given(letter, heads if group > 1 else None, Drawing.PROJECTION)
        weights = f"W_{letter}"
        heads = Heads(sizes.heads, group, sizes.leaves[weights][1] * group // sizes.heads)
        left = next((name for name in sources if name in example.given), None)
        if left is None:
            left = "encoded" if sources and "encoded" in draft.rows else _asking(draft)
        return Product(((Factor(left), Factor(weights)),), _bias(example, letter), heads, Drawing.PROJECTION)

    return made


def _asking(draft: Draft) -> str:
    """What queries are made of: X, as it is given or computed, or that normed."""
    return draft.roles.get("asking") or entering(draft)


def _bias(example: Example, letter: str) -> str | None:
    return f"b_{letter}" if f"b_{letter}" in example.parameters else None


def _normed(role: str, letter: str, rows: Axis) -> Callable[[Draft], Operation | None]:
    def made(draft: Draft) -> Operation | None:
        if not draft.example.attention.norm or role not in draft.roles:
            return None
        source = draft.roles[role]
        return rms_norm(source, draft.symbol(source), f"g_{letter}", rows, letter)

    return made


def _rotated(role: str, rows: Axis) -> Callable[[Draft], Operation | None]:
    def made(draft: Draft) -> Operation | None:
        rotary = draft.example.attention.rotary
        if rotary is None or role not in draft.roles:
            return None
        source = draft.roles[role]
        return Rotated(source, rows, pairing_of(draft, rotary), places(draft).start if rows is QUERY else 0)

    return made


def _unit(role: str, letter: str, rows: Axis) -> Callable[[Draft], Operation | None]:
    def made(draft: Draft) -> Operation | None:
        if draft.example.attention.scoring != "cosine" or role not in draft.roles:
            return None
        source = draft.roles[role]
        return unit_length(source, draft.symbol(source), rows, letter)

    return made


def _mapped(draft: Draft) -> Operation | None:
    if draft.example.attention.scoring != "general" or "queries" not in draft.roles:
        return None
    return Product(((Factor(draft.roles["queries"]), Factor("W_S")),), drawing=Drawing.ELEMENTWISE)


def _scores(draft: Draft) -> Operation:
    if "S" in draft.example.inputs:
        return Given("S", drawing=Drawing.PROJECTION)
    if draft.example.attention.scoring == "additive":
        return Additive(draft.roles["queries"], draft.roles["keys"], "v_S")
    queries, keys = Factor(draft.roles["queries"]), Factor(draft.roles["keys"], turned=True)
    return Product(((queries, keys),), drawing=Drawing.SCORES)


def _scaled(draft: Draft) -> Operation | None:
    scale = draft.example.attention.scale
    if scale == NO_SCALE:
        return None
    factor = scale_text(scale)
    if isinstance(scale, float) and set("+-") & set(factor[1:]):
        factor = f"({factor})"
    return Scaled(draft.roles["scores"], "scale", "/ √d_k" if scale == STANDARD_SCALE else f"· {factor}")


def _capped(draft: Draft) -> Operation | None:
    cap, scores = draft.example.attention.softcap, draft.roles["scores"]
    return None if cap is None else capped(scores, draft.symbol(scores), cap)


def _biased(draft: Draft) -> Operation | None:
    if draft.example.attention.bias is None:
        return None
    return Added(draft.roles["scores"], "bias", "bias", Drawing.ELEMENTWISE)


def _masked(draft: Draft) -> Operation | None:
    if not masks_of(draft):
        return None
    return Added(draft.roles["scores"], "mask", "M")


def _weights(draft: Draft) -> Operation:
    return Softmax(draft.roles["scores"], sink="sink" if draft.example.attention.sink else None)


def _output(draft: Draft) -> Operation:
    weights, values = Factor(draft.roles["weights"]), Factor(draft.roles["values"])
    return Product(((weights, values),), drawing=Drawing.WEIGHTED_SUM)


def _heads(draft: Draft) -> Operation | None:
    if draft.sizes.heads == 1:
        return None
    source = draft.roles["result"]
    return Joined(source, Heads(draft.sizes.heads, 1, draft.shape(source)[1]))


def _projected(draft: Draft) -> Operation | None:
    if "W_O" not in draft.example.parameters:
        return None
    pair = (Factor(draft.roles["result"]), Factor("W_O"))
    return Product((pair,), _bias(draft.example, "O"), drawing=Drawing.PROJECTION)


def _summary(draft: Draft) -> Operation:
    weights = draft.roles["weights"]
    return Repeated(weights, draft.rows[weights].operation)


STEPS: tuple[StepType, ...] = (
    *WORD_STEPS,
    StepType(
        "embeddings",
        "X",
        QUERY,
        FEATURE,
        _embeddings,
        per_head=False,
        width="m",
        needs="X",
    ),
    NORMED,
    StepType("encoded", "Y", KEY, FEATURE, encoded, per_head=False, width="m", has_gradient=False, is_published=False),
    StepType("queries", "Q", QUERY, FEATURE, _projection("Q"), "queries", width="k", needs="Q"),
    StepType("keys", "K", KEY, FEATURE, _projection("K", "Y"), "keys", width="keys", needs="Q"),
    StepType("values", "V", KEY, FEATURE, _projection("V", "Z", "Y"), "values", width="v", needs="V"),
    StepType(
        "normed_queries", "Qn", QUERY, FEATURE, _normed("queries", "Q", QUERY), "queries", width="k", needs="norm"
    ),
    StepType("normed_keys", "Kn", KEY, FEATURE, _normed("keys", "K", KEY), "keys", width="keys", needs="norm"),
    StepType("rotated_queries", "Q′", QUERY, FEATURE, _rotated("queries", QUERY), "queries", width="k", needs="rotary"),
    StepType("rotated_keys", "K′", KEY, FEATURE, _rotated("keys", KEY), "keys", width="keys", needs="rotary"),
    StepType("unit_queries", "Qe", QUERY, FEATURE, _unit("queries", "Q", QUERY), "queries", width="k", needs="cosine"),
    StepType("unit_keys", "Ke", KEY, FEATURE, _unit("keys", "K", KEY), "keys", width="keys", needs="cosine"),
    StepType("mapped_queries", "Qs", QUERY, FEATURE, _mapped, "queries", width="keys", needs="general"),
    StepType("scores", "S", QUERY, KEY, _scores, "scores"),
    StepType("scaled", "S′", QUERY, KEY, _scaled, "scores", needs="scale"),
    StepType("capped", "C", QUERY, KEY, _capped, "scores", needs="softcap"),
    StepType("biased", "B", QUERY, KEY, _biased, "scores", has_gradient=False, needs="bias"),
    StepType("masked", "S″", QUERY, KEY, _masked, "scores", has_gradient=False, needs="mask"),
    StepType("weights", "A", QUERY, KEY, _weights, "weights"),
    StepType("output", "O", QUERY, FEATURE, _output, "result", width="v"),
    StepType("heads", "H", QUERY, FEATURE, _heads, "result", per_head=False, width="side_by_side", needs="heads"),
    StepType("projected", "P", QUERY, FEATURE, _projected, "result", per_head=False, width="out", needs="W_O"),
    StepType("summary", "A", QUERY, KEY, _summary, has_gradient=False, is_published=False),
    *AROUND,
)

PUBLISHED: dict[str, StepType] = {kind.id: kind for kind in STEPS if kind.is_published}
"""The steps whose numbers a file can publish, by id, in the order of the computation."""


def graph_of(example: Example) -> Graph:
    """The way forward: every step of STEPS that the example has, and its settings."""
    graph = Graph(example, sizes_of(example))
    for kind in STEPS:
        operation = kind.made(graph)
        if operation is None:
            continue
        group = operation.group(graph)
        row = GraphRow(kind.id, kind.symbol, operation, kind.rows, kind.columns, kind.per_head, group)
        graph.add(row, kind.role)
    for setting in settings_of(graph):
        graph.add_setting(*setting)
    return graph
