"""Writing example files: one with only what a learner changed, or a complete new one."""

from __future__ import annotations

import io
import os
from collections.abc import Mapping
from typing import NamedTuple

from ..errors import ExampleError, UsageError
from ..graph.document import Kind
from ..graph.example import Example
from ..graph.layers import of_layer
from ..said import say
from .absent import without_absent_steps
from .atomic import write_together
from .clean import clean_line
from .edit import edited
from .find import kind_of_file, looks_like_a_path, stem_of
from .layout import json_text, toml_text
from .npz import Archive, archive_of
from .phrases import quoted
from .read import parse_example
from .same import same_example
from .source import MAX_BYTES, MIB
from .structure import row_labels, structure_of
from .vocabulary import with_rows_of_x


class Written(NamedTuple):
    """What is to be written."""

    text: str
    arrays: bytes | None
    """The file of arrays beside it, where there is one."""
    was_read: bool
    """Whether the reader has been seen to get the wanted example from it."""


def write_example(path: str | os.PathLike[str], original: Example, changed: Example, *, overwrite: bool = False) -> str:
    """Write `changed` as a file of its own, and its file of arrays beside it; the path that it got.

    A path without a suffix gets `.toml`; `.json` is written as JSON. Raises UsageError where it cannot be written,
    and AlreadyThereError, which is one, for an example or a file of arrays that would be overwritten; the folder is
    then as it was before.
    """
    refuse_stored(original)
    where = _target(os.fspath(path))
    _check_beside(original, where)
    kind = kind_of_file(where)
    beside = arrays_path(where)
    text, arrays, was_read = composed(original, changed, kind, os.path.basename(beside))
    if not was_read:
        _check_readable(text, kind, arrays, where)
    files = {where: text.encode("utf-8")}
    if arrays is not None:
        files = {beside: arrays, **files}
    write_readable(files, overwrite=overwrite)
    return where


def write_readable(files: Mapping[str, bytes], *, overwrite: bool) -> None:
    """Write the files of an example together, in this order.

    Raises UsageError as `write_together` does, and for a file that would be too large to be read.
    """
    for name, data in files.items():
        if len(data) > MAX_BYTES:
            raise UsageError(
                say(
                    "{file}: would be larger than {size} MiB, too large to be read",
                    file=clean_line(name),
                    size=MAX_BYTES // MIB,
                )
            )
    write_together(files, overwrite=overwrite)


def refuse_stored(example: Example) -> None:
    """Raises UsageError for a model: its numbers stay in its own file, and no example could hold them."""
    if example.is_stored:
        what = say("the numbers of a model stay in its own file, and are not written into an example")
        lead = say("'qkvtui capture MODEL \"SENTENCE\" --layer N --head all -o FILE' writes a layer")
        told = say("{problem}; {expected}", problem=what, expected=lead)
        raise UsageError(say("{file}: {problem}", file=example.file, problem=told))


def composed(original: Example, changed: Example, kind: Kind, arrays_name: str | None) -> Written:
    """The file that `original` was read from, with only what differs in `changed` replaced.

    Numbers of arrays, the scale and the causal mask are replaced where they stand. What is said of steps that
    `changed` no longer has (`scaled` without a scale) is left out: the file would not be valid with it. Where
    anything else differs, where `original` was read from no file, or from one of another kind, the text is a complete
    new one with all numbers in it; those of float32 arrays are the same numbers, but float64 when they are read.
    `arrays_name` is what the file of arrays will be called; None keeps the one there is, if its numbers did not change.
    """
    document = original.document
    if changed.layers:  # a file is about all of them
        changed = of_layer(changed, 0)
    wanted = with_rows_of_x(without_absent_steps(changed))
    archive = None
    if document is not None and arrays_name is not None:
        archive = archive_of(document, original, wanted)
    arrays = None if archive is None else archive.data()
    if document is not None and document.kind == kind:
        try:
            text = edited(document, original, wanted, archive, arrays_name)
        except (LookupError, ValueError):  # a layout in which a place cannot be found
            text = ""
        if text and _reads_as(text, kind, wanted, arrays, document.folder):
            return Written(text, arrays, was_read=True)
    text = _complete(wanted, kind, archive, arrays_name)
    return Written(text, arrays if archive is not None and archive.names else None, was_read=False)


def arrays_path(where: str) -> str:
    """The file of arrays beside the example that is written to `where`."""
    return os.path.join(os.path.dirname(where), clean_line(f"{stem_of(where)}.npz"))


def _check_beside(original: Example, where: str) -> None:
    """Refuse to write an example away from the files that its `[[patch]]` names."""
    here = None if original.document is None else original.document.folder
    there = os.path.dirname(where) or os.curdir
    if here is None or os.path.realpath(here) == os.path.realpath(there):
        return
    beside = [run.name for run in original.others if not run.of_words and looks_like_a_path(run.name)]
    if beside:
        what = say("[[patch]] names {name}, which lies in {folder}", name=quoted(beside[0]), folder=quoted(here))
        told = say("{problem}; {expected}", problem=what, expected=say("save it in that folder"))
        raise UsageError(say("{file}: {problem}", file=clean_line(where), problem=told))


def _check_readable(text: str, kind: Kind, arrays: bytes | None, where: str) -> None:
    """Refuse to write what the program itself would not read."""
    try:
        stored, folder = None if arrays is None else io.BytesIO(arrays), os.path.dirname(where) or os.curdir
        parse_example(text, file=where, folder=folder, kind=kind, arrays=stored)
    except ExampleError as error:
        raise UsageError(
            say("{file}: cannot be saved, because {problem}", file=clean_line(where), problem=str(error.problems[0]))
        ) from None


def _target(path: str) -> str:
    if os.path.isdir(path) or not os.path.basename(path):
        raise UsageError(
            say("{file}: is a folder; name a file in it", file=clean_line(path)) if path else say("a file needs a name")
        )
    suffix = os.path.splitext(path)[1].lower()
    if suffix in (".npz", ".npy", ".safetensors"):
        raise UsageError(say("{file}: an example file ends in .toml or .json", file=clean_line(path)))
    return path if suffix else f"{path}.toml"


def _complete(example: Example, kind: Kind, archive: Archive | None, arrays_name: str | None) -> str:
    structure = structure_of(example, {} if archive is None else archive.names, arrays_name)
    return json_text(structure) if kind == "json" else toml_text(structure, row_labels(example))


def _reads_as(text: str, kind: Kind, wanted: Example, arrays: bytes | None, folder: str | None) -> bool:
    unwritten = None if arrays is None else io.BytesIO(arrays)
    try:
        found = parse_example(text, kind=kind, folder=folder, arrays=unwritten)
    except ExampleError:
        return False
    return same_example(found, wanted)
