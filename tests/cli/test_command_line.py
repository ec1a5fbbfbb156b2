"""What a user may type, and what is said where that makes no sense."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import pytest

from qkvtui.arguments import parse
from qkvtui.files.course import COURSE
from qkvtui.files.find import bundled_names
from qkvtui.help_page import HelpLook, written
from qkvtui.localized import LANGUAGES
from qkvtui.parsers import PARSERS
from tests.cli.program import printed, run
from tests.written import as_file, as_toml

COMMANDS = ("", "print", "check", "list")
EXAMPLES = Path(__file__).parents[2] / "examples"


def complaint(*arguments: str | Path) -> list[str]:
    """The lines on standard error of a command line that is refused."""
    ended = run(*arguments)
    assert (ended.status, ended.output) == (2, "")
    assert "Traceback" not in ended.messages
    lines = ended.messages.splitlines()
    assert all(line.startswith("qkvtui: ") for line in lines)
    return [line.removeprefix("qkvtui: ") for line in lines]


@pytest.mark.sampled(6)
@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("print",), "the following arguments are required: EXAMPLE"),
        (("check",), "the following arguments are required: EXAMPLE"),
        (("print", "animal", "--frmat", "json"), "unrecognized arguments: --frmat json"),
        (("print", "animal", "--form", "json"), "unrecognized arguments: --form json"),
        (("list", "animal"), "unrecognized arguments: animal"),
        (("print", "animal", "--format", "pdf"), "argument --format: invalid choice: 'pdf'"),
        (("print", "animal", "--lang", "xx"), "argument --lang: invalid choice: 'xx'"),
        (("print", "animal", "--color", "sometimes"), "argument --color: invalid choice: 'sometimes'"),
        (("print", "animal", "--digits", "16"), "argument --digits: '16' is not a whole number from 0 to 15"),
        (("print", "animal", "--digits", "-1"), "argument --digits: '-1' is not a whole number from 0 to 15"),
        (("print", "animal", "--digits", "٣"), "argument --digits: '٣' is not a whole number from 0 to 15"),
        (("print", "animal", "--width", "19"), "argument --width: '19' is not a whole number from 20 to 10000"),
        (("print", "animal", "--width", "wide"), "argument --width: 'wide' is not a whole number"),
        (("print", "animal", "-o", ""), "argument -o/--output: an empty text is not the name of a file"),
        (("print", "animal", "--query"), "argument --query: expected one argument"),
        (("prnt", "animal"), "'prnt' is no command; did you mean 'qkvtui print'?"),
    ],
)
def test_an_option_that_makes_no_sense_is_refused_with_the_way_to_the_help(
    arguments: tuple[str, ...], said: str
) -> None:
    """A slip of the finger would have ended in a traceback, or in something nobody asked for."""
    first, second = complaint(*arguments)
    assert first.startswith(said)
    assert re.fullmatch(r"see 'qkvtui( print| check| list)? --help'", second)


@pytest.mark.sampled(8)
@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("print", "anmial"), 'no file and no bundled example is called "anmial"; did you mean "animal"?'),
        (("print", "no/such/file.toml"), 'no file and no bundled example is called "no/such/file.toml"'),
        (("print", "."), ".: is a folder; name one of the files in it"),
        (("print", "animal", "--step", "score"), "--step score: there is no such step; did you mean scores?"),
        (("print", "animal", "--step", "scores,"), "--step : there is no such step"),
        (("print", "animal", "--step", "masked"), "--step masked: there is no such step in animal; there are"),
        (("print", "animal", "--query", "anmial"), 'no token is "anmial"; did you mean "animal"?'),
        (("print", "animal", "--query", "5"), "there is no token 5; the tokens are counted from 0 to 4"),
        (("print", "animal", "--query", ""), 'no token is ""'),
        (("print", "animal", "--head", "1"), "--head 1: animal has only head 0"),
        (("print", "animal", "--head", "-1"), "--head -1: animal has only head 0"),
        (("print", "animal", "--head", "first"), "--head first: animal has only head 0"),
        (("print", "animal#sores[it,it]"), "there is no step, input or parameter 'sores'; did you mean 'scores'?"),
        (("print", "animal#masked[it,it]"), "this example has no step 'masked'; it has embeddings, queries"),
        (("print", "animal#scores[it]"), "scores[it] names a row only; write scores[it,COLUMN]"),
        (("print", "animal#scores[it,cat]"), 'scores: no column is "cat"'),
        (("print", "animal#scores[it,5]"), "scores: there is no column 5; the columns are counted from 0 to 4"),
        (("print", "animal#weights@1[it,it]"), "weights@1: head 1 is out of range; the only index is 0"),
        (("print", "animal#X@0[it,0]"), "X has no heads of its own; leave out @0"),
        (("print", "animal#[it,0]"), "'[it,0]' is not an address; write one like scores[it,animal] or W_Q[0,1]"),
        (("print", "animal-sentence", "--query", "99999999999999999999"), 'no token is "99999999999999999999"'),
        (("--head", "all", "animal"), "--head all: the application shows one head at a time"),
    ],
)
def test_a_name_that_is_not_there_is_refused_with_what_is(arguments: tuple[str, ...], said: str) -> None:
    """A learner would have had to guess the name of a step, a token or an example."""
    (only,) = complaint(*arguments)
    assert only.startswith(said)


def test_a_head_is_refused_with_the_heads_there_are(tmp_path: Path) -> None:
    """Head 3 of three would have been a traceback, or head 0."""
    path = as_file("three_heads").save(tmp_path)
    assert complaint("print", path, "--head", "3") == ["--head 3: three_heads has heads 0 to 2"]


def test_a_token_that_stands_twice_is_refused_with_the_indices_to_choose_from(tmp_path: Path) -> None:
    """The first of two equal words would have been shown though the second was meant."""
    path = tmp_path / "it.toml"
    path.write_text(as_toml(as_file("plain").tables() | {"tokens": ["the", "cat", "the", "dog"]}))
    said = 'the token "the" occurs 2 times; say which by its index: #0 or #2'
    assert complaint("print", path, "--query", "the") == [said]
    assert complaint("print", f"{path}#scores[the,cat]") == [f"scores: {said.replace('token', 'row')}"]


@pytest.mark.sampled(1)
@pytest.mark.parametrize("text", ["\x1b[2J", "\x9b31m", "\u202e", "a\x07", "\udcff"], ids=ascii)
def test_what_a_message_repeats_cannot_steer_the_terminal(text: str) -> None:
    """A command copied from a web page would have cleared the screen through the message that refuses it."""
    for arguments in (
        ("print", text),
        ("print", "animal", "--step", text),
        ("print", "animal", "--query", text),
        ("print", "animal", "--head", text),
        ("print", f"animal#{text}"),
        ("print", "animal", f"--{text}"),
        ("print", "animal", "-o", f"/no/such/{text}/file"),
        (text, "animal"),
    ):
        for line in complaint(*arguments):
            assert all(character.isprintable() for character in line), arguments


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(command: str) -> None:
    """A newcomer who asks for help would have been told about another command, or nothing."""
    ended = run(*command.split(), "--help")
    assert (ended.status, ended.messages) == (0, "")
    usage = f"\nusage: qkvtui{' ' if command else ''}{command} [OPTIONS]"
    assert 0 < ended.output.index("\nexamples:\n  qkvtui") < ended.output.index(usage)
    assert max(len(line) for line in ended.output.splitlines()) <= 80
    assert run(*command.split(), "-h").output == ended.output


def test_names_may_stand_on_both_sides_of_an_option() -> None:
    """argparse takes only names that stand together, and called the rest unknown."""
    whole = run("print", "animal", "two-heads", "--step", "weights")
    assert whole.status == 0
    assert run("print", "animal", "--step", "weights", "two-heads") == whole
    assert run("print", "--step=weights", "animal", "--", "two-heads") == whole
    assert "--colour" in run("print", "animal", "--colour", "never", "two-heads").messages


@pytest.mark.sampled(4)
@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("command", COMMANDS)
def test_the_help_names_each_format_once(command: str, language: str) -> None:
    """`--format` told all of them, and then all of them again."""
    _, found, told = run(*command.split(), "--help", "--lang", language).output.partition("  --format ")
    if found:
        words = re.split(
            r"[\s,;；]+", told.partition("  -o, --output")[0].partition("default" if language == "en" else "默认")[0]
        )
        assert "text" in words
        assert len(words) == len(set(words))


def test_the_help_names_every_command_and_the_exit_status() -> None:
    """A command would have been there, and nobody would have known."""
    text = run("--help").output
    for command in COMMANDS[1:]:
        assert f"  qkvtui {command}" in text
    statuses = text.partition("\nexit status:\n")[2].partition("\n\n")[0]
    assert re.findall(r"(?m)^  (\d+)", statuses) == ["0", "1", "2", "130"]
    for promised in ("NO_COLOR", "FORCE_COLOR", "CLICOLOR=0", "CLICOLOR_FORCE", "TERM=dumb", "COLUMNS"):
        assert promised in text


@pytest.mark.parametrize("command", PARSERS)
def test_every_example_of_the_help_is_understood(command: str) -> None:
    """A beginner who copied the first line of the help would have been refused."""
    for line, _ in PARSERS[command]().parts.examples:
        _, *words = shlex.split(line)
        name, options = parse(words, HelpLook("en", 80))
        assert name == (words[0] if words and words[0] in PARSERS else "")
        assert name == command or command == ""
        assert options.given or len(words) < 3


@pytest.mark.sampled(8)
@pytest.mark.parametrize("width", [40, 60, 80, 120])
@pytest.mark.parametrize("command", PARSERS)
def test_the_help_is_as_wide_as_the_terminal(command: str, width: int) -> None:
    """Lines would have been broken a second time, in the middle of a word."""
    text = run(*command.split(), "--help", environ={"COLUMNS": str(width)}).output
    lines = text.partition("\n  import numpy")[0].splitlines()  # below it are lines of Python
    names = {written(action) for action in PARSERS[command]()._actions}
    assert [line for line in lines if len(line) > width and line.strip() not in names and "usage:" not in line] == []


def test_an_example_that_is_too_wide_can_still_be_copied() -> None:
    """A command on two lines would have been two commands."""
    narrow = run("print", "--help", environ={"COLUMNS": "40"}).output
    examples = narrow.partition("examples:\n")[2].partition("\n\n")[0].replace("\\\n", "")
    commands = [" ".join(line.split()) for line in examples.splitlines() if line.startswith("  qkvtui")]
    assert commands == [line for line, _ in PARSERS["print"]().parts.examples]


@pytest.mark.parametrize(
    ("variables", "codes"),
    [
        ({}, set()),
        ({"FORCE_COLOR": "1"}, {"1;33", "36", "0"}),
        ({"CLICOLOR_FORCE": "1"}, {"1;33", "36", "0"}),
        ({"CLICOLOR_FORCE": "1", "NO_COLOR": "1"}, set()),
    ],
)
def test_the_help_is_coloured_where_colours_are_wanted(variables: dict[str, str], codes: set[str]) -> None:
    """`qkvtui --help | less` would have shown ESC[1m everywhere, or a wish for colours been ignored."""
    assert set(re.findall("\x1b\\[([0-9;]*)m", run("--help", environ=variables).output)) == codes
    assert "\x1b" not in run("--help", "--color", "never", environ=variables).output
    assert "\x1b[36m" in run("--help", "--color", "always", environ=variables).output


def test_the_help_fits_the_terminal() -> None:
    """The options would have been broken at another width than the terminal's."""
    narrow = run("print", "--help", environ={"COLUMNS": "60"}).output
    assert max(len(line) for line in narrow.splitlines()) <= 60


def test_list_names_every_bundled_example_with_its_title() -> None:
    """A learner would not have known what there is to walk through."""
    for language, title in (("en", "What does 'it' refer to?"), ("zh", "指的是谁")):
        ended = run("list", "--lang", language)
        assert (ended.status, ended.messages) == (0, "")
        lines = [line for line in ended.output.splitlines() if line.startswith(" ")]
        assert [line.split()[0] for line in lines] == list(bundled_names())
        assert title in next(line for line in lines if line.startswith("  animal "))


def test_the_list_is_that_of_the_course_group_by_group() -> None:
    """A learner would have met thirty titles in a row, and not known where to begin or what belongs together."""
    for language in LANGUAGES:
        lines = run("list", "--lang", language).output.splitlines()
        headings = [line for line in lines if line and not line.startswith(" ")]
        assert headings == [group.title.in_language(language) for group in COURSE]
        assert [lines[index - 1] for index, line in enumerate(lines) if line in headings[1:]] == [""] * len(
            headings[1:]
        )


@pytest.mark.sampled(1)
@pytest.mark.parametrize(
    ("variables", "chinese"),
    [
        ({"LANG": "zh_CN.UTF-8"}, True),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "en_US.UTF-8"}, False),
        ({"LANG": "en_US.UTF-8", "LC_MESSAGES": "zh_TW.UTF-8"}, True),
        ({"LANG": ""}, False),
    ],
)
def test_the_language_is_that_of_the_locale_unless_one_is_asked_for(variables: dict[str, str], chinese: bool) -> None:
    """A Chinese reader would have got English pages, or the other way round."""
    assert ("指的是谁" in printed("animal", environ=variables)) is chinese
    assert ("指的是谁" in run("list", environ=variables).output) is chinese
    assert "指的是谁" not in printed("animal", "--lang", "en", environ=variables)


