"""The numbers that a source printed, as they come out of a file."""

from __future__ import annotations

import math

import pytest

from qkvtui.graph.printed import Published
from tests.files.samples import DIRECT, PROJECTED, TOP, read, refusal


def published(table: str, text: str = TOP + PROJECTED) -> Published:
    found = read(f"{text}[published]\n{table}\n").published
    assert found is not None
    return found


def test_a_whole_matrix_and_rows_by_token_are_read_alike() -> None:
    """Numbers would have been compared with another token's row."""
    whole = published("weights = [[0.7, 0.3], [0.2, 0.8]]")
    by_token = published('weights = { two = [0.2, 0.8], "0" = [0.7, 0.3] }')
    assert whole.rows == by_token.rows == {"weights": {0: (0.7, 0.3), 1: (0.2, 0.8)}}


def test_rows_of_keys_and_values_are_named_by_the_context() -> None:
    """In cross-attention, a key's numbers could not have been given by its own token."""
    text = f'{TOP}context = ["eins"]\n' + PROJECTED.replace("[parameters]", "Y = [[1, 1]]\n[parameters]")
    assert published("keys = { eins = [2, 2] }\nvalues = [[3, 3]]", text).rows == {
        "keys": {0: (2.0, 2.0)},
        "values": {0: (3.0, 3.0)},
    }


def test_a_token_that_looks_like_an_index_is_the_token() -> None:
    """A sentence with the token 0 could not have named its row."""
    text = TOP.replace('"two"', '"0"') + PROJECTED
    assert published('weights = { "0" = [0.2, 0.8] }', text).rows == {"weights": {1: (0.2, 0.8)}}


def test_every_step_can_be_published() -> None:
    """A number that a book prints could not have been checked."""
    text = f"""{TOP}
        [inputs]
        X = [[1, 2], [3, 4]]
        [parameters]
        W_Q = [[1, 0], [0, 1]]
        W_K = [[1, 0], [0, 1]]
        W_V = [[1, 0], [0, 1]]
        W_O = [[1, 0], [0, 1]]
        [attention]
        heads = 2
        causal = true
        """
    table = """
        embeddings = { one = [1, 2] }
        queries = { one = [1] }
        "keys@1" = { one = [1] }
        values = { one = [1] }
        scores = { one = [1, 2] }
        scaled = { one = [1, 2] }
        masked = { one = [1, -inf] }
        "weights@1" = { one = [1, 0] }
        "output@0" = { one = [1] }
        heads = { one = [1, 2] }
        projected = { one = [1, 2] }
        """
    rows = published(table, text).rows
    assert len(rows) == 11
    assert rows["masked"] == {0: (1.0, -math.inf)}
    assert {"keys@1", "weights@1", "output"} <= set(rows)


def test_given_queries_may_be_published_and_embeddings_may_not() -> None:
    """A table of what the source printed would have been refused with its own inputs."""
    assert published("queries = { one = [1, 2] }", TOP + DIRECT).rows["queries"] == {0: (1.0, 2.0)}
    assert "because Q, K and V are given" in refusal(f"{TOP}{DIRECT}[published]\nembeddings = [[1], [2]]\n")


@pytest.mark.parametrize(
    ("numbers", "decimals"),
    [
        ("0.7, 0.25", 2),
        ("1, 2", 0),
        ("1.0, 2.0", 0),
        ("1e-7, 1", 7),
        ("2.5e-3, 1", 4),
        ("1e20, -inf", 0),
        ("1e-30, 1", 15),
    ],
)
def test_decimals_are_those_of_the_most_exact_number(numbers: str, decimals: int) -> None:
    """A rounded number would have been called wrong for the digits its source did not print."""
    found = published(f"scores = {{ one = [{numbers}] }}")
    assert found.decimals_of("scores") == decimals
    assert found.half_unit("scores") == pytest.approx(0.5 * 10**-decimals, rel=1e-8)


def test_decimals_or_a_tolerance_can_be_given() -> None:
    """A source that says how exact it is would not have been taken at its word."""
    two = published("decimals = 2\nscores = { one = [1, 2] }")
    assert two.decimals_of("scores") == 2
    assert two.half_unit("scores") == pytest.approx(0.005)
    wide = published("tolerance = 0.01\nscores = { one = [1, 2] }")
    assert wide.decimals_of("scores") == 2
    assert wide.half_unit("scores") == pytest.approx(0.01)


def test_a_number_at_the_very_edge_agrees() -> None:
    """0.46 would have been called wrong beside 0.45 ± 0.01, because 0.46 - 0.45 is 0.010000000000000009."""
    assert published("tolerance = 0.01\nscores = { one = [1, 2] }").half_unit("scores") >= 0.46 - 0.45
