"""What a head does with every token of a sentence alike, such as looking one token back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from ..graph.example import Example
from ..records import record
from .trace import Trace

_ROWS = 256
"""Of a longer text the last so many tokens are asked."""
_FEWEST = 3
"""So many tokens have to be asked; what a single one does is no habit."""
_MOST_OF_IT = 0.5


@record(frozen=True, eq=False)
class HeadRole:
    """A way of attending: which keys each query would look at."""

    name: str
    queries: np.ndarray  # (n,) indices
    keys: np.ndarray  # (n, t) whether the query would look there


def roles_of(example: Example) -> tuple[HeadRole, ...]:
    """The ways of attending that this sentence can tell: for the last two, tokens have to occur again.

    Queries are ordinary tokens; with a causal mask only those that have at least two tokens before them, since the
    first two have hardly a choice. None where the tokens attend to a context.
    """
    if example.context is not None:
        return ()
    count, causal = len(example.tokens), bool(example.attention.causal)
    special = example.special or (False,) * count
    asking = [index for index in range(2 if causal else 0, count) if not special[index]][-_ROWS:]
    queries, keys = np.array(asking, dtype=np.intp), np.arange(count)
    ids = np.array(example.ids or [example.tokens.index(token) for token in example.tokens])
    distance = keys - queries[:, None]  # (n, t)
    visible = (distance <= 0) | (not causal)
    same = (ids[queries][:, None] == ids) & (distance != 0)  # (n, t)
    behind_same = np.zeros_like(same)
    behind_same[:, 1:] = same[:, :-1] & (distance[:, 1:] != 0)
    patterns = {
        "itself": distance == 0,
        "previous": distance == -1,
        "next": distance == 1,
        "first": np.broadcast_to(keys == 0, distance.shape),
        "last": np.broadcast_to(keys == count - 1, distance.shape) & (not causal),
        "duplicate": same,
        "induction": behind_same,
    }
    found = []
    for name, pattern in patterns.items():
        looked_at = pattern & visible
        rows = looked_at.any(axis=-1)
        if rows.sum() >= _FEWEST:
            found.append(HeadRole(name, queries[rows], looked_at[rows]))
    return tuple(found)


def role_shares(trace: Trace, roles: Sequence[HeadRole]) -> list[dict[str, float]]:
    """For each head, how much of its attention goes where each role would look, on average over its queries."""
    return _shares(trace, roles, range(trace.shape.heads))


def role_of_head(trace: Trace, head: int) -> tuple[str, float]:
    """What one head does with most of its attention, whoever asks, and how much of it; empty: nothing in particular."""
    (shares,) = trace.once(("roles", head), lambda: _shares(trace, roles_of(trace.example), (head,)))
    name = main_role(shares)
    return name, shares.get(name, 0.0)


def _shares(trace: Trace, roles: Sequence[HeadRole], heads: Sequence[int]) -> list[dict[str, float]]:
    asking = sorted({int(query) for role in roles for query in role.queries})
    row_of = {query: row for row, query in enumerate(asking)}
    # Rows outside, heads inside: a long text's rows are computed in blocks, all heads at once, and soon forgotten.
    weights = np.array([[trace.row("weights", query, head) for head in heads] for query in asking])  # (n, h, t)
    means = {}
    for role in roles:
        rows = weights[[row_of[int(query)] for query in role.queries]]
        means[role.name] = np.where(role.keys[:, None], rows, 0).sum(axis=-1).mean(axis=0)  # (h,)
    return [{name: float(mean[place]) for name, mean in means.items()} for place in range(len(heads))]


def main_role(shares: Mapping[str, float]) -> str:
    """The role that most of the attention is spent on; empty where there is none."""
    name = max(shares, key=shares.__getitem__, default="")
    return name if name and shares[name] >= _MOST_OF_IT else ""
