"""Numbers that people published, and what is wrong with them: recomputed by hand, or known from the bug report.

Each file beside this one says where its numbers are from: books, courses, test suites of libraries and autograders, and
notes; and what comes out of the mistakes that bug reports describe. The numbers are facts, credited in `source`.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from qkvtui.files.read import load
from qkvtui.trace.slips import Diagnosis, diagnose
from qkvtui.trace.trace import Trace

HERE = Path(__file__).parent

HOLD = (
    "coursera_dls_masked",
    "coursera_dls_unmasked",
    "d2l_valid_lens_2",
    "decoder_query_201",
    "deepml_107_4",
    "deepml_107_6",
    "deepml_53_case2",
    "deepml_94_heads4",
    "dog_quickly",
    "dvgodoy_context",
    "karpathy_average",
    "keras_attention_dot",
    "keras_mha8",
    "leetgpu_111_backward",
    "leetgpu_112_sinks",
    "leetgpu_26_cross_multihead",
    "leetgpu_53_causal",
    "leetgpu_55_alibi_ex2",
    "leetgpu_59_window_ex1",
    "leetgpu_6_example2",
    "leetgpu_6_softmax",
    "leetgpu_80_gqa",
    "r_attention_complete",
    "random_transformer_30",
    "statquest_masked",
    "statquest_self",
    "tf_tutorial_three_queries",
    "yang_multihead",
)
"""Every number in them is right."""

OFF: dict[str, set[str]] = {
    # sources with wrong numbers
    "attention_md": {"arithmetic"},
    "beyond_rnns": {"arithmetic"},
    "cat_sat_on": {"arithmetic"},
    "causal_dk4": {"arithmetic"},
    "deepml_94_example": {"arithmetic"},
    "four_by_three": {"arithmetic"},
    "i_love_cats_softmax": {"arithmetic"},
    "i_love_ml": {"early-rounding"},
    # its key 4 0 0 for 4 4 0; as in Karim, weights 0.0 0.5 0.5 for 0.06 0.47 0.47, which rounded would add up to 1.1,
    # and an output that is made of them
    "karim_repost_typo": {"arithmetic", "row-adjusted", "early-rounding"},
    "keras_attention_concat": {"truncated"},
    "leetgpu_55_alibi": {"arithmetic"},
    "luong_cats": {"arithmetic"},
    "microgpt_comment": {"arithmetic"},
    "movie_notes": {"arithmetic"},
    "random_transformer_tex": {"misprinted-parameter"},
    "selfattn_md": {"arithmetic"},
    "she_loves_cats": {"early-rounding"},
    "the_cat_sat_lo": {"row-adjusted"},
    "vi_i_love_ai": {"no-exp"},
    "w3_wrong_right": {"arithmetic"},
    "yang_why_scale": {"arithmetic"},
    "zh_handcalc_2tok": {"early-rounding"},
    # what the mistakes of bug reports give
    "alibi_sign": {"bias-negated"},
    "bias_before_scale": {"bias-before-scale"},
    "bias_forgotten": {"bias-forgotten"},
    "causal_bottom_right": {"causal-shifted"},
    "causal_hides_self": {"causal-shifted"},
    "cs231n_dropout": {"dropout-on"},
    "dropout_on": {"dropout-on"},
    "dropout_rows_1111": {"dropout-on"},
    "full_row_uniform": {"mask-not-infinite"},
    "goodfeatures": {"mask-multiplied"},
    "heads_interleaved": {"heads-cut-wrongly"},
    "heads_merge_no_permute": {"heads-cut-wrongly"},
    "mask_added_01": {"mask-added-as-numbers"},
    "mask_inverted": {"mask-inverted"},
    "mask_minus_10": {"mask-not-infinite"},
    "mask_multiplies_scores": {"mask-multiplied"},
    # not divided, and its last step is what W_O should have been applied to: two mistakes
    "no_scale_no_wo": {"no-scale", "output-projection-forgotten"},
    "order_q_v_k": {"swap-k-v"},
    "padding_inverted": {"mask-inverted"},
    "padding_on_queries": {"padding-on-queries"},
    "residual_added": {"residual-added"},
    "rope_half": {"rotation-pairs-swapped"},
    "scale_d_model_heads": {"scale-by-d_model"},
    "scale_multiplied": {"other-scale"},
    "scale_twice": {"scale-by-d_k"},
    "softmax_dim0": {"softmax-over-columns"},
    "softmax_plus_one": {"softmax-plus-one"},
    "softmax_single_query": {"softmax-over-columns"},
    "softmax_twice": {"softmax-twice"},
    "t5_scaled": {"other-scale"},
    "tlens_385": {"mask-not-infinite"},
    "values_are_x": {"values-are-inputs"},
    "weights_times_scores": {"weights-times-scores"},
    "weights_transposed": {"transposed-weights"},
    "window_off_by_one": {"window-off-by-one"},
}
"""Name → the slips behind its wrong numbers: these, and no others."""


def diagnosis_of(name: str) -> Diagnosis:
    return diagnose(Trace(load(str(HERE / f"{name}.toml"))))


@pytest.mark.sampled(10)
@pytest.mark.parametrize("name", HOLD)
def test_a_right_source_is_not_accused(name: str) -> None:
    """The author of a right test suite was told that it is wrong."""
    diagnosis = diagnosis_of(name)
    assert (diagnosis.wrong, diagnosis.findings, diagnosis.slips) == ((), (), ())


@pytest.mark.sampled(3)
@pytest.mark.parametrize("name", OFF)
def test_a_wrong_source_has_exactly_the_slips_that_were_made(name: str) -> None:
    """Whoever reported the bug was not told of it, or of another one that nobody made."""
    diagnosis = diagnosis_of(name)
    assert diagnosis.wrong
    assert set(diagnosis.slips) == OFF[name]


def test_the_misprinted_number_is_named_with_its_place_and_what_it_was() -> None:
    """A reader was told that Q is wrong, and not which number of W_Q the post misprints."""
    (finding,) = diagnosis_of("random_transformer_tex").findings
    assert finding.explanations[0].parts == ("W_Q[3,1]", "1", "0")


def test_every_file_is_in_the_table_and_says_where_its_numbers_are_from() -> None:
    """A source would have been used without credit, or looked at by no test."""
    there = {path.stem for path in HERE.glob("*.toml")}
    assert there == {*HOLD, *OFF}
    assert [name for name in there if not _says_its_source(name)] == []


def _says_its_source(name: str) -> bool:
    return '\nsource = "' in (HERE / f"{name}.toml").read_text(encoding="utf-8")
