"""However the program was installed, and wherever it is run, it finds its examples and its texts."""

from __future__ import annotations

import email
import re
import sys
import zipfile
from pathlib import Path

import pytest

from qkvtui import __version__
from tests.package.installs import ROOT, Installed, build_wheel, install, run

EXAMPLES = sorted(file.stem for file in (ROOT / "examples").glob("*.toml"))
PACKAGE = sorted(
    str(file.relative_to(ROOT))
    for file in (ROOT / "qkvtui").rglob("*")
    if file.is_file() and "__pycache__" not in file.parts
)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this tree."""
    return build_wheel(tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def from_wheel(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Installed:
    """The program installed from its wheel."""
    return install(tmp_path_factory.mktemp("from-wheel"), str(wheel))


@pytest.fixture(scope="module")
def editable(tmp_path_factory: pytest.TempPathFactory) -> Installed:
    """The program installed with `pip install -e`."""
    return install(tmp_path_factory.mktemp("editable"), "-e", str(ROOT))


def listed(program: Installed, folder: Path) -> list[str]:
    """The names that `qkvtui list` shows."""
    return sorted(line.split()[0] for line in program.run("list", folder=folder).splitlines() if line.startswith(" "))


@pytest.mark.slow
def test_a_checkout_lists_and_prints_its_examples() -> None:
    """Whoever only cloned the repository would have had a program without examples."""
    checkout = Installed((sys.executable, "-m", "qkvtui"))
    assert listed(checkout, ROOT) == EXAMPLES
    assert "0.26" in checkout.run("print", "animal", folder=ROOT)


@pytest.mark.slow
def test_an_installed_wheel_lists_and_prints_its_examples(from_wheel: Installed, tmp_path: Path) -> None:
    """`pip install .` would have given a program without examples, or one that finds them only in its own folder."""
    assert listed(from_wheel, tmp_path) == EXAMPLES
    for name in EXAMPLES:
        assert f"{name}" in from_wheel.run("print", name, "--format", "json", folder=tmp_path)
    assert "注意力权重" in from_wheel.run("print", "animal", "--lang", "zh", folder=tmp_path)


@pytest.mark.slow
def test_the_wheel_is_what_runs(from_wheel: Installed, tmp_path: Path) -> None:
    """The test above would have looked at the checkout."""
    python = str(Path(from_wheel.command[0]).with_name("python"))
    where = run((python, "-c", "import qkvtui.files.find as find; print(find.bundled_folder())"), tmp_path)
    assert Path(where.strip()).is_relative_to(Path(python).parents[1])


@pytest.mark.slow
def test_an_editable_install_lists_and_prints_its_examples(editable: Installed, tmp_path: Path) -> None:
    """Whoever develops the program would have had one without examples, or with a copy that does not follow."""
    assert listed(editable, tmp_path) == EXAMPLES
    assert "0.26" in editable.run("print", "animal", folder=tmp_path)


@pytest.mark.slow
def test_an_installed_application_has_its_style_sheet(from_wheel: Installed, tmp_path: Path) -> None:
    """The application would have ended at its first screen."""
    python = str(Path(from_wheel.command[0]).with_name("python"))
    program = (
        "import asyncio\n"
        "from qkvtui.tui.app import QkvtuiApp\n"
        "from qkvtui.tui.state import lesson_of\n"
        "from qkvtui.views.look import Look\n"
        "async def main():\n"
        "    async with QkvtuiApp(lesson_of('animal'), Look(80, 24)).run_test(size=(80, 24)) as pilot:\n"
        "        await pilot.press('n')\n"
        "        print(pilot.app.screen.query_one('#heading').size.height)\n"
        "asyncio.run(main())\n"
    )
    assert run((python, "-c", program), tmp_path).strip() == "2"


@pytest.mark.slow
def test_the_wheel_holds_the_package_the_examples_and_nothing_else(wheel: Path) -> None:
    """A file that the program needs would have been missing, or the tests would have been installed with it."""
    names = zipfile.ZipFile(wheel).namelist()
    information = f"qkvtui-{__version__}.dist-info/"
    examples = {f"qkvtui/examples/{file.name}" for file in (ROOT / "examples").iterdir() if file.is_file()}
    manuals = {f"qkvtui-{__version__}.data/data/share/man/{folder}/qkvtui.1" for folder in ("man1", "zh_CN/man1")}
    assert {name for name in names if not name.startswith(information)} == {*PACKAGE, *examples, *manuals}
    assert information + "licenses/LICENSE" in names
    for needed in ("qkvtui/py.typed", "qkvtui/tui/lesson.tcss", "qkvtui/narration/zh.toml"):
        assert needed in names


@pytest.mark.slow
def test_the_manual_of_an_installed_wheel_is_that_of_its_program(from_wheel: Installed, tmp_path: Path) -> None:
    """`man qkvtui` would have told about another version, or there would have been no page."""
    share = Path(from_wheel.command[0]).parents[1] / "share" / "man"
    for language, folder in (("en", "man1"), ("zh", "zh_CN/man1")):
        written = (share / folder / "qkvtui.1").read_text(encoding="utf-8")
        assert written == from_wheel.run("--print-man", "--lang", language, folder=tmp_path)


@pytest.mark.slow
def test_the_wheel_names_its_dependencies(wheel: Path) -> None:
    """The program would have failed in a fresh environment, or brought along what it does not need."""
    with zipfile.ZipFile(wheel) as archive:
        text = archive.read(f"qkvtui-{__version__}.dist-info/METADATA").decode()
    metadata = email.message_from_string(text)
    required = [line for line in metadata.get_all("Requires-Dist", []) if "extra ==" not in line]
    assert sorted(re.split(r"[^\w.-]", line)[0] for line in required) == ["numpy", "rich", "textual"]
    assert metadata["Version"] == __version__
    assert metadata["Requires-Python"] == ">=3.11"
    assert sorted(metadata.get_all("Provides-Extra", [])) == ["dev", "models", "test", "web"]


@pytest.mark.slow
def test_the_page_of_an_index_shows_no_broken_picture_and_no_link_to_nowhere(wheel: Path) -> None:
    """On PyPI the README had four broken pictures, and links to pages of PyPI that do not exist."""
    with zipfile.ZipFile(wheel) as archive:
        text = archive.read(f"qkvtui-{__version__}.dist-info/METADATA").decode()
    page = email.message_from_string(text)
    assert page["Description-Content-Type"] == "text/markdown"
    body = text.partition("\n\n")[2]
    assert "qkvtui shows in a terminal how attention" in body
    targets = re.findall(r"\]\(([^)]+)\)", re.sub(r"(?s)```.*?```", "", body))
    assert [one for one in targets if not one.startswith(("https://", "http://", "#"))] == []