@pytest.mark.parametrize("address", ["scores[street,tired]", "scores:street,tired", "scores[2,4]"])
def test_an_address_after_the_example_says_where_to_start(address: str) -> None:
    """`animal#scores[street,tired]` would have been looked for as a file, or would have shown another number."""
    found = run("print", f"animal#{address}", "--format", "json").json
    assert found["query"] == {"index": 2, "token": "street"}
    assert "scores[street,tired]  0.16 = " in printed(f"animal#{address}", "--step", "scores")


def test_an_address_can_name_a_head(tmp_path: Path) -> None:
    """The number of head 0 would have been shown instead."""
    found = run("print", f"{as_file('three_heads').save(tmp_path)}#weights@2[q1,q0]", "--format", "json").json
    assert (found["head"], found["query"]["index"]) == (2, 1)


def test_a_dash_reads_standard_input(tmp_path: Path) -> None:
    """An example that another program makes would have needed a file."""
    text = (EXAMPLES / "animal.toml").read_text(encoding="utf-8")
    copy = tmp_path / "copy.toml"
    copy.write_text(text, encoding="utf-8")
    steps = ("--step", "scores,weights,output")
    assert run("print", "-", *steps, stdin=text).output == printed(str(copy), *steps)
    assert "qkvtui check -" in run("print", "-", stdin=text).output
    piped = run("print", "-#scores[street,tired]", "--format", "json", stdin=text).json
    assert piped["example"]["name"] == "-"
    assert piped["query"]["token"] == "street"
    assert run("check", "-", stdin=text).status == 1


