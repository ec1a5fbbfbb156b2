"""The course: in which order a learner meets the bundled examples, in groups. Loads nothing: the list needs it."""

from __future__ import annotations

from ..localized import Localized


class CourseGroup:
    """Lessons of the course that belong together."""

    __slots__ = ("lessons", "title")

    title: Localized
    lessons: tuple[str, ...]
    """Names of bundled examples; one that has no file is left out wherever the course is shown."""

    def __init__(self, title: Localized, lessons: tuple[str, ...]) -> None:
        self.title = title
        self.lessons = lessons


def _group(en: str, zh: str, *lessons: str) -> CourseGroup:
    return CourseGroup(Localized({"en": en, "zh": zh}), lessons)


COURSE = (
    _group("Start here", "从这里开始", "similar", "bank", "animal-sentence", "xiaohong", "apple"),
    _group(
        "One head, exactly",
        "一个头，算到底",
        *("please-study-man", "journey", "scaling", "ties", "order", "order-with-positions", "alibi", "rotary"),
    ),
    _group(
        "Who may look",
        "谁能看谁",
        *("causal", "journey-causal", "padding", "nothing-to-see", "window", "decode", "sink"),
    ),
    _group("Many heads", "多个头", "two-heads", "shared-keys", "translation"),
    _group("How it is learned", "怎样学出来", "animal-learn", "sentence-learn", "it-learn"),
    _group(
        "The whole machine",
        "整台机器",
        *("block", "two-layers", "two-layers-learn", "how-tired-gets-in", "next-word"),
    ),
    _group("Real models", "真实模型", "minilm-tired", "minilm-wide", "smollm-tired", "e5-tired"),
    _group(
        "Find the mistake",
        "找出错误",
        *("animal", "alammar", "illustrated", "i-am-studying", "by-hand", "study-notes"),
    ),
)
"""The groups, in their order."""

LESSONS = tuple(name for group in COURSE for name in group.lessons)
"""All names of the course, in their order."""


def group_of(name: str) -> CourseGroup | None:
    """The group that a lesson belongs to; None for one that is not in the course."""
    return next((group for group in COURSE if name in group.lessons), None)
