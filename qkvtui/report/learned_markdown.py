"""`qkvtui learn` as Markdown: the same page with pipe tables."""

from __future__ import annotations

from collections.abc import Iterable

from ..narration.sentences import Role, Sentence
from ..trace.story import Story
from ..views.look import Look
from .learned import Curve, LearnedHeading, LearnedTable, Moves, Part, Reasons
from .markdown import escaped, fenced, pipe_table


def page_as_markdown(story: Story, look: Look, parts: Iterable[Part]) -> str:
    """The parts of a page below the title; tokens are escaped, so that they stay what they are."""
    title = "# " + escaped(story.example.title.in_language(look.language))
    return "\n\n".join([title, *(_written(part, look) for part in parts)]) + "\n"


def _written(part: Part, look: Look) -> str:
    match part:
        case LearnedHeading(said):
            return f"## {_sentence(said, look)}"
        case Curve(drawn):
            return fenced(drawn.plain.split("\n"))
        case LearnedTable(rows=rows):
            return pipe_table([[_cell(one) for one in row] for row in rows])
        case Moves(matrices):
            return "\n".join(f"- {_sentence(said, look)}" for _, said in matrices)
        case Reasons(moments):
            return "\n".join(f"- {number}{look.word('colon')}{_sentence(said, look)}" for number, said in moments)
        case said:
            return _sentence(said, look)


def _sentence(sentence: Sentence, look: Look) -> str:
    return "".join(escaped(span.text) if span.role.is_token else look.signs(span.text) for span in sentence)


def _cell(text: str | Sentence) -> str:
    """Text of a table; in a sentence the query is bold."""
    if isinstance(text, str):
        return escaped(text)
    return "".join(f"**{escaped(one.text)}**" if one.role is Role.QUERY else escaped(one.text) for one in text)
