"""No module needs itself: what is imported later, or for types only, counts too."""

from __future__ import annotations

from tests.house.modules import in_circles

STILL_IN_CIRCLES = {
    "actions": {"lesson", "predicting", "searching", "studying", "what_if", "writing"},
    "app": {"command_list", "drawn", "lesson", "pages", "picker", "terminal"},
    "canvas": {"footer", "lesson"},
    "choosing": {"app"},
    "clicks": {"lesson"},
    "command_list": {"choosing", "drawn"},
    "drawn": {"app", "prompt"},
    "footer": {"actions"},
    "gradients": {"learning", "lesson"},
    "learning": {"drawn", "learning_actions", "learning_footer", "pages", "trainer", "writing"},
    "learning_actions": {"gradients", "learning", "prompt", "writing"},
    "learning_footer": {"footer", "learning_actions", "trainer"},
    "lesson": {
        "actions",
        "canvas",
        "clicks",
        "drawn",
        "pages",
        "player",
        "predicting",
        "prompt",
        "reloading",
        "searching",
        "what_if",
        "writing",
    },
    "pages": {"actions"},
    "picker": {"choosing"},
    "player": {"lesson"},
    "predicting": {"lesson", "prompt"},
    "prompt": {"app", "drawn"},
    "reloading": {"lesson"},
    "searching": {"lesson", "prompt"},
    "studying": {"learning", "lesson"},
    "terminal": {"app"},
    "trainer": {"learning"},
    "what_if": {"lesson", "prompt"},
    "writing": {"drawn", "prompt"},
}
"""Of qkvtui/tui only, older than the rule: module → what it imports that needs it. This may only become less."""


def test_no_module_needs_itself() -> None:
    """What one file means could not have been understood, tried or changed without all the others of its circle."""
    there = {name: set(ones) for name, ones in in_circles().items()}
    old = {f"qkvtui.tui.{name}": {f"qkvtui.tui.{one}" for one in ones} for name, ones in STILL_IN_CIRCLES.items()}
    more = {name: fresh for name, ones in there.items() if (fresh := ones - old.get(name, set()))}
    assert not more, "imports that close a circle"
    mended = {name: gone for name, ones in old.items() if (gone := ones - there.get(name, set()))}
    assert not mended, "no circle any more: take these off STILL_IN_CIRCLES"


def test_only_the_application_has_circles_left() -> None:
    """The sums, the sentences or the pages would have needed a screen after all."""
    assert not [name for name in in_circles() if not name.startswith("qkvtui.tui.")]
