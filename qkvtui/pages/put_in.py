"""What of another run stands in the place of a run's own numbers, said in a few words."""

from __future__ import annotations

from ..graph.example import Example, Patch
from ..graph.layers import words_at
from ..narration.sentences import quoted, text_of
from .room import PageRoom


def put_in_words(example: Example, room: PageRoom, *, goes_back: bool) -> str:
    """`“wide” is in at layer 0; u takes it back`; empty where nothing is in.

    Of several parts how many they are. It `goes_back` where the last change in the application has put it in.
    """
    if not example.patches:
        return ""
    count = len(example.patches)
    told = _one(example.patches[0], room) if count == 1 else room.word("patches_are_in", count=count)
    return room.signs(room.word("patch_goes_back", told=told) if goes_back else told)


def _one(patch: Patch, room: PageRoom) -> str:
    """One row, what one head has found, or a whole step."""
    layer = patch.layer
    if patch.head is not None:
        return room.word("patched_head_is_in", head=patch.head, layer=layer)
    if patch.row is None:
        return room.word("patched_step_is_in", step=patch.step, layer=layer)
    token = text_of(quoted(words_at(patch.run.example, layer)[patch.row], room.texts.quotes))
    return room.word("patched_row_is_in", token=token, layer=layer)
