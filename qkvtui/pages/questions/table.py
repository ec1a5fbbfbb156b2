"""QUESTIONS, the one table of the questions a beginner asks: where each arises, and what its answer is made of."""

from __future__ import annotations

from ...trace.parts import Step
from ...trace.trace import Trace
from . import around, favourites, masks, outputs, projections, scores, softmaxes
from .inquiry import WhyQuestion

_LEARNING = "learning"
"""Stands for every step behind the answer: the loss, the way back, the update."""

QUESTIONS: tuple[WhyQuestion, ...] = (
    WhyQuestion(
        "query",
        ("queries", "normed_queries", "rotated_queries", "unit_queries", "mapped_queries"),
        (projections.what_a_query_is, projections.what_it_meets),
    ),
    WhyQuestion(
        "x_from",
        ("embeddings", "word_rows", "place_rows"),
        (projections.where_x_comes_from, projections.rows_of_x, projections.before_x),
    ),
    WhyQuestion(
        "three",
        ("embeddings", "queries", "keys", "values"),
        (projections.three_matrices, projections.one_matrix_for_both),
    ),
    WhyQuestion(
        "who_sets",
        ("queries", "keys", "values", "update"),
        (projections.who_sets, projections.what_moves_it, projections.nobody_sets_it),
    ),
    WhyQuestion(
        "dot",
        ("scores", "mapped_queries", "unit_keys"),
        (scores.product_by_product, scores.length_times_length, scores.all_at_once),
    ),
    WhyQuestion("root", ("scaled", "capped"), (scores.growing_sums, scores.three_scales)),
    WhyQuestion("mask", ("masked", "biased"), (masks.what_is_added,)),
    WhyQuestion("exp", ("weights",), (softmaxes.three_kinds_of_share, softmaxes.why_e)),
    WhyQuestion("max", ("weights",), (softmaxes.with_and_without, softmaxes.the_end_of_float32)),
    WhyQuestion("rows", ("weights",), (softmaxes.sums_of_rows_and_columns, softmaxes.down_the_columns)),
    WhyQuestion(
        "everybody", ("scores", "weights", "summary"), (favourites.first_of_all, favourites.length_and_direction)
    ),
    WhyQuestion(
        "itself",
        ("scores", "weights", "summary"),
        (favourites.itself_and_the_first, favourites.why_not_itself, favourites.nothing_forgotten),
    ),
    WhyQuestion("head", ("queries", "heads", "projected", "summary"), (outputs.what_a_head_is,)),
    WhyQuestion(
        "output",
        ("output", "values", "heads", "projected", "added", "fed_added", "left", "summary"),
        (outputs.added_to_what_it_was, outputs.what_comes_then),
    ),
    WhyQuestion(
        "cache", ("keys", "values", "masked", "rotated_keys", "normed_keys"), (masks.what_stays, masks.how_much_is_kept)
    ),
    WhyQuestion(
        "norm",
        ("normed", "normed_added", "normed_left"),
        (around.sizes_before_and_after, around.why_one_size),
        only_there=True,
    ),
    WhyQuestion(
        "mlp",
        ("hidden", "gate", "activated", "gated", "fed"),
        (around.what_gets_through, around.why_a_curve),
        only_there=True,
    ),
    WhyQuestion(
        "next",
        ("tempered", "probabilities", "logits"),
        (around.at_temperatures, around.why_not_the_best),
        only_there=True,
    ),
    WhyQuestion("gradient", (_LEARNING,), (outputs.a_nudge,)),
)
"""The nineteen, in the order in which a lesson leads to them."""


def questions_of(trace: Trace) -> tuple[WhyQuestion, ...]:
    """The questions that are asked of a lesson."""
    return tuple(
        question
        for question in QUESTIONS
        if not question.only_there or any(arises_at(question, step) for step in trace.steps)
    )


def arises_at(question: WhyQuestion, step: Step) -> bool:
    """Whether a question is one of those that a step raises."""
    return step.id in question.steps or (_LEARNING in question.steps and step.type.learns)
