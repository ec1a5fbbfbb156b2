"""What `qkvtui capture` does, once its options are read."""

from __future__ import annotations

from dataclasses import replace

from .command_line import CaptureOptions, given
from .files.clean import clean_line
from .graph.example import Example
from .localized import Localized
from .look_asked import page_look
from .models.asked import check_capture
from .models.whole import WholeModel, read_model
from .report.formats import format_asked
from .report.output import Output, remark


def run_capture(options: CaptureOptions) -> int:
    """`qkvtui capture`: a head of a model, a layer or the model as an example, or what all its heads do."""
    check_capture(options)
    if options.lists:
        return _list_heads(options)
    output = Output(options.output, force=options.force)
    if options.arrays is not None:
        from .models.dumped import capture_arrays

        tokens, head = options.tokens, options.one_head
        example = capture_arrays(options.arrays, tokens, head, options.query, causal=options.causal)
        return _write(options, output, example, options.arrays)
    if options.layer is None:
        return _write_model(options, output)
    return _write_layer(options, output)


def _read(options: CaptureOptions) -> WholeModel:
    return read_model(given(options.model), given(options.sentence), target=options.target or "")


def _write_layer(options: CaptureOptions, output: Output) -> int:
    from .models.write import capture_files
    from .report.progress import progress_bar
    from .trace.captured import capture_layer

    output.require(*capture_files(given(options.output)))  # before a large model is read
    model = _read(options)
    with progress_bar("layers") as progress:
        example = capture_layer(model, given(options.one_layer), options.one_head, options.query, progress)
    status = _write(options, output, example, given(options.model))
    _say_unknown(model, options)
    return status


def _write(options: CaptureOptions, output: Output, example: Example, origin: str) -> int:
    from .models.write import capture_files, write_capture
    from .report.heads import written_as_text

    target = given(options.output)
    if options.title is not None:
        example = replace(example, title=Localized({"": clean_line(options.title)}))
    output.require(*capture_files(target))
    written = write_capture(target, example, origin=clean_line(origin), overwrite=options.force)
    Output().write(written_as_text(written, options.lang))
    return 0


def _write_model(options: CaptureOptions, output: Output) -> int:
    from .models.write import ModelNamed, capture_files, write_model
    from .report.heads import model_as_text

    target = given(options.output)
    path, _ = capture_files(target)
    output.require(path)
    model = _read(options)
    query = None if options.query is None else model.sentence.query(options.query)
    output.require(path)
    named = ModelNamed(given(options.model), model, options.target or "", query, options.title)
    write_model(target, named, overwrite=options.force)
    Output().write(model_as_text(model.example, clean_line(path), options.lang))
    _say_unknown(model, options)
    return 0


def _list_heads(options: CaptureOptions) -> int:
    from .report.heads import survey_as_json, survey_as_text
    from .report.progress import progress_bar
    from .trace.survey import survey

    options.format = format_asked("capture", options)
    output = Output(options.output, force=options.force)
    model = _read(options)
    with progress_bar("layers") as progress:
        found = survey(model, options.query, options.one_layer, progress, to=options.to)
    as_json, look = options.format == "json", page_look(options, output)
    output.write(survey_as_json(found, options.top) if as_json else survey_as_text(found, look, options.top))
    _say_unknown(model, options)
    return 0


def _say_unknown(model: WholeModel, options: CaptureOptions) -> None:
    if model.unknown is not None:
        remark(model.unknown.in_language(options.lang))
