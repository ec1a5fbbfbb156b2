"""What `qkvtui capture` does, once its options are read."""

from __future__ import annotations

from dataclasses import replace

from .command_line import CaptureOptions, given
from .files.clean import clean_line
from .localized import Localized
from .look_asked import page_look
from .models.asked import check_capture
from .report.formats import format_asked
from .report.output import Output, remark


def run_capture(options: CaptureOptions) -> int:
    """`qkvtui capture`: a head of a model as an example, or what all its heads do."""
    check_capture(options)
    if options.arrays is None and options.lists:
        return _list_heads(options)
    from .models.write import capture_files, write_capture

    output = Output(options.output, force=options.force)
    target = given(options.output)
    files = capture_files(target)
    if options.arrays is not None:
        from .models.dumped import capture_arrays

        origin, unknown = options.arrays, None
        example = capture_arrays(options.arrays, options.tokens, options.one_head, options.query, causal=options.causal)
    else:
        from .models.capture import capture_layer
        from .report.progress import progress_bar

        output.require(*files)  # before a large model is read
        origin = given(options.model)
        with progress_bar("layers") as progress:
            text, layer, head = given(options.sentence), given(options.one_layer), options.one_head
            example, unknown = capture_layer(origin, text, layer, head, options.query, progress)
    from .report.heads import written_as_text

    if options.title is not None:
        example = replace(example, title=Localized({"": clean_line(options.title)}))
    output.require(*files)
    written = write_capture(target, example, origin=clean_line(origin), overwrite=options.force)
    language = options.lang
    Output().write(written_as_text(written, language))
    _say_unknown(unknown, language)
    return 0


def _say_unknown(unknown: Localized | None, language: str) -> None:
    if unknown is not None:
        remark(unknown.in_language(language))


def _list_heads(options: CaptureOptions) -> int:
    from .models.capture import unknown_words
    from .models.survey import survey
    from .report.heads import survey_as_json, survey_as_text
    from .report.progress import progress_bar

    options.format = format_asked("capture", options)
    output = Output(options.output, force=options.force)
    with progress_bar("layers") as progress:
        model, text = given(options.model), given(options.sentence)
        found = survey(model, text, options.query, options.one_layer, progress, to=options.to)
    as_json, look = options.format == "json", page_look(options, output)
    output.write(survey_as_json(found, options.top) if as_json else survey_as_text(found, look, options.top))
    _say_unknown(unknown_words(found.model, found.sentence), options.lang)
    return 0
