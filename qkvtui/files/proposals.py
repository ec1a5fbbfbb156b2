"""What a lesson proposes beside its walk: the tables `[experiment]`, `[[questions]]` and `[end]`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from ..graph.proposals import Experiment, LessonQuestion, WhatIf
from ..localized import Localized
from ..operations.file_places import item_place
from ..said import say
from .clean import clean_line
from .draft import Table
from .names import CHANGES
from .phrases import counted, is_kind, listed, quoted, with_commas
from .says import is_step
from .single import finite
from .texts import checked, is_language, read_told

_ANSWERED = ("choose", "watch", "predict")
_FEWEST_CHOICES, _MOST_CHOICES = 2, 9
"""A digit of the keyboard chooses."""
_MOST_DECIMALS = 15
_A_CHANGE = say("it needs what is to be changed: {names}", names=with_commas(CHANGES))


def read_experiment(top: Table) -> Experiment | None:
    """The lesson's one thing to try; None where there is none, or after reporting what is wrong with it."""
    if "experiment" not in top:
        return None
    table = top.table("experiment")
    table.refuse_others()
    text, step, change = _text(table), table.values.get("step"), read_change(table)
    if not isinstance(step, str):
        table.report("step", _missing(step), say('it is where to propose it, as in step = "weights"'))
        return None
    if not is_step(step, table, "step"):
        return None
    return None if text is None else Experiment(step, text, change)


def read_questions(top: Table) -> tuple[LessonQuestion, ...]:
    """The questions in their order, after reporting what is wrong with any of them."""
    given = top.values.get("questions", [])
    expected = say('each question is a table, as in [[questions]] with text = "..." and predict = "weights[it,animal]"')
    if not isinstance(given, list):
        top.report("questions", is_kind(given), expected)
        return ()
    found = []
    for index, entry in enumerate(given):
        if isinstance(entry, dict):
            found.append(_question(Table(entry, item_place("questions", index), top.draft)))
        else:
            top.report(item_place("questions", index), is_kind(entry), expected)
    return tuple(question for question in found if question is not None)


def read_learned(top: Table) -> Localized | None:
    """What a reader can do at the end; None where the file does not say it."""
    end = top.table("end")
    end.refuse_others()
    return read_told(end, "learned")


def _question(table: Table) -> LessonQuestion | None:
    table.refuse_others("questions")
    text = _text(table)
    asked = read_asked(table, _address(table, "predict"))
    return None if text is None else replace(asked, text=text)


def read_asked(table: Table, predict: str) -> LessonQuestion:
    """How a question is answered, and what is said then; its text not. `predict` is the address to be predicted."""
    change = read_change(table)
    ways = ways_of(table)
    if len(ways) != 1:
        problem = say("has {names}", names=listed(ways)) if ways else say("has no way to be answered")
        table.draft.report(table.place, problem, say("give one of choose, watch and predict"))
    choices, right = read_choices(table) if "choose" in table else ((), 0)
    watch = _address(table, "watch")
    if watch and not change:
        table.report("watch", say("watches a number that nothing changes"), _A_CHANGE)
    return LessonQuestion(None, choices, right, watch, predict, read_told(table, "why"), change)


def ways_of(table: Table) -> list[str]:
    """The names in the table that say how a question is answered: one, where it is sound."""
    return [name for name in _ANSWERED if name in table]


def _text(table: Table) -> Localized | None:
    if "text" not in table:
        table.report_missing("text", say('it is what is said, as in text = "Press s: what happens?"'))
    return read_told(table, "text")


def _address(table: Table, name: str) -> str:
    """Whether it names a number is seen when the example is computed."""
    given = table.values.get(name, "")
    if isinstance(given, str) and (given.strip() or name not in table):
        return clean_line(given)
    table.report(name, is_kind(given), say('it is an address, as in {name} = "weights[it,animal]"', name=name))
    return ""


