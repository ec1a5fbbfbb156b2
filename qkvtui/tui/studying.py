"""From a lesson to its learning screen and back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..errors import QkvtuiError
from ..files.find import bundled_with

if TYPE_CHECKING:
    from .lesson import LessonScreen


def learn(screen: LessonScreen) -> None:
    """Open the learning screen where it was left; from a moment of a run, go back to it."""
    if screen.moment is not None:
        screen.dismiss()
        return
    example = screen.trace.example
    if example.learn is None:
        screen.say("no_task", examples=", ".join(bundled_with("learn")) or "-")
        return
    from ..trace.study import Study  # only here, as below: the first frame of a lesson does not wait for it

    try:
        if screen.study is None or screen.study.example is not example:
            screen.study = Study(example, changed=example is not screen.original)
    except QkvtuiError as error:
        screen.notice = str(error).splitlines()[0]
        return
    from .learning import LearningScreen

    screen.app.push_screen(LearningScreen(screen.study, screen.original), lambda _: _come_back(screen))


def _come_back(screen: LessonScreen) -> None:
    if screen.study is not None and screen.study.run.last.number:
        screen.say("back_from_learning", number=str(screen.study.at))
