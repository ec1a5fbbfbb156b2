"""Whether what was asked of `qkvtui capture` makes sense together."""

from __future__ import annotations

from ..command_line import CaptureOptions
from ..errors import UsageError
from ..said import say

_EITHER = say("give the folder of a model and a sentence, or --from FILE")


def check_capture(options: CaptureOptions) -> None:
    """Raises UsageError that says which option is missing or has nothing to do."""
    listing = options.lists
    if options.arrays is not None:
        _check_arrays(options, listing)
    elif options.model is None:
        raise UsageError(say("{problem}\nsee '{program} --help'", problem=_EITHER, program="qkvtui capture"))
    elif options.sentence is None:
        raise UsageError(say("there is no sentence; write it between quotation marks behind the folder"))
    elif options.causal:
        raise UsageError(say("--causal goes with --from; the folder of a model says itself whether it is causal"))
    elif options.tokens is not None:
        raise UsageError(say("--tokens goes with --from; a model cuts the sentence itself"))
    elif listing:
        if options.head is not None:
            raise UsageError(say("--head goes with one layer; --list shows all heads"))
    else:
        _check_head(options)
    if not listing:
        _check_unlisted(options)
        _check_output(options)
    elif options.title is not None:
        raise UsageError(say("--title goes with an example that is written, not with --list"))


def _check_arrays(options: CaptureOptions, listing: bool) -> None:
    if options.model is not None:
        raise UsageError(say("{problem}, not both", problem=_EITHER))
    if listing or options.layer is not None:
        raise UsageError(say("--list and --layer go with the folder of a model"))


def _check_head(options: CaptureOptions) -> None:
    asked = {"layer": options.layer, "head": options.head}
    if not any(value is not None for value in asked.values()):
        return  # the whole model
    for name, value in asked.items():
        if value is None:
            raise UsageError(
                say("--{name} is missing: which {name}? with --list you see what each of them looks at", name=name)
            )


def _check_unlisted(options: CaptureOptions) -> None:
    for name, value in {"to": options.to, "top": options.top}.items():
        if value is not None:
            raise UsageError(say("--{name} goes with --list", name=name))


def _check_output(options: CaptureOptions) -> None:
    if options.output in (None, "-"):
        raise UsageError(say("-o is missing: the name of the example to write, such as -o mine.toml"))
    if options.format:
        raise UsageError(say("--format goes with --list; -o mine.json writes the example as JSON"))
