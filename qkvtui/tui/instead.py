"""What may stand in the place of a step: the questions a beginner asks, or the table of patches."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ..records import record

if TYPE_CHECKING:
    from ..pages.patches import PatchCell  # the first frame of a lesson does not wait for it
    from ..trace.patch_tables import PatchTable


@record(frozen=True)
class Questioned:
    """The list of questions, or one answer."""

    chosen: int = 0
    """Place in the list; behind the last question come the words."""
    opened: bool = False
    """Whether the answer is shown."""


@record(frozen=True, eq=False)
class Patched:
    """The table of patches: what was watched, and which of its cells is chosen."""

    table: PatchTable
    cell: PatchCell

    def at(self, cell: PatchCell) -> Patched:
        """The same table at another cell."""
        return replace(self, cell=cell)
