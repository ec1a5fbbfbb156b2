"""No module needs itself: what is imported later, or for types only, counts too."""

from __future__ import annotations

from tests.house.modules import in_circles


def test_no_module_needs_itself() -> None:
    """What one file means could not have been understood, tried or changed without all the others of its circle."""
    assert in_circles() == {}
