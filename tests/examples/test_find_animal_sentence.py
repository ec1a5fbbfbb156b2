"""The script that found the numbers of animal-sentence still finds them."""

from __future__ import annotations

import numpy as np
import pytest

from tests.examples.find_animal_sentence import TOKENS, W_V, search
from tests.examples.recomputed import bundled


@pytest.mark.slow
def test_the_file_holds_the_numbers_that_the_search_finds() -> None:
    """Whoever ran the script to see where the numbers come from would have got other ones."""
    example = bundled("animal-sentence")
    found = search()
    assert example.tokens == TOKENS
    np.testing.assert_allclose(example.inputs["X"] * 10, found.x, rtol=1e-12)
    assert example.parameters["W_Q"].tolist() == found.w_q.tolist()
    assert example.parameters["W_K"].tolist() == found.w_k.tolist()
    assert example.parameters["W_V"].tolist() == W_V.tolist()
