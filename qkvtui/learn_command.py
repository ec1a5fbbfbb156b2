"""What `qkvtui learn` does, once its options are read."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from .command_line import LearnOptions, given
from .engine.arrays import quiet
from .environment import without_colors
from .errors import UsageError
from .files.clean import clean_line
from .files.find import bundled_with, split_address
from .files.phrases import with_commas
from .graph.example import Example
from .lesson_asked import head_index
from .look_asked import page_color, page_look, usual_format
from .models.load import load
from .narration.language import language_texts
from .narration.learning import about_learned
from .narration.numbers import loss_number
from .report.asked import check_standalone
from .report.formats import format_asked
from .report.output import Output
from .report.progress import progress_bar
from .said import say
from .trace.addresses import find_token
from .trace.learning import learn_of
from .trace.run import Run
from .trace.story import Story, story_of
from .views.look import Look


def run_learn(options: LearnOptions) -> int:
    """`qkvtui learn`."""
    _check_example(options)
    if not _writes_example(options):
        options.format = format_asked("learn", options, also=(".toml",), otherwise=usual_format(options))
    _check(options)
    check_standalone(options)
    output = Output(options.output, force=options.force)
    original = _loaded(options.example)
    if options.output is not None and options.output != "-":
        output.require(*_files(options, original))  # before anything is learned
    _check_sentences(options, original)
    example = _as_asked(original, options)
    query = None if options.query is None else find_token(example.tokens, options.query)
    head = None if options.head is None else head_index(options.head, example.name, example.attention.heads)
    run = Run(example)
    _check_memory(run)
    language = options.lang
    with progress_bar(language_texts(language).learning["updating"]) as progress:
        while not run.done:
            run.step()
            progress(run.last.number, run.learn.steps)
    if _writes_example(options):
        _write_example(options, original, run, language)
    else:
        output.write(_report(story_of(run, query, head), options, output))
    return 0


@quiet
def _report(story: Story, options: LearnOptions, output: Output) -> str:
    if options.format == "json":
        from .report.learned_data import story_as_json

        return story_as_json(story)
    if options.format == "csv":
        from .report.learned_data import sentences_as_csv, story_as_csv

        return sentences_as_csv(story) if options.sentences else story_as_csv(story, options.every)
    from .report.learned import Part, page_as_text, parts, sentence_parts

    look, is_text = page_look(options, output), options.format == "text"

    def told(room: Look) -> Iterator[Part]:
        return sentence_parts(story, room) if options.sentences else parts(story, room, options.every, drawn=is_text)

    if is_text:
        color, no_color = page_color(options, output), without_colors(options.color, os.environ)
        return page_as_text(story, look, told(look), color, no_color)
    from .report.learned_pages import learned_report
    from .report.told import report_written

    return report_written(learned_report(story, look, told), options)


def _loaded(text: str) -> Example:
    """The example, which must have a task."""
    name, address = split_address(text)
    if address is not None:
        raise UsageError(say("learn is about the whole example: leave out #{address}", address=clean_line(address)))
    example = load(name)
    if example.learn is None:
        raise UsageError(_without_task(example.name))
    return example


def _as_asked(example: Example, options: LearnOptions) -> Example:
    """The example with the settings that the options ask for."""
    asked: dict[str, Any] = {"steps": options.steps, "rate": options.rate, "optimizer": options.optimizer}
    asked = {setting: value for setting, value in asked.items() if value is not None}
    if options.seed is not None:
        asked |= {"seed": options.seed, "start": "random"}
    return replace(example, learn=replace(learn_of(example), **asked))


def _without_task(name: str) -> str:
    there = bundled_with("learn")
    problem = say("{name} has nothing to learn: a file says what in its table [learn]", name=name)
    if not there:
        return problem
    return say("{problem}; of the bundled examples {names} have one", problem=problem, names=with_commas(there))


def _writes_example(options: LearnOptions) -> bool:
    """Whether `-o` names an example file and not a report."""
    return not options.format and _suffix(options) in (".toml", ".json")


def _suffix(options: LearnOptions) -> str:
    """How the name of the file ends that `-o` names."""
    return os.path.splitext(options.output or "")[1].lower()


def _check_example(options: LearnOptions) -> None:
    """An example is written in no format of a report."""
    if options.format and _suffix(options) == ".toml":
        raise UsageError(
            say(
                "-o {file}: a .toml file is an example, which --format does not go with",
                file=clean_line(given(options.output)),
            )
        )


def _check(options: LearnOptions) -> None:
    """Options that make no sense together."""
    if options.every is not None and (options.format == "json" or _writes_example(options)):
        raise UsageError(say("--every does not go with json, which has the loss after every update anyway"))


def _check_sentences(options: LearnOptions, example: Example) -> None:
    """--sentences goes with a task that has some, and with a report of nothing else."""
    if not options.sentences:
        return
    if options.every is not None:
        raise UsageError(say("--sentences shows the sentences, --every the updates: only one of them"))
    if options.format == "json" or _writes_example(options):
        raise UsageError(say("--sentences does not go with json, which has what is read from them anyway"))
    if not learn_of(example).sentences:
        raise UsageError(say("--sentences: the task of {name} has no sentences with labels", name=example.name))


def _files(options: LearnOptions, original: Example) -> tuple[str, ...]:
    """What is going to be written: a report, or an example and, where the original has one, a file of arrays."""
    from .files.write import arrays_path

    path = given(options.output)
    has_arrays = original.document is not None and original.document.arrays is not None
    return (path, arrays_path(path)) if _writes_example(options) and has_arrays else (path,)


def _check_memory(run: Run) -> None:
    """Refuse a run whose moments would not fit into memory, before it begins."""
    if run.learn.steps > run.most:
        numbers = run.last.vector.size
        raise UsageError(
            say(
                "--steps {steps}: with {numbers} numbers that move, {most} updates can be kept",
                steps=run.learn.steps,
                numbers=numbers,
                most=run.most,
            )
        )


def _write_example(options: LearnOptions, original: Example, run: Run, language: str) -> None:
    from .files.write import write_example

    if not run.last.finite:
        raise UsageError(
            say(
                "{file}: not written, because the loss is no longer a number after update {number}; try a "
                "smaller --rate",
                file=clean_line(given(options.output)),
                number=run.last.number,
            )
        )
    learned = replace(run.moment(run.last.number).example, about=about_learned(run, options.digits))
    path = write_example(given(options.output), original, learned, overwrite=options.force)
    losses = {"first": run.records[0].loss, "last": run.last.loss}
    shown = {name: loss_number(loss, options.digits) for name, loss in losses.items()}
    said = language_texts(language).learning["written"]
    Output().write(said.format(path=clean_line(path), steps=run.last.number, **shown) + "\n")
