"""What a worksheet's file says of its sheet: which example, which blanks, which fresh numbers."""

from __future__ import annotations

import shlex

from ..command_line import LessonOptions
from ..errors import UsageError
from ..files.clean import clean_line
from ..files.find import STANDARD_INPUT, locate, split_address
from ..said import say, typed

_OPTIONS = ("blank", "query", "head", "step", "seed", "digits", "scale", "temperature")
_FIELDS = (*_OPTIONS, "assignments", "causal")
_WHOLE = {"seed": 999_999_999, "digits": 15}
"""Options that are whole numbers, and the largest."""
_LONGEST = 2000


def sheet_of(example: str, options: LessonOptions) -> str:
    """The sheet that `print` makes of an example with these options, as it stands in the sheet's file.

    What could steer a terminal in the example's name is a picture there.
    """
    words = [clean_line(example)]
    for name in _OPTIONS:
        value = getattr(options, name)
        if value != getattr(LessonOptions(), name):
            words += [f"--{name}", str(value)]
    for one in options.assignments:
        words += ["--set", one]
    return shlex.join([*words, *(["--causal"] if options.causal else [])])


def read_sheet(text: str) -> LessonOptions:
    """The options that make this sheet, with one example. Raises UsageError for a text that names none."""
    found = LessonOptions()
    try:
        first, *words = shlex.split(text[:_LONGEST])
    except ValueError:
        raise _unreadable(text) from None
    found.examples = [first]
    while words:
        name = words.pop(0).removeprefix("--")
        if name == "causal":
            found.causal = True
        elif words and name == "set":
            found.assignments.append(words.pop(0))
        elif words and name in _OPTIONS:
            setattr(found, name, _value(name, words.pop(0), text))
        else:
            raise _unreadable(text)
    found.random = found.seed is not None
    return found


def complete(options: LessonOptions, sheet: LessonOptions, file: str) -> None:
    """Take from a sheet what the command line left open. Raises UsageError where the two say different things."""
    if not options.examples and sheet.examples != [STANDARD_INPUT]:
        options.examples = sheet.examples
    other = another_sheet(sheet, options, left_open=True)
    if other:
        raise UsageError(say("{file}: is of another sheet: {difference}", file=file, difference=other))
    address = _address(sheet)
    if address and not _address(options):
        options.examples = [f"{one}#{address}" for one in options.examples]
    for name in _FIELDS:
        if name not in options.given:
            setattr(options, name, getattr(sheet, name))
    options.random = options.seed is not None


def another_sheet(sheet: LessonOptions, wanted: LessonOptions, *, left_open: bool = False) -> str:
    """How a sheet differs from the one that is wanted; empty where it is that one.

    `left_open`: what `wanted` does not say may be anything. The decimals shown make no other sheet.
    """
    if not _same_example(sheet, wanted):
        return say("of {theirs}, not of {ours}", theirs=sheet.examples[0], ours=wanted.examples[0])
    if _address(sheet) != _address(wanted) and not (left_open and not _address(wanted)):
        return say("it starts at {place}", place=_address(sheet) or say("the query of the file"))
    for name in _FIELDS:
        theirs, ours = getattr(sheet, name), getattr(wanted, name)
        is_open = left_open or name == "blank"
        if name != "digits" and theirs != ours and not (is_open and ours == getattr(LessonOptions(), name)):
            return _difference(name, theirs, ours)
    return ""


def _same_example(sheet: LessonOptions, wanted: LessonOptions) -> bool:
    """Whether two sheets are of examples of one name: a teacher's folder is not the learner's."""
    names = [split_address(one.examples[0])[0] for one in (sheet, wanted) if one.examples]
    if len(names) < 2 or STANDARD_INPUT in names:
        return True
    return clean_line(_stem(names[0])) == clean_line(_stem(names[1]))


def _address(options: LessonOptions) -> str:
    """The number that the example starts at, where one is named."""
    return (split_address(options.examples[0])[1] or "") if options.examples else ""


def _stem(name: str) -> str:
    try:
        return locate(name).name
    except UsageError:
        return name.replace("\\", "/").rpartition("/")[2].rpartition(".")[0] or name


def _difference(name: str, theirs: object, ours: object) -> str:
    if ours in (None, False, []):
        return say("{option}, which was not asked for", option=_said(name, theirs))
    if theirs in (None, False, []):
        return say("without {option}", option=_said(name, ours))
    return say("{theirs}, not {ours}", theirs=_said(name, theirs), ours=_said(name, ours))


def _said(name: str, value: object) -> str:
    option = "set" if name == "assignments" else name
    values = [] if value is True else value if isinstance(value, list) else [str(value)]
    return " ".join((f"--{option}", *values))


def _value(name: str, word: str, text: str) -> str | int:
    if name not in _WHOLE:
        return word
    if not (word.isascii() and word.isdecimal() and len(word) < 12 and int(word) <= _WHOLE[name]):
        raise _unreadable(text)
    return int(word)


def _unreadable(text: str) -> UsageError:
    return UsageError(say("{text} names no sheet; write it as in 'animal --blank all --seed 7'", text=typed(text[:60])))
