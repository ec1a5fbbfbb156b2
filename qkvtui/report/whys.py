"""`qkvtui why`: one number opened back to the inputs, as a tree or as JSON."""

from __future__ import annotations

import json
from typing import Any

from ..operations.rules import Rule
from ..trace.why import Node
from ..views.look import Look
from ..views.tree import why_tree
from .as_json import finite
from .console import plain_lines, report_console


def why_as_text(node: Node, look: Look, color: str | None, no_color: bool) -> str:
    """The tree in the width given."""
    console = report_console(look, color, no_color)
    console.print(why_tree(node, look))
    return plain_lines(console)


def why_as_json(node: Node) -> str:
    """The tree as one object: address, value, operation, terms; a leaf has `given` instead of the last two."""
    return json.dumps(_object(node), ensure_ascii=False, allow_nan=False) + "\n"


def _object(node: Node) -> dict[str, Any]:
    found: dict[str, Any] = {"address": node.address, "value": finite(node.value)}
    if node.operation is Rule.GIVEN:
        return {**found, "given": "; ".join(node.given)}
    found |= {"operation": node.operation.value, "terms": [_object(term) for term in node.terms]}
    if node.seen:
        found["see"] = node.address
    if node.count:
        found["count"] = node.count
    return found
