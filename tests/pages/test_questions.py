"""The questions a beginner asks: every answer can be given everywhere, fits, and tells nothing that is hidden."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from qkvtui.engine.optimisers import State
from qkvtui.files.find import bundled_names
from qkvtui.localized import LANGUAGES
from qkvtui.narration.language import language_texts
from qkvtui.narration.tells import SLOT
from qkvtui.pages.page import Page, PageWords
from qkvtui.pages.questions.inquiry import Inquiry
from qkvtui.pages.questions.page import answer_page, list_page, place_of, questions_at
from qkvtui.pages.questions.table import QUESTIONS, questions_of
from qkvtui.pages.room import PageRoom
from qkvtui.trace.changes import set_rounding, set_softmax
from qkvtui.trace.hidden import Hidden, Part
from qkvtui.trace.trace import Trace
from qkvtui.trace.walk import Place, start, to_step
from tests import samples
from tests.trace.altered import Altered
from tests.variants.tasks import traces

QUICK = ("animal", "two-heads", "causal", "it-learn", "nothing-to-see", "translation", "alammar", "minilm-tired")
SIZES = ((80, 15), (60, 9), (40, 5))
NAMES_IN_2_2 = (
    *("权重矩阵", "参数", "可学习", "nn.Linear", "线性", "Query", "Key", "Value", "embedding", "词向量", "token"),
    *("加权求和", "相似度", "动态", "可解释", "汇聚", "聚合", "空间"),
)
"""What readers of Chinese know the field's things by, and looked for in vain."""


def text(page: Page) -> str:
    """All that stands on a page."""
    lines: list[str] = []
    for part in page.parts:
        if isinstance(part, PageWords):
            lines.extend(line.text for line in part.lines)
        else:
            lines.extend(" ".join(cell.drawn for cell in row) for row in part.rows)  # type: ignore[attr-defined]
    return "\n".join(lines)


def check(page: Page, room: PageRoom) -> None:
    """It fits."""
    for part in page.parts:
        widest = max(line.width for line in part.lines) if isinstance(part, PageWords) else part.width
        assert widest <= room.width, part
    assert room.height is None or sum(part.height for part in page.parts) <= room.height


def steps(trace: Trace) -> Iterator[Place]:
    """Each step, as the file's query asks, and as the last token does."""
    for query in {trace.example.query, trace.shape.queries - 1}:
        for step in range(len(trace.steps)):
            yield to_step(trace, start(trace, query=query), step)


@pytest.mark.sampled(1)
@pytest.mark.parametrize("name", samples.each(bundled_names(), QUICK))
def test_every_question_is_answered_wherever_it_arises_and_fits(name: str) -> None:
    """`y` ended in a traceback, or in lines that the terminal breaks; at 80 × 24 an answer was not seen whole."""
    trace = samples.trace(name)
    for language in LANGUAGES:
        for question in questions_of(trace):
            place = place_of(question, trace, start(trace))
            for width, height in SIZES:
                room = PageRoom(width, height, language=language)
                page = answer_page(trace, place, question, room)
                check(page, room)
                assert page.turns == 0 or (width, height) != SIZES[0], (question.name, language)
            check(answer_page(trace, place, question, PageRoom(40, language=language)), PageRoom(40))


@pytest.mark.slow
@pytest.mark.parametrize("name", [*samples.SAMPLES, *bundled_names()])
def test_every_question_can_be_asked_at_every_step_by_whoever_asks(name: str) -> None:
    """`y` ended in a traceback at a step where nobody had tried it."""
    trace = samples.trace(name)
    for place in steps(trace):
        for index, question in enumerate(questions_at(trace, place)):
            width, height = SIZES[(place.step + index) % len(SIZES)]
            room = PageRoom(width, height, language=LANGUAGES[place.step % 2], ascii=width == 40)
            check(answer_page(trace, place, question, room), room)
            check(list_page(trace, place, index, room), room)


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_arises_at_a_step_comes_first_and_nothing_is_missing(language: str) -> None:
    """The question that one has would have stood at the end of the list, or nowhere."""
    for name in ("animal", "it-learn", "two-heads"):
        trace = samples.trace(name)
        for place in steps(trace):
            found = questions_at(trace, place)
            assert sorted(one.name for one in found) == sorted(one.name for one in questions_of(trace))
            here = [trace.steps[place.step].id in one.steps for one in found]
            assert here == sorted(here, reverse=True)
    assert set(language_texts(language).questions) == {question.name for question in QUESTIONS}


@pytest.mark.slow
def test_every_sentence_of_the_answers_is_said_by_some_lesson(monkeypatch: pytest.MonkeyPatch) -> None:
    """A sentence was translated that nobody can ever read."""
    said: set[str] = set()
    for way in ("say", "word"):
        plain = getattr(Inquiry, way)

        def note(asked: Inquiry, name: str, plain: object = plain, **values: object) -> object:
            said.add(name)
            return plain(asked, name, **values)  # type: ignore[operator]

        monkeypatch.setattr(Inquiry, way, note)
    for trace in everything():
        for query in {trace.example.query, 0, trace.shape.queries - 1}:
            for question in questions_of(trace):
                place = place_of(question, trace, start(trace, query=query))
                answer_page(trace, place, question, PageRoom(80))
    assert set(language_texts("en").answers) - said == set()


def everything() -> Iterator[Trace]:
    """Lessons of every kind."""
    for name in (*samples.SAMPLES, *samples.bundled()):
        yield samples.trace(name)
    yield from traces()
    example = samples.example("learn_weights")
    assert example.learn is not None
    yield Trace(example, memory=State())
    yield Trace(replace(example, learn=replace(example.learn, start="random")))