def test_standard_input_may_be_json() -> None:
    """Only half of the format could have been piped."""
    text = json.dumps(as_file("causal").tables())
    assert run("print", "-", "--format", "json", stdin=text).json["settings"]["causal"] is True


def test_nothing_on_standard_input_is_refused() -> None:
    """An empty pipe would have ended in a traceback, or in an empty page."""
    assert complaint("print", "-") == ["standard input: is empty; an example starts with format = 1"]


@pytest.mark.slow
def test_the_same_input_gives_the_same_bytes() -> None:
    """A handout under version control would have changed from run to run."""
    for arguments in (("animal",), ("journey-causal", "--color", "always"), ("xiaohong", "--format", "json")):
        assert printed(*arguments) == printed(*arguments)


def test_the_options_may_stand_before_the_example() -> None:
    """`qkvtui print --lang zh animal` would have been refused."""
    assert printed("--lang", "zh", "--step", "scores", "animal") == printed(
        "animal", "--step", "scores", "--lang", "zh"
    )


def test_the_application_is_not_started_where_nobody_could_see_it() -> None:
    """A pipe or a cron job would have hung for ever."""
    (said,) = complaint("animal")
    assert said == "standard input is not a terminal, so there is nothing to draw on; 'qkvtui print animal' gives text"


def test_a_model_that_is_not_there_is_said_to_be_missing_not_its_sentence() -> None:
    """A misspelt folder ended in a list of commands, or in words about a sentence that was right."""
    for words in ((), ("print",), ("why",)):
        address = ("weights@1[it,it]",) if words == ("why",) else ()
        ended = run(*words, "/no/such/minilm", "The cat sat.", *address)
        assert (ended.status, ended.messages) == (2, "qkvtui: /no/such/minilm: there is no such folder\n")
