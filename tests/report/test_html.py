"""`print --format html`: read back by a parser that forgives nothing, and walked in a browser where there is one."""

from __future__ import annotations

import math
import re
import shutil
import subprocess
from base64 import b64encode
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from xml.etree.ElementTree import Element

import html5lib
import pytest

from qkvtui.localized import LANGUAGES
from qkvtui.narration.tells import SLOT
from qkvtui.operations.tensors import Address
from qkvtui.report import shades
from tests import samples
from tests.contrast import contrast, rgb
from tests.report.formatting import differing_only_in_hidden, shown_numbers, written

QUICK = ("animal", "translation", "awkward_tokens", "three_heads", "learn_reading")
EACH = pytest.mark.parametrize("name", samples.each((*samples.LESSONS, "minilm-tired"), QUICK))


def parsed(text: str) -> Element:
    """The document; a mistake in it raises."""
    parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
    found = parser.parse(text)
    assert isinstance(found, Element)
    return found


def text_in(one: Element) -> str:
    return "".join(one.itertext())


@pytest.mark.sampled(1)
@EACH
def test_it_is_valid_in_each_language(name: str) -> None:
    """A browser had to guess what was meant, or read a token as markup."""
    for language in LANGUAGES:
        root = parsed(written(name, "html", language))
        assert root.get("lang", "").startswith(language)
        assert len(list(root.iter("h1"))) == 1
        ids = [one.get("id") for one in root.iter() if one.get("id")]
        assert [one for one, count in Counter(ids).items() if count > 1] == []
        named = [one.get("aria-labelledby") for one in root.iter() if one.get("aria-labelledby")]
        links = [one.get("href", "").removeprefix("#") for one in root.iter("a")]
        assert {*named, *links} <= set(ids)


@pytest.mark.sampled(1)
@EACH
def test_every_number_of_every_step_is_in_it_as_it_is_printed(name: str) -> None:
    """A step showed one token's row, or another number than the JSON beside it."""
    trace = samples.trace(name)
    cells = cells_of(parsed(written(name, "html")))
    for at, text in shown_numbers(trace).items():
        assert any(one.rpartition("→")[2] == text for one in cells[at]), at
        for one in cells[at]:
            assert_could_be(one.rpartition("→")[2], trace.value(at))


def assert_could_be(text: str, value: float) -> None:
    """A number as it is printed, with however many digits."""
    if not math.isinf(value):
        last = Decimal(1).scaleb(int(Decimal(text).as_tuple().exponent))
        assert abs(Decimal(text) - Decimal(value)) <= last * Decimal("0.501")


def cells_of(root: Element) -> dict[Address, set[str]]:
    """The numbers of a document by their addresses, as they stand at each of their places."""
    found: dict[Address, set[str]] = {}
    for cell in root.iter("td"):
        name, _, rest = cell.get("data-cell", "").partition("@")
        if name:
            head, row, column = map(int, re.split("[:,]", rest))
            found.setdefault(Address(name, row, column, head), set()).add(text_in(cell))
    return found


def test_every_number_of_a_small_example_says_how_it_was_computed() -> None:
    """A reader pointed at a number and learned nothing, or what another number is."""
    cells = [one for one in parsed(written("animal", "html")).iter("td") if one.get("data-cell")]
    for cell in cells:
        how = cell.get("title", "")
        assert how.startswith(cell.get("data-cell", "").partition("@")[0])
        assert text_in(cell) in how
    titles = {cell.get("title", "") for cell in cells}
    assert "scores[it,animal]  0.85 = 0.50 × 0.90 + 0.50 × 0.80   the source printed 0.90 ✗" in titles


@pytest.mark.sampled(1)
@EACH
def test_tables_are_tables(name: str) -> None:
    """A screen reader said “0.26” and not which row and column it stands in."""
    for table in parsed(written(name, "html")).iter("table"):
        assert table[0].tag == "caption"
        assert text_in(table[0]).strip()
        assert all(one.get("scope") in ("row", "col") and text_in(one) for one in table.iter("th"))
        widths = {len(row) for row in table.iter("tr")}
        assert len(widths) == 1


@pytest.mark.sampled(1)
@EACH
def test_the_current_number_is_marked_by_more_than_a_colour(name: str) -> None:
    """Who sees no colours did not see which number the sentence below is about."""
    root = parsed(written(name, "html"))
    drawn = [
        one for one in root.iter("div") if one.get("class") == "drawing" and next(one.iter("td"), None) is not None
    ]
    assert any(next(one.iter("mark"), None) is not None for one in drawn)
    assert 'mark::before { content: "["; }' in text_in(next(root.iter("style")))


def test_nothing_is_asked_for_from_anywhere() -> None:
    """The page was blank behind a firewall, or told a server who reads it."""
    text = written("animal", "html")
    root = parsed(text)
    for one in root.iter():
        for name in ("src", "href", "action", "data", "poster", "srcset"):
            assert one.get(name, "#").startswith(("#", "data:,"))
    style, script = (text_in(next(root.iter(name))) for name in ("style", "script"))
    assert not re.search(r"url\(|@import|fetch|XMLHttpRequest|import\(", style + script)
    policy = next(one for one in root.iter("meta") if one.get("http-equiv"))
    for part in (style, script):
        assert b64encode(sha256(part.encode()).digest()).decode() in policy.get("content", "")


