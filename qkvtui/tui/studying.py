"""From a lesson to its learning screen and back."""

from __future__ import annotations

from dataclasses import replace

from ..files.find import bundled_with
from .messages import LearningOpened, Left
from .state import LessonState


def learn(state: LessonState) -> LessonState:
    """Open the learning screen where it was left; from a moment of a run, go back to it.

    Raises QkvtuiError where the task cannot be learned.
    """
    if state.moment is not None:
        return state.telling(Left())
    example = state.trace.example
    if example.learn is None:
        return state.saying("no_task", examples=state.look.texts.list_separator.join(bundled_with("learn")) or "-")
    from ..trace.study import Study  # only here: the first frame of a lesson does not wait for it

    study = state.study
    if study is None or study.example is not example:
        study = Study(example, changed=example is not state.original)
    return replace(state, study=study).telling(LearningOpened(study, state.original))


def came_back(state: LessonState) -> LessonState:
    """From the learning screen; where something was learned, how to get at it."""
    if state.study is None or not state.study.run.last.number:
        return state
    return state.saying("back_from_learning", number=str(state.study.at))
