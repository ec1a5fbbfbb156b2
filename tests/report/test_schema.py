"""The JSON of the commands is as its schema says."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from qkvtui.files.find import bundled_names, bundled_with
from qkvtui.localized import LANGUAGES
from qkvtui.report.formats import SCHEMA, formats_of
from tests.cli.program import run
from tests.files.samples import TOP
from tests.samples import each

jsonschema = pytest.importorskip("jsonschema")
COMMANDS = [command for command in ("print", "why", "check", "grade", "learn") if SCHEMA in formats_of(command)]
FEW = ("animal", "two-heads", "translation", "sink")


@cache
def schema(command: str) -> Any:
    """What `COMMAND --format schema` prints, which needs no example."""
    ended = run(command, "--format", "schema")
    assert (ended.status, ended.messages) == (0, "")
    return json.loads(ended.output)


def check(command: str, *arguments: str | Path) -> None:
    """Refuse what the command's JSON has and its schema lacks, or the other way round."""
    ended = run(command, *arguments, "--format", "json")
    jsonschema.Draft202012Validator(schema(command)).validate(json.loads(ended.output))


@pytest.mark.parametrize("command", COMMANDS)
def test_a_schema_is_a_schema(command: str, tmp_path: Path) -> None:
    """A validator would have refused it before it looked at any JSON."""
    jsonschema.Draft202012Validator.check_schema(schema(command))
    assert schema(command)["title"] == f"qkvtui {command} --format json"
    file = tmp_path / "schema.json"
    assert run(command, "--format=schema", "-o", file).status == 0
    assert json.loads(file.read_text(encoding="utf-8")) == schema(command)
    assert run(command, "--format", "schema", "-o", file).status == 2, "the file is there already"


@pytest.mark.sampled(1)
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", each(bundled_names(), FEW))
def test_the_json_of_every_example_is_as_the_schema_says(name: str, language: str) -> None:
    """A program made from the schema would have stumbled over a name, or missed one."""
    for more in ((), ("--head", "all"), ("--blank", "all"), ("--blank", "last", "--key"), ("--query", "all")):
        check("print", name, "--lang", language, *more)
    check("check", name)
    check("why", name, "output")


@pytest.mark.parametrize("name", each(bundled_with("learn"), ("animal-learn",)))
def test_what_was_learned_is_as_the_schema_says(name: str) -> None:
    """The losses would have been called otherwise than promised."""
    check("learn", name, "--steps", "2")
    check("learn", name, "--steps", "2", "--seed", "7")
    check("why", name, "update")


def test_a_file_that_is_unusable_is_as_the_schema_says(tmp_path: Path) -> None:
    """The one report that a program has to understand would have been of another shape."""
    path = tmp_path / "wrong.toml"
    path.write_text(TOP, encoding="utf-8")
    check("check", path, "animal")


def test_a_schema_refuses_what_is_none() -> None:
    """A schema that lets everything pass would have promised nothing."""
    found = run("print", "animal", "--format", "json").json
    found["steps"][0]["value"] = found["steps"][0].pop("values")
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft202012Validator(schema("print")).validate(found)


def test_an_example_is_needed_for_everything_else() -> None:
    """`qkvtui print` alone would have printed nothing and said that all is well."""
    assert "EXAMPLE" in run("print", "--format", "json").messages
    assert run("why", "animal", "--format", "json").status == 2