@pytest.mark.slow
def test_a_token_is_text_whatever_it_says() -> None:
    """A file from somebody else ran a script in its reader's browser."""
    root = parsed(written("awkward_tokens", "html"))
    labels = {text_in(one) for one in root.iter("bdi")}
    assert set(samples.AWKWARD_TOKENS) <= labels
    hostile = ("<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "</style>", "&amp;", "\ufffe")
    found = parsed(written_with(hostile))
    assert len(list(found.iter("script"))) == 1
    assert not list(found.iter("img"))
    assert {*hostile[:-1], "\ufffd"} <= {text_in(one) for one in found.iter("bdi")}


def written_with(tokens: tuple[str, ...]) -> str:
    from qkvtui.report.request import formatted
    from qkvtui.trace.trace import Trace
    from tests.report.formatting import request_of

    return formatted(request_of(Trace(samples.projected("hostile", tokens, m=2, k=2, v=2))), "html")


@pytest.mark.sampled(1)
@pytest.mark.parametrize("format_name", ["html", "latex", "svg"])
@pytest.mark.parametrize("name", samples.each(("animal", "three_heads", "all_masks", "cross", "grouped", "journey")))
def test_what_a_worksheet_leaves_to_the_learner_is_nowhere_in_the_file(format_name: str, name: str) -> None:
    """The answers stood in the page's source, where pointing at a cell shows them."""
    for level in ("all", "alternate", "last"):
        more = {"steps": ("scores", "weights", "output")} if format_name == "svg" else {"all_heads": True}
        one, other = differing_only_in_hidden(name, format_name, level, **more)
        assert one == other
        assert (r"\underline" if format_name == "latex" else SLOT) in one


def test_with_the_key_the_blanks_are_filled_in() -> None:
    """The teacher's page was as blank as the class's."""
    assert ">0.26<" not in written("animal", "html", blank="all")
    assert ">0.26<" in written("animal", "html", blank="all", key=True)


def test_tokens_may_be_columns_and_all_heads_shown() -> None:
    """The page went on saying X W_Q to readers of books that write W X."""
    text = text_in(parsed(written("animal", "html", tokens_as="columns")))
    assert "Q = WQᵀ X" in text
    heads = parsed(written("two-heads", "html", all_heads=True))
    assert {"weights-0", "weights-1"} <= {one.get("id") for one in heads.iter("section")}


def test_each_sentence_is_a_table_and_its_tokens_have_their_weights_below_them() -> None:
    """In cross-attention both sentences ran together, and the weights stood below the wrong one."""
    root = parsed(written("translation", "html"))
    trace = samples.trace("translation")
    shown = shown_numbers(trace)
    (section,) = (one for one in root.iter("section") if one.get("id") == "weights")
    asks, answers = (one for one in section.iter("table") if one.get("class") == "sentence")
    assert [text_in(one).strip("▸◂") for one in asks.iter("th")] == list(trace.example.tokens)
    assert [text_in(one).split(" ")[0] for one in answers.iter("th")][:-1] == list(trace.example.keys)
    weights = [shown[Address("weights", trace.example.query, key, 0)] for key in range(trace.shape.keys)]
    assert [text_in(one) for one in answers.iter("td")][1:] == weights


def colours() -> Iterator[tuple[str, str]]:
    """(background, text) of all that is written on the page, on light and on dark paper."""
    style = text_in(next(parsed(written("animal", "html")).iter("style")))
    for rules in re.findall(r":root \{(.*?)\}", style, re.DOTALL)[:2]:
        of = dict(re.findall(r"--([\w-]+): (#\w{6})", rules))
        yield from ((of["back"], of[name]) for name in ("text", "soft", "query", "key", "wrong", "link"))
        yield of["mark"], of["mark-text"]
    yield from (*shades.LIGHT, *shades.DARK)


def test_all_that_is_written_can_be_read() -> None:
    """Grey on grey, or a number that drowned in its own shade."""
    found = list(colours())
    assert len(found) == 2 * 7 + 16
    assert [pair for pair in found if contrast(*map(rgb, pair)) < 4.5] == []


def test_questions_stops_and_pictures_are_pages_too() -> None:
    """`--questions` and `--stops` went with text only."""
    assert list(parsed(written("animal", "html", questions=True)).iter("h2"))
    stops = parsed(written("bank", "html", stops=True))
    assert len(list(stops.iter("section"))) > 2
    picture = parsed(written("animal", "html", picture="flow"))
    drawn = next(picture.iter("{http://www.w3.org/2000/svg}svg"), None)
    assert drawn is not None


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("chromium") is None, reason="no Chromium here")
def test_arrows_walk_the_steps_in_a_browser(tmp_path: Path) -> None:
    """The keys did nothing, or the page logged an error."""
    text = written("animal", "html")
    press = (
        "const says=[];const key=(k)=>dispatchEvent(new KeyboardEvent('keydown',{key:k}));"
        "for(const k of ['ArrowRight','ArrowRight','ArrowLeft','End','Home'])"
        "{key(k);says.push(location.hash+document.activeElement.id)}"
        "key('.');says.push(document.activeElement.title);document.title=says.join(' ')"
    )
    page = tmp_path / "page.html"
    policy = re.sub(r'<meta content="default-src.*?>', "", text)
    page.write_text(policy.replace("</body>", f"<script>{press}</script></body>"), encoding="utf-8")
    command = ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--enable-logging=stderr", "--dump-dom"]
    ended = subprocess.run([*command, page.as_uri()], capture_output=True, text=True, timeout=120, check=True)
    says = re.search(r"<title>(.*?)</title>", ended.stdout)
    assert says is not None
    walked = ["embeddings", "queries", "embeddings", "end", "embeddings"]
    assert says[1].split(" ")[:5] == [f"#{one}{one}-title" for one in walked]
    assert "embeddings[it,0]" in says[1]
    page.write_text(text, encoding="utf-8")
    ended = subprocess.run([*command, page.as_uri()], capture_output=True, text=True, timeout=120, check=True)
    assert "CONSOLE" not in ended.stderr
