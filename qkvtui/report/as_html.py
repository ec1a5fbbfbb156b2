"""Lessons as one HTML file: it asks for nothing from anywhere, can be printed, and says all without a script too."""

from __future__ import annotations

import os
from base64 import b64encode
from collections.abc import Iterator, Sequence
from dataclasses import replace
from hashlib import sha256
from xml.etree.ElementTree import Element

from ..operations.operation import Drawing
from ..pages.page import Page, PageWords
from ..pages.scene import Scene
from ..pages.strip import sentence_lines
from ..pages.tables import Layout
from .documents import formula_of, name_of
from .html_tables import MOST_WORKED, How, drawing, how_of
from .html_words import formula, paragraphs, sentence_tables, spoken
from .markup import Child, as_html, element
from .request import PrintedLesson, Request
from .shades import DARK, LIGHT, heat_rules
from .svg_lines import lines_picture, style_sheet
from .told import Printed

_POLICY = ("default-src 'none'", "img-src data:")
"""What a browser may load for the page: nothing but what stands in it."""
_LANGUAGES = {"zh": "zh-Hans"}
"""Languages whose name in a document is another one."""
_ATTENDS = (Drawing.SOFTMAX, Drawing.SUMMARY)
"""Steps whose page shows the sentence with the weights below it."""
_HEAT = ".heat{level}{{background:{back};color:{front}}}"


def lessons(printed: Sequence[Printed], request: Request) -> str:
    """A whole document; of several lessons one below the other."""
    look = replace(request.look, ascii=False)
    names = _Names()
    articles = [_article(one.unbounded(), names) for one in printed]
    has_pictures = any(one.find(".//svg") is not None for one in articles)
    style = _file("lesson.css") + heat_rules(LIGHT, _HEAT)
    style += f"@media (prefers-color-scheme: dark) {{ {heat_rules(DARK, _HEAT)} }}\n"
    style += style_sheet() if has_pictures else ""
    script = _file("lesson.js")
    policy = "; ".join((*_POLICY, f"style-src '{_digest(style)}'", f"script-src '{_digest(script)}'"))
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        _http_equiv("Content-Security-Policy", policy),
        element("meta", name="generator", content="qkvtui"),
        element("title", " · ".join(dict.fromkeys(one.title for one in printed))),
        element("link", rel="icon", href="data:,"),
        element("style", style),
    )
    walks = any(one.scene is not None for one in printed)
    keys = element("p", look.word("document_keys"), class_="keys", hidden="hidden") if walks else None
    body = element("body", element("main", keys, *articles), element("script", script))
    page = element("html", head, body, lang=_LANGUAGES.get(look.language, look.language))
    return f"<!DOCTYPE html>\n{as_html(page)}\n"


def _http_equiv(name: str, content: str) -> Element:
    found = element("meta", content=content)
    found.set("http-equiv", name)
    return found


def _file(name: str) -> str:
    with open(os.path.join(os.path.dirname(__file__), name), encoding="utf-8") as file:
        return file.read()


def _digest(text: str) -> str:
    return f"sha256-{b64encode(sha256(text.encode()).digest()).decode()}"


class _Names:
    """Names of places in the document, each given once."""

    def __init__(self) -> None:
        self._given: set[str] = set()

    def new(self, wanted: str) -> str:
        """The name, with a number behind it where it is given already."""
        found, number = wanted, 1
        while found in self._given:
            number += 1
            found = f"{wanted}-{number}"
        self._given.add(found)
        return found


def _article(one: Printed, names: _Names) -> Element:
    """One lesson, or one report."""
    front = list(one.front())
    sections, links = [], []
    how = None if one.scene is None else how_of(one.scene)
    for page, scene in zip(one.whole_pages(), one.scenes(), strict=False):
        name = names.new(_name(page, scene))
        sections.append(_section(page, name, scene, how, one))
        if page.heading is not None:
            links.append(element("li", element("a", *_heading(page), href=f"#{name}")))
    title = element("h1", one.title)
    is_long = len(links) > 1 and isinstance(one, PrintedLesson) and one.request.steps is None
    nav = element("nav", element("ol", *links), aria_label=one.look.word("document_steps")) if is_long else None
    return element("article", title, *_front(front), nav, *sections)


def _name(page: Page, scene: Scene | None) -> str:
    """What the place of a page is called: the step, and the head where there are several."""
    if scene is None or page.heading is None:
        return "part"
    return scene.step.id + ("" if page.heading.head is None else f"-{page.heading.head}")


def _front(front: Sequence[PageWords]) -> Iterator[Child]:
    """What stands before the steps, but for the title, and the map, in whose place are links."""
    for words in front:
        if words.about == "sentence":
            yield from sentence_tables(words)
        elif words.about not in ("title", "map"):
            yield from paragraphs(words.whole, words.about)


def _heading(page: Page) -> Iterator[Child]:
    """The name of a step and its formula."""
    yield name_of(page)
    if formula_of(page):
        yield " "
        yield formula(formula_of(page))


def _section(page: Page, name: str, scene: Scene | None, how: How | None, one: Printed) -> Element:
    """One page: a step, a question, a stop or a picture."""
    parts = [child for part in page.parts for child in _part(part, page, how, one)]
    if scene is not None and scene.step.type.kind in _ATTENDS:
        words = PageWords("sentence", sentence_lines(scene.trace, scene.place, scene.room))
        parts[:0] = sentence_tables(words)
    if scene is not None and how is not None and scene.step.type.has_numbers:
        parts += _row_worked(page, scene, how)
    if page.heading is None:
        return element("section", *parts, id=name)
    number = "" if one.is_picture else f"{page.heading.number}. "
    title = element("h2", number, *_heading(page), id=f"{name}-title", tabindex=-1)
    return element("section", title, *parts, id=name, aria_labelledby=f"{name}-title")


def _part(part: PageWords | Layout, page: Page, how: How | None, one: Printed) -> Iterator[Child]:
    name = one.title if page.heading is None else page.heading.name
    if isinstance(part, Layout):
        yield drawing(part, name, how)
    elif part.about == "map":
        yield lines_picture(part.lines, name)
    elif part.about == "heading":
        yield from (element("h2", *spoken(line), tabindex=-1) for line in part.whole)
    elif part.about != "gap":
        yield from paragraphs(part.whole or part.lines, part.about)


def _row_worked(page: Page, scene: Scene, how: How) -> Iterator[Element]:
    """Each number of the current row worked out; none where one of them is left to the learner."""
    row = [replace(scene.at, column=column) for column in range(scene.step.shape[1])]
    if len(row) <= MOST_WORKED and page.worked is not None and not any(map(scene.hides, row)):
        summary = element("summary", scene.room.word("every_number"))
        yield element("details", summary, element("ul", *(element("li", how(cell)) for cell in row)))
