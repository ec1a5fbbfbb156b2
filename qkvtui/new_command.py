"""What `qkvtui new` does, once its options are read."""

from __future__ import annotations

from .command_line import NewOptions, given
from .errors import UsageError
from .files.clean import clean_line
from .files.find import kind_of_file
from .files.read import parse_example
from .graph.example import Example
from .models.write import capture_files, write_capture
from .report.heads import written_as_text
from .report.new_file import new_text
from .report.output import Output
from .said import say


def run_new(options: NewOptions) -> int:
    """`qkvtui new`: an example to start from, for a sentence or from arrays."""
    _check(options)
    target = None if options.output in (None, "-") else options.output
    where, beside = ("", "") if target is None else capture_files(target)
    output = Output(where or None, force=options.force)
    example = _example(options)
    if example.document is not None and example.document.arrays is not None:
        if target is None:
            raise UsageError(
                say("{file}: holds too many numbers to be written out; name a file with -o", file=given(options.arrays))
            )
        output.require(where, beside)
        written = write_capture(target, example, origin=clean_line(given(options.arrays)), overwrite=options.force)
    else:
        kind = kind_of_file(where)
        text = new_text(example, kind, options.lang, hints=options.arrays is None)
        written = parse_example(text, name=clean_line(where), file=clean_line(where), kind=kind)
        output.write(text)
    if target is not None:
        Output().write(written_as_text(written, options.lang))
    return 0


def _check(options: NewOptions) -> None:
    """Raises UsageError for options that make no sense together."""
    either = say("give a sentence, or --from FILE")
    if options.arrays is None and options.sentence is None:
        raise UsageError(say("{problem}\nsee '{program} --help'", problem=either, program="qkvtui new"))
    if options.arrays is not None:
        if options.sentence is not None:
            raise UsageError(say("{problem}, not both", problem=either))
        if options.seed is not None:
            raise UsageError(say("--seed goes with a sentence; the numbers of --from are in the file"))
    elif options.tokens is not None:
        raise UsageError(say("--tokens goes with --from; the tokens of a sentence are its words"))
    elif options.causal:
        raise UsageError(say("--causal goes with --from; in the file of a sentence it stands as a comment"))


def _example(options: NewOptions) -> Example:
    if options.arrays is not None:
        from .models.arrays import example_of_arrays

        return example_of_arrays(options.arrays, options.tokens, options.query, causal=options.causal)
    from .trace.sketch import sketched

    return sketched(given(options.sentence), options.query, options.seed or 0)
