"""What a template's {name} stands for, by name."""

from __future__ import annotations

import math
from collections.abc import Callable

from ..trace.attends import attends, indices_of
from ..trace.published import OrderConflict
from ..trace.terms import projection_source
from .block_facts import BLOCK_SAYINGS
from .closing_facts import CLOSING_SAYINGS
from .facts import Facts
from .feature_facts import FEATURE_SAYINGS
from .formats import step_format
from .learning_facts import LEARNING_SAYINGS
from .numbers import format_for, number, percent, percents
from .part_facts import PART_SAYINGS
from .sentences import Role, Sentence, Span, filled, joined, plain
from .variant_facts import VARIANT_SAYINGS

_MOST_PARTS = 3
_MOST_GROUPS = 3
_MOST_HEADS = 4


def _plain(value: object) -> Sentence:
    return (Span(str(value)),)


def _source(step: str) -> Callable[[Facts], Sentence]:
    """The sign of what queries or keys are made of."""

    def said(facts: Facts) -> Sentence:
        return _plain(facts.trace.graph.symbol(projection_source(facts.trace, step) or ""))

    return said


def _best_score(facts: Facts) -> Sentence:
    best = float(facts.row("scores", facts.place.query).max())
    return (Span(step_format(facts.trace, "scores", facts.place.head, facts.digits).text(best), Role.NUMBER),)


def _root(facts: Facts) -> Sentence:
    root = math.sqrt(facts.trace.shape.d_k)
    return (Span(str(int(root)) if root.is_integer() else number(root, facts.digits), Role.NUMBER),)


def _root_sign(facts: Facts) -> Sentence:
    return _plain("=" if math.sqrt(facts.trace.shape.d_k).is_integer() else "≈")


def _mixture(facts: Facts) -> Sentence:
    given = [one for one in facts.attends.ranked[: _MOST_PARTS + 2] if one.weight > 0]
    largest = given if len(given) == _MOST_PARTS + 1 else given[:_MOST_PARTS]  # a single rest is named
    given_by = [(one.weight, facts.key_token(one.index)) for one in largest]
    whole = float(facts.row("weights", facts.place.query).sum()) if facts.trace.example.attention.sink else 1.0
    rest = whole - sum(one.weight for one in largest)
    if len(largest) < len(facts.attends.ranked) and rest > 1e-12:
        given_by.append((rest, plain(facts.texts.words["others"])))
    shares = percents([weight for weight, _ in given_by])
    return facts.listed(_given_share(facts, share, token) for share, (_, token) in zip(shares, given_by, strict=True))


def _given_share(facts: Facts, share: str, token: Sentence) -> Sentence:
    """`45% “animal”`, in the order of the language."""
    said = {"share": (Span(share, Role.NUMBER),), "token": token}
    return filled(facts.texts.words["given_share"], said.__getitem__)


def _ties(facts: Facts) -> Sentence:
    groups = facts.attends.ties[:_MOST_GROUPS]
    return joined(
        (
            (
                *facts.tokens(indices_of(group)),
                Span(facts.texts.word("in_brackets", text=number(group[0].weight, facts.digits))),
            )
            for group in groups
        ),
        facts.texts.words["semicolon"],
    )


def _conflict(part: Callable[[OrderConflict], float]) -> Callable[[Facts], Sentence]:
    def say(facts: Facts) -> Sentence:
        assert facts.conflict is not None
        return facts.number(part(facts.conflict))

    return say


def _conflict_token(part: Callable[[OrderConflict], int]) -> Callable[[Facts], Sentence]:
    def say(facts: Facts) -> Sentence:
        assert facts.conflict is not None
        return facts.key_token(part(facts.conflict))

    return say


def _other_heads(facts: Facts) -> Sentence:
    """Whom the query looks at most in the other heads."""
    heads = [head for head in range(facts.trace.shape.heads) if head != facts.place.head][:_MOST_HEADS]
    parts = []
    for head in heads:
        first = attends(facts.trace, facts.place.query, head).ranked[0]
        said = {"head": plain(str(head)), "token": facts.key_token(first.index), "weight": facts.number(first.weight)}
        parts.append(filled(facts.texts.words["looked_at_by_head"], said.__getitem__))
    return joined(parts, facts.texts.words["semicolon"])


