"""The table of patches, in the place of a step: which of its cells is chosen."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ..records import record

if TYPE_CHECKING:
    from ..pages.patches import PatchCell  # the first frame of a lesson does not wait for it
    from ..trace.patch_tables import PatchTable


@record(frozen=True, eq=False)
class Patched:
    """What was watched, and where one is in it."""

    table: PatchTable
    cell: PatchCell

    def at(self, cell: PatchCell) -> Patched:
        """The same table at another cell."""
        return replace(self, cell=cell)
