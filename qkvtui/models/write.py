"""A captured example as a file, with its arrays beside it, or a file that names a model."""

from __future__ import annotations

import io
import os

from ..errors import ExampleError, UsageError
from ..files.atomic import write_together
from ..files.clean import clean_line
from ..files.find import stem_of
from ..files.layout import json_text, toml_text
from ..files.learntables import query_said
from ..files.npy import AnyArray
from ..files.npz import Archive
from ..files.read import FORMAT, parse_example
from ..files.settingtables import Structure, present
from ..files.structure import row_labels, structure_of
from ..files.write import arrays_path, write_readable
from ..graph.document import Kind
from ..graph.example import Example, arrays_of
from ..records import record
from ..said import say
from .whole import WholeModel


def capture_files(path: str) -> tuple[str, str]:
    """The example that `write_capture` writes for this path, and the file of arrays beside it. Raises UsageError."""
    where, _ = _target(path)
    return where, arrays_path(where)


def write_capture(path: str, example: Example, *, origin: str, overwrite: bool) -> Example:
    """Write the example, its arrays into an .npz file of the same name; the example as it is read from there.

    A path without a suffix gets `.toml`; `.json` is written as JSON. Raises ExampleError, about the file `origin`,
    where the numbers make no sound example, and UsageError where the files cannot be written or are there already.
    """
    where, kind = _target(path)
    beside = arrays_path(where)
    places = {f"inputs.{name}": name for name in example.inputs}
    places |= {f"parameters.{name}": name for name in example.parameters}
    arrays: dict[str, AnyArray] = {**example.inputs, **example.parameters}
    given = {name: array for name, array in arrays_of(example.attention).items() if array is not None}
    places |= {f"attention.{name}": name for name in given}
    arrays |= given
    data = Archive(places, arrays).data()
    structure = structure_of(example, places, os.path.basename(beside))
    text = json_text(structure) if kind == "json" else toml_text(structure, row_labels(example))
    try:
        name, file = clean_line(stem_of(where)), clean_line(where)
        read = parse_example(text, name=name, file=file, kind=kind, arrays=io.BytesIO(data))
    except ExampleError as error:
        raise ExampleError(origin, error.problems) from None
    files = {beside: data, where: text.encode("utf-8")}
    write_readable(files, overwrite=overwrite)
    return read


@record(frozen=True, eq=False)
class ModelNamed:
    """What a file says that names a model."""

    path: str
    """Of the model; one that was given from here is written as it is seen from the file's folder."""
    model: WholeModel
    target: str = ""
    query: int | None = None
    """None: the last word."""
    title: str | None = None


def write_model(path: str, named: ModelNamed, *, overwrite: bool) -> None:
    """Write a file that names a model and what it reads, and no numbers. Raises UsageError."""
    where, kind = _target(path)
    sentence, query = named.model.sentence, named.query
    there = named.path
    if not os.path.isabs(there):
        there = _seen_from(os.path.dirname(where), there)
    given: Structure = {
        "format": FORMAT,
        "title": None if named.title is None else clean_line(named.title),
        "model": there,
        "text": sentence.text,
        "target": named.target or None,
        "query": None if query is None else query_said(sentence.tokens, query),
    }
    structure = present(given)
    text = json_text(structure) if kind == "json" else toml_text(structure, {})
    write_together({where: text.encode("utf-8")}, overwrite=overwrite)


def _seen_from(folder: str, path: str) -> str:
    """The path from a folder. Links on the way to either are followed, since `..` leads back to where they lead."""
    above, name = os.path.split(path.rstrip(os.sep))
    if name in ("", os.curdir, os.pardir):
        above, name = path, ""
    return os.path.relpath(os.path.join(os.path.realpath(above), name), os.path.realpath(folder))


def _target(path: str) -> tuple[str, Kind]:
    if os.path.isdir(path) or not os.path.basename(path):
        raise UsageError(say("-o {file}: is a folder; name a file in it", file=clean_line(path)))
    suffix = os.path.splitext(path)[1].lower()
    if suffix not in ("", ".toml", ".json"):
        raise UsageError(say("-o {file}: an example file ends in .toml or .json", file=clean_line(path)))
    return path if suffix else f"{path}.toml", "json" if suffix == ".json" else "toml"
