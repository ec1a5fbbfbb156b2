"""A moment of a run in sentences: as many of the story's as there is room for."""

from __future__ import annotations

from rich.cells import cell_len
from rich.text import Text

from ..narration.learning import moment_told
from ..trace.study import Study
from .look import Look
from .page import as_lines
from .wrapping import wrap


def telling_view(study: Study, look: Look) -> Text:
    """What there is to say of the moment; sentences that do not fit any more are left out."""
    sentences = [look.styled(one) for one in moment_told(study.story, study.at, look.texts, look.digits)]
    between = Text("" if cell_len(sentences[0].plain[-1]) > 1 else " ")  # a full-width stop has a gap of its own
    kept, room = sentences[:1], look.height
    for one in sentences[1:]:
        if room is None or len(wrap(between.join([*kept, one]), look.width)) <= room:
            kept.append(one)
    lines = wrap(between.join(kept), look.width)
    if room is not None and len(lines) > room > 0:
        lines = [*lines[: room - 1], _cut(lines[room - 1], look)]
    return as_lines(lines)


def _cut(line: Text, look: Look) -> Text:
    """The line with a sign that it goes on."""
    sign = look.signs("…")
    line.truncate(max(1, look.width - len(sign)))
    return line.append(sign)
