"""The lesson that a command line asks for: which example, changed how, seen from where."""

from __future__ import annotations

from dataclasses import replace

from .command_line import LessonOptions, given
from .errors import UsageError
from .files.find import split_address
from .graph.example import Example
from .graph.layers import decoder_of
from .graph.proposals import WhatIf
from .models.load import load
from .report.asked import check_one_query
from .said import say
from .trace.addresses import at_layer_of, find_token, parse_address
from .trace.changes import apply_change
from .trace.lesson import Lesson
from .trace.shown_at import to_address
from .trace.stops import stop_places
from .trace.told import check_texts
from .trace.trace import Trace
from .trace.walk import start


def open_lesson(text: str, options: LessonOptions) -> Lesson:
    """The example of the command line, computed, at the place that its address and the options name."""
    name, address = split_address(text)
    return lesson_at(what_if(Trace(_example(name, options)), options), name, options, address)


def lesson_at(trace: Trace, name: str, options: LessonOptions, address: str | None = None) -> Lesson:
    """A trace at the place that an address and the options name."""
    cell = None if address is None else parse_address(trace, address)
    trace = _layer_asked(trace, options) if cell is None else at_layer_of(trace, cell)[0]
    one_head = options.head if options.head != "all" else None
    head = None if one_head is None else head_index(one_head, trace.example.name, trace.shape.heads)
    first, *others = _queries(trace, options.query)
    place = start(trace, query=first, head=head)
    if options.to is not None:
        place = replace(place, key=find_token(trace.example.keys, options.to))
    if cell is not None:
        place = to_address(trace, start(trace, query=first, head=place.head), replace(cell, layer=None))
    elif options.blank is not None:
        from .trace.blanks import neutral_key

        place = replace(place, key=neutral_key(trace, first, place.head), feature=0, word=0)
    if options.blank is not None:
        check_one_query(tuple(others))
    check_texts(trace)
    return Lesson(trace, place, name, stop_places(trace), tuple(others))


def _layer_asked(trace: Trace, options: LessonOptions) -> Trace:
    """The first layer in which the tokens that the options name ask and are looked at, of an encoder-decoder.

    Any other is left as it is: what is wrong with the tokens is said there.
    """
    decoder = decoder_of(trace.example)
    if decoder is None or trace.example.layer or (options.query is None and options.to is None):
        return trace
    for layer in (0, *decoder.layers):
        there = trace.at_layer(layer)
        try:
            _queries(there, options.query)
            if options.to is not None:
                find_token(there.example.keys, options.to)
        except UsageError:
            continue
        return there
    return trace


def _example(name: str, options: LessonOptions) -> Example:
    """The example of this name, with other numbers where that is asked for."""
    example = load(name)
    if not options.random:
        return example
    from .trace.fresh import with_fresh_numbers

    return with_fresh_numbers(example, given(options.seed))


def _queries(trace: Trace, asked: str | None) -> list[int]:
    """The queries asked for; a text with a comma may be one token or several."""
    if asked is None:
        return [trace.example.query]
    tokens = trace.example.tokens
    if asked == "all" and asked not in tokens:
        own = trace.example.query
        return [own, *(index for index in range(len(tokens)) if index != own)]
    if "," not in asked or asked in tokens:
        return [find_token(tokens, asked)]
    return [find_token(tokens, part) for part in asked.split(",")]


def what_if(trace: Trace, options: LessonOptions) -> Trace:
    """The trace with the changes that the options ask for, compared to the file's own where that is asked."""
    change = WhatIf(
        tuple(options.assignments),
        options.scale,
        options.temperature,
        options.causal or None,
        options.softmax,
        options.round_each,
    )
    changed = apply_change(trace, change)
    if changed is trace:
        return trace
    compared_to = trace if options.before or changed.round_each is not None else None
    return Trace(
        changed.example,
        softmax_over=changed.softmax_over,
        round_each=changed.round_each,
        compared_to=compared_to,
    )


def head_index(asked: str, name: str, count: int) -> int:
    """The head that `--head` names, of the `count` heads of the example `name`."""
    if not (asked.isdecimal() and asked.isascii() and int(asked) < count):
        heads = say("only head 0") if count == 1 else say("heads 0 to {last}", last=count - 1)
        raise UsageError(say("--head {head}: {name} has {heads}", head=asked, name=name, heads=heads))
    return int(asked)
