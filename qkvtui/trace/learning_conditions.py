"""What a learning task asks of an example: what moves, and how far the way back goes."""

from __future__ import annotations

from ..files.example import Example
from .conditions import head_count


def learns(example: Example) -> bool:
    """Whether the example has a learning task."""
    return example.learn is not None


def last_step(example: Example) -> str:
    """The id of the layer's last step."""
    if "W_O" in example.parameters:
        return "projected"
    return "heads" if head_count(example) > 1 else "output"


def last_symbol(example: Example) -> str:
    """Its symbol."""
    return {"projected": "P", "heads": "H", "output": "O"}[last_step(example)]


def moves(example: Example, *names: str) -> bool:
    """Whether any of these parameters and inputs is trained."""
    return example.learn is not None and not set(names).isdisjoint(example.learn.train)


def asking_moves(example: Example) -> bool:
    """Whether a gradient is wanted that comes through the queries."""
    return moves(example, "W_Q", "b_Q", "X", "E")


def _attended(example: Example) -> tuple[str, str]:
    return ("E", "Y" if example.context is not None else "X")


def keys_move(example: Example) -> bool:
    """Whether a gradient is wanted that comes through the keys."""
    return moves(example, "W_K", "b_K", *_attended(example))


def values_move(example: Example) -> bool:
    """Whether a gradient is wanted that comes through the values, and whether any does."""
    return reaches_output(example) and moves(example, "W_V", "b_V", *_attended(example))


def reaches_output(example: Example) -> bool:
    """Whether the loss looks at what the layer gives, not only at its weights."""
    return example.learn is not None and example.learn.objective != "attention"


def reads_label(example: Example) -> bool:
    """Whether a label is read from the output."""
    return example.learn is not None and example.learn.objective == "label"


def scores_move(example: Example) -> bool:
    """Whether the way back goes through the scores."""
    return asking_moves(example) or keys_move(example)


def output_moves(example: Example) -> bool:
    """Whether the way back goes through the heads' outputs."""
    return reaches_output(example) and (scores_move(example) or values_move(example))
