"""What `qkvtui patch` does, once its options are read."""

from __future__ import annotations

import os

from .command_line import PatchOptions
from .environment import without_colors
from .errors import UsageError
from .files.clean import clean_line
from .files.find import is_example, locate, looks_like_a_path
from .files.patches import with_words
from .files.phrases import quoted
from .graph.example import Example, OtherRun
from .look_asked import page_color, page_look
from .models.load import load, other_reading
from .report.asked import check_standalone
from .report.formats import format_asked
from .report.output import Output
from .report.patched import patched_report, table_as_csv, table_as_json, table_as_text
from .report.told import report_written
from .said import say
from .trace.patch_tables import check_alike, patch_table
from .trace.trace import Trace
from .trace.watched import watched

_MOST = 2
"""Names behind the example: where the rows come from, and the number to watch."""


def run_patch(options: PatchOptions) -> int:
    """`qkvtui patch`."""
    options.format = format_asked("patch", options)
    check_standalone(options)
    output = Output(options.output, force=options.force)
    example = load(options.example)
    if len(options.others) > _MOST:
        raise UsageError(say("patch: {word} is one name too many", word=quoted(options.others[_MOST])))
    asked, address, *_ = *options.others, None, None
    run = _other_run(example, options.example, asked)
    trace = Trace(example)
    table = patch_table(trace, run, watched(trace, run, address or ""))
    look = page_look(options, output)
    match options.format:
        case "json":
            output.write(table_as_json(table))
        case "csv":
            output.write(table_as_csv(table))
        case "text":
            color, no_color = page_color(options, output), without_colors(options.color, os.environ)
            output.write(table_as_text(table, look, color, no_color))
        case _:
            output.write(report_written(patched_report(table, look), options))
    return 0


def _other_run(example: Example, source: str, asked: str | None) -> OtherRun:
    """The run that rows are taken from: a file, the same example reading other words, or what the file says."""
    if asked is None:
        if example.others:
            return example.others[0]
        what = say("patch needs another run: {name} names none in [[patch]]", name=example.name)
        raise UsageError(say("{problem}; name a file, or other words for it to read", problem=what))
    is_file = is_example(asked) or looks_like_a_path(asked)
    if example.ids:
        other = None if is_example(asked) else other_reading(source, asked)
        run = OtherRun(load(asked) if other is None else other, clean_line(asked))
    elif example.vocabulary is not None and not is_file:
        run = OtherRun(_with_words(example, tuple(asked.split())), clean_line(asked), of_words=True)
    else:
        run = OtherRun(load(asked), clean_line(asked))
    check_alike(example, run, _read_by(example, source, run))
    return run


def _read_by(example: Example, source: str, run: OtherRun) -> str:
    """What the example is called beside another run: its words where the other is called so, or its name."""
    if run.of_words:
        return " ".join(example.tokens)
    return clean_line(locate(source).sentence or example.name)


def _with_words(example: Example, words: tuple[str, ...]) -> Example:
    assert example.vocabulary is not None
    unknown = next((word for word in words if word not in example.vocabulary.words), None)
    if unknown is not None or not words:
        what = say("{word} is no file and no word of {name}", word=quoted(unknown or ""), name=example.name)
        raise UsageError(say("{problem}; it knows {words}", problem=what, words=" ".join(example.vocabulary.words)))
    return with_words(example, words)
