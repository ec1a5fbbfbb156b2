"""The `why` tree as a rich tree."""

from __future__ import annotations

from rich.text import Text
from rich.tree import Tree

from ..narration.formulas import node_equation
from ..operations.rules import Rule
from ..trace.why import Node
from .look import Look


def why_tree(node: Node, look: Look) -> Tree:
    """A number with its terms below it, down to the file."""
    tree = Tree(_label(node, look), guide_style=look.palette.dim)
    for term in node.terms:
        tree.children.append(why_tree(term, look))
    return tree


def _label(node: Node, look: Look) -> Text:
    label = Text(overflow="fold")
    if node.operation is Rule.REST:
        label.append(look.word("more_terms", count=node.count), look.palette.dim)
    else:
        product = node.operation is Rule.PRODUCT
        label.append(look.signs(node.address) if product else node.address, look.palette.marked)
    label.append("  " + look.signs(node_equation(node, look.digits)))
    if node.operation is Rule.MAXIMUM:
        label.append(f"  {look.word('largest_of_row')}", look.palette.dim)
    if node.given:
        label.append(f"  {look.texts.file_places(node.given)}", look.palette.dim)
    if node.seen:
        label.append(f"  {look.word('opened_above')}", look.palette.dim)
    if node.closed:
        label.append(look.signs("  …"), look.palette.dim)
    return label
