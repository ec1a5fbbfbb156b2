"""Where a number comes from that nothing is computed from: facts, which each language puts into words of its own."""

from __future__ import annotations

from ..records import record


@record(frozen=True)
class FilePlace:
    """One place of the file, or why there is no number in it: the name of its text, and what fills that."""

    text: str
    """A name of the table [places] of a language."""
    values: tuple[tuple[str, str], ...] = ()

    @property
    def by_name(self) -> dict[str, str]:
        """What fills the text, by name."""
        return dict(self.values)


NO_TARGET = FilePlace("no_target")


def file_place(text: str, **values: object) -> FilePlace:
    """A place with what fills its text."""
    return FilePlace(text, tuple((name, str(value)) for name, value in values.items()))


def entry(name: str, row: int, column: int, head: int | None = None) -> FilePlace:
    """An entry of a matrix of the file; `head` where each head has one of its own. All are counted from 0."""
    if head is None:
        return file_place("entry", name=name, row=row, column=column)
    return file_place("entry_of_head", name=name, head=head, row=row, column=column)


def setting(name: str) -> FilePlace:
    """A setting, by its name."""
    return file_place("setting", name=name)
