"""How much the tests sample, little in the quick run and widely in the slow one, and what the programs inherit."""

from __future__ import annotations

import gc
import os
import signal

import pytest
from hypothesis import is_hypothesis_test, settings

from tests.cli.program import NO_HOME

# The same examples in every run: what fails in CI fails here.
settings.register_profile("quick", max_examples=25, deadline=None, derandomize=True, database=None)
settings.register_profile("thorough", settings.get_profile("quick"), max_examples=200)


def pytest_configure(config: pytest.Config) -> None:
    """The quick run, which is the one without options, leaves the slow tests out.

    Programs that tests start inherit the signals that the tests ignore: some, under `nohup` or in the background of a
    script. They are to be started as from a terminal. And no test reads or writes what the person who runs it has set,
    or what the application remembers for them.
    """
    os.environ.update(NO_HOME)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGTSTP):
        if signal.getsignal(number) is signal.SIG_IGN:
            signal.signal(number, signal.default_int_handler if number == signal.SIGINT else signal.SIG_DFL)
    settings.load_profile("quick" if config.option.markexpr == "not slow" else "thorough")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Of a test that is `sampled(n)`, all cases but n are slow, evenly chosen.

    `pytest -m slow` samples as well, and thoroughly, whatever the quick run samples.
    """
    for cases in _cases_of_sampled(items).values():
        for case in set(cases) - set(_spread(cases)):
            case.add_marker(pytest.mark.slow)
    if config.option.markexpr == "slow":
        for item in items:
            if isinstance(item, pytest.Function) and is_hypothesis_test(item.obj):
                item.add_marker(pytest.mark.slow)


def _cases_of_sampled(items: list[pytest.Item]) -> dict[str, list[pytest.Item]]:
    """Of each test that is sampled its cases, but for those that are slow in any event."""
    found: dict[str, list[pytest.Item]] = {}
    for item in items:
        if item.get_closest_marker("sampled") and not item.get_closest_marker("slow"):
            found.setdefault(item.nodeid.partition("[")[0], []).append(item)
    return found


def _spread(cases: list[pytest.Item]) -> list[pytest.Item]:
    """As many of the cases as their test says, one of each stretch, the first from the first on.

    Each a little further in its stretch: of stacked parameters an even stride would always meet the same ones.
    """
    sampled = cases[0].get_closest_marker("sampled")
    assert sampled is not None
    count = min(sampled.args[0], len(cases))
    each = len(cases) // count
    return [cases[index * len(cases) // count + index % each] for index in range(count)]


def pytest_collection_finish() -> None:
    """Modules and thousands of items stay to the end: the garbage collector need not look through them each time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