def read_choices(table: Table) -> tuple[tuple[Localized, ...], int]:
    """The answers of `choose`, and which of them is `right`, after reporting what is wrong with them."""
    choices = _choices(table)
    right = table.values.get("right")
    if not isinstance(right, int) or isinstance(right, bool):
        table.report("right", _missing(right), say("it is the index of the right answer, counted from 0"))
    elif choices and not 0 <= right < len(choices):
        table.report(
            "right",
            say("is {kind}", kind=right),
            say("there are {answers}, counted from 0", answers=counted(len(choices), "answer")),
        )
    else:
        return choices, right
    return choices, 0


def _choices(table: Table) -> tuple[Localized, ...]:
    given = table.values["choose"]
    by_language = given if isinstance(given, dict) else {"": given}
    expected = say('it is a list of answers, as in ["yes", "no"], or such lists by language')
    lists: dict[str, list[str]] = {}
    for language, answers in by_language.items():
        place = f"choose.{quoted(language)[1:-1]}" if language else "choose"
        if language and not is_language(language, table, place):
            continue
        if isinstance(answers, list) and len(answers) < _FEWEST_CHOICES:
            table.report(
                place,
                say("has {answers}", answers=counted(len(answers), "answer")),
                say("there are two or more to choose from"),
            )
        elif isinstance(answers, list) and len(answers) > _MOST_CHOICES:
            table.report(
                place,
                say("has {answers}", answers=counted(len(answers), "answer")),
                say("there are at most {most}: a digit chooses", most=_MOST_CHOICES),
            )
        elif not isinstance(answers, list) or not all(map(_is_text, answers)):
            table.report(place, is_kind(answers), expected)
        else:
            lists[language] = [clean_line(answer) for answer in answers]
    counts = {len(answers) for answers in lists.values()}
    if len(counts) > 1:
        table.report("choose", say("has not as many answers in each language"), expected)
        return ()
    answers = [
        Localized({language: answers[index] for language, answers in lists.items()})
        for index in range(max(counts, default=0))
    ]
    return tuple(checked(table, item_place("choose", index), answer) for index, answer in enumerate(answers))


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())


def read_change(table: Table) -> WhatIf:
    """What is to be changed, as far as it is sound; whether it can be is seen when the example is computed."""
    causal, softmax = table.values.get("causal"), table.values.get("softmax", "rows")
    if causal is not None and not isinstance(causal, bool):
        table.report("causal", is_kind(causal), say("it is true or false"))
        causal = None
    if softmax not in ("rows", "columns"):
        table.report("softmax", is_kind(softmax), say('it is "columns"'))
    decimals = table.values.get("round_each")
    if decimals is not None and (
        not isinstance(decimals, int) or isinstance(decimals, bool) or decimals not in range(_MOST_DECIMALS + 1)
    ):
        table.report(
            "round_each", is_kind(decimals), say("it is a number of decimals, from 0 to {most}", most=_MOST_DECIMALS)
        )
        decimals = None
    return WhatIf(
        _assignments(table),
        _setting(table, "scale"),
        _setting(table, "temperature"),
        causal,
        "columns" if softmax == "columns" else "rows",
        decimals,
    )


def _assignments(table: Table) -> tuple[str, ...]:
    given = table.values.get("set", {})
    if not isinstance(given, Mapping):
        table.report("set", is_kind(given), say('it is a table, as in set = {{ "X[it,0]" = 0.9 }}'))
        return ()
    found = []
    for address, value in given.items():
        number = finite(value)
        if number is not None:
            found.append(f"{clean_line(address)}={number!r}")
        else:
            table.report(f"set.{quoted(address)[1:-1]}", is_kind(value), say("it is a number"))
    return tuple(found)


def _setting(table: Table, name: str) -> str | None:
    """A number, or a text that says one, as on the command line."""
    given = table.values.get(name)
    if isinstance(given, str) or (isinstance(given, int | float) and not isinstance(given, bool)):
        return clean_line(str(given))
    if given is not None:
        table.report(name, is_kind(given), say("it is a number, or a text as behind --{name}", name=name))
    return None


def _missing(value: object) -> str:
    return say("is missing") if value is None else is_kind(value)