@pytest.mark.sampled(1)
@pytest.mark.parametrize("name", ["animal", "three_heads", "all_masks", "blind_heads", "learn_weights", "learn_label"])
def test_no_answer_depends_on_a_number_that_is_hidden(name: str) -> None:
    """An answer told the number that the learner was asked for."""
    trace = samples.trace(name)
    head = trace.shape.heads - 1
    for step in (step for step in trace.steps if step.id not in ("embeddings", "summary")):
        hidden = Hidden((Part(step.id, head if step.type.per_head else 0),))
        altered = Altered(trace, hidden)
        room = PageRoom(80, hidden=hidden)
        for question in questions_of(trace):
            place = place_of(question, trace, start(trace, head=head))
            shown = text(answer_page(trace, place, question, room))
            assert SLOT not in shown
            assert shown == text(answer_page(altered, place, question, room)), (step.id, question.name)


@pytest.mark.parametrize("language", LANGUAGES)
def test_with_weights_hidden_no_answer_tells_one(language: str) -> None:
    """What would be, with a mask or another scale, told the weight that is."""
    trace = samples.trace("animal")
    parts = tuple(Part(step) for step in ("weights", "exp", "sum", "max", "output"))
    room = PageRoom(80, language=language, hidden=Hidden(parts))
    for question in questions_of(trace):
        place = place_of(question, trace, start(trace))
        shown = text(answer_page(trace, place, question, room))
        assert "0.26" not in shown, question.name
        assert "0.256" not in shown, question.name


def test_an_answer_is_about_the_lesson_as_it_ought_to_be_computed() -> None:
    """Rounded by hand, or with softmax over the columns, the answers would have explained a mistake."""
    trace = samples.trace("animal")
    for changed in (set_rounding(trace, 1), set_softmax(trace, "columns")):
        for question in questions_of(trace):
            place = place_of(question, trace, start(trace))
            room = PageRoom(80)
            assert text(answer_page(changed, place, question, room)) == text(answer_page(trace, place, question, room))


def test_the_nearest_key_may_be_its_own_and_is_not_named_twice() -> None:
    """“it” points more “it”'s way, an answer said."""
    trace = samples.trace("animal")
    question = next(one for one in QUESTIONS if one.name == "everybody")
    for language in LANGUAGES:
        page = answer_page(trace, place_of(question, trace, start(trace)), question, PageRoom(200, language=language))
        assert language_texts(language).answers["its_own"] in text(page)


def test_tokens_as_columns_are_spoken_of_as_columns() -> None:
    """With tokens as columns, an answer said that rows add up to 1."""
    trace = samples.trace("animal")
    question = next(one for one in QUESTIONS if one.name == "rows")
    rows = PageRoom(80)
    shown = text(answer_page(trace, start(trace), question, replace(rows, tokens_as="columns")))
    assert "A column is one token's question" in shown
    assert "A row is one token's question" in text(answer_page(trace, start(trace), question, rows))


def test_every_word_is_named_and_explained_in_both_languages() -> None:
    """A word was found in one language only, or stood there without an explanation."""
    for language in LANGUAGES:
        texts = language_texts(language)
        assert set(texts.glossary) == set(texts.glossary_names)
        assert all(one.strip() for one in (*texts.glossary.values(), *texts.glossary_names.values()))
        firsts = [names.replace("、", ",").split(",")[0].strip() for names in texts.glossary_names.values()]
        assert len(set(firsts)) == len(firsts)
    chinese = language_texts("zh")
    everywhere = " ".join((*chinese.glossary_names.values(), *chinese.glossary.values()))
    assert [name for name in NAMES_IN_2_2 if name not in everywhere] == []


def answered(lesson: str, name: str, query: int | None = None) -> str:
    trace = samples.trace(lesson)
    question = next(one for one in QUESTIONS if one.name == name)
    return text(answer_page(trace, place_of(question, trace, start(trace, query=query)), question, PageRoom(200)))


def test_who_ties_for_first_place_is_nobodys_one_favourite() -> None:
    """Of rows that were all alike, or of two firsts, one was said to be looked at most, and to win by direction."""
    study = answered("please-study-man", "everybody", 1)
    assert "With 2 of the 3, several tie for first place." in study
    assert "“study” and “man” tie for the highest score, 4" in study
    assert "3 of 3" not in study
    assert "wins" not in study
    for lesson, tied in (("similar", 1), ("bank", 2)):
        shown = answered(lesson, "everybody")
        assert "no token is alone in first place with two of the 3" in shown
        assert f"With {tied} of the 3, several tie" in shown
    assert "of the longest it points most" in answered("similar", "everybody", 0)
    assert "no longer key scores higher" in answered("please-study-man", "itself", 1)


def test_a_head_that_looks_at_all_alike_has_no_first() -> None:
    """A head with three equal weights looked most at “the”."""
    lines = answered("bank", "head").splitlines()
    assert "all alike" in next(line for line in lines if "head 1" in line)
    assert "study, man" in answered("please-study-man", "head", 1)


def test_why_three_matrices_is_answered_with_two_tokens_that_look_differently_at_each_other() -> None:
    """In the lesson on it "river" and "the" gave each other 0: "mutual, as with one matrix", and the point was lost."""
    trace = samples.trace("bank")
    question = next(one for one in questions_of(trace) if one.name == "three")
    place = replace(place_of(question, trace, start(trace)), query=1, key=0)
    said = text(answer_page(trace, place, question, PageRoom(200)))
    assert "“river” with “bank” scores 0, “bank” with “river” 4." in said