def _sharing(facts: Facts) -> Sentence:
    """The query heads that share this head's keys and values."""
    group = facts.trace.shape.heads // facts.trace.shape.kv_heads
    first = facts.trace.kv_head(facts.place.head) * group
    return facts.listed(_plain(head) for head in range(first, first + group))


SAYINGS: dict[str, Callable[[Facts], Sentence]] = {
    **LEARNING_SAYINGS,
    **VARIANT_SAYINGS,
    **CLOSING_SAYINGS,
    **FEATURE_SAYINGS,
    **BLOCK_SAYINGS,
    **PART_SAYINGS,
    "query": lambda facts: facts.token(facts.trace.example.tokens[facts.place.query], Role.QUERY),
    "key": lambda facts: facts.key_token(facts.place.key),
    "d_model": lambda facts: _plain(facts.trace.shape.d_model),
    "d_k": lambda facts: _plain(facts.trace.shape.d_k),
    "d_out": lambda facts: _plain(facts.trace.step("projected").shape[1]),
    "heads": lambda facts: _plain(facts.trace.shape.heads),
    "kv_heads": lambda facts: _plain(facts.trace.shape.kv_heads),
    "head": lambda facts: _plain(facts.place.head),
    "query_count": lambda facts: _plain(facts.trace.shape.queries),
    "key_count": lambda facts: _plain(facts.trace.shape.keys),
    "query_source": _source("queries"),
    "key_source": _source("keys"),
    "x_query": lambda facts: facts.vector(facts.row("embeddings", facts.place.query)),
    "q_query": lambda facts: facts.vector(facts.row("queries", facts.place.query)),
    "k_key": lambda facts: facts.vector(facts.row("keys", facts.place.key)),
    "v_key": lambda facts: facts.vector(facts.row("values", facts.place.key)),
    "o_query": lambda facts: facts.vector(facts.row("output", facts.place.query)),
    "p_query": lambda facts: facts.vector(facts.row("projected", facts.place.query)),
    "score": lambda facts: facts.cell("scores"),
    "scaled": lambda facts: facts.cell("scaled"),
    "weight": lambda facts: facts.cell("weights"),
    "weight_percent": lambda facts: (
        Span(percent(float(facts.row("weights", facts.place.query)[facts.place.key])), Role.NUMBER),
    ),
    "best_score": _best_score,
    "best_score_token": lambda facts: facts.key_token(facts.best[0]),
    "best_score_tokens": lambda facts: facts.tokens(facts.best),
    "scale": lambda facts: (
        Span(
            format_for([facts.trace.factor], max(4, facts.digits)).text(facts.trace.factor),
            Role.NUMBER,
        ),
    ),
    "root": _root,
    "root_sign": _root_sign,
    "decimals": lambda facts: _plain(facts.trace.round_each),
    "row_total": lambda facts: facts.number(float(facts.row("weights", facts.place.query).sum())),
    "allowed": lambda facts: _plain(facts.allowed),
    "mixture": _mixture,
    "first": lambda facts: facts.tokens(indices_of(facts.attends.first)),
    "first_one": lambda facts: facts.key_token(facts.first),
    "first_weight": lambda facts: facts.weight(facts.attends.ranked[0].weight),
    "first_percent": lambda facts: (Span(percent(facts.attends.ranked[0].weight), Role.NUMBER),),
    "others": lambda facts: facts.listed(facts.with_weight(one) for one in facts.others),
    "other_heads": _other_heads,
    "sharing": _sharing,
    "kv_head": lambda facts: _plain(facts.trace.kv_head(facts.place.head)),
    "effective": lambda facts: (Span(number(facts.attends.effective, 1), Role.NUMBER),),
    "ties": _ties,
    "printed_key": lambda facts: facts.weight(facts.printed(facts.place.key) or 0.0),
    "printed_first": lambda facts: facts.weight(facts.printed(facts.first) or 0.0),
    "conflict_larger": _conflict_token(lambda conflict: conflict.larger),
    "conflict_smaller": _conflict_token(lambda conflict: conflict.smaller),
    "conflict_larger_score": _conflict(lambda conflict: conflict.scores[0]),
    "conflict_smaller_score": _conflict(lambda conflict: conflict.scores[1]),
    "conflict_larger_weight": _conflict(lambda conflict: conflict.weights[0]),
    "conflict_smaller_weight": _conflict(lambda conflict: conflict.weights[1]),
}
