"""Elements of HTML and SVG: a tree, so that what a file says is always text and never markup."""

from __future__ import annotations

import re
from collections.abc import Iterable
from xml.etree.ElementTree import Element, tostring

_NO_CHARACTER = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\ufdd0-\ufdef\ufffe\uffff]|["
    + "".join(f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}" for plane in range(0x10000, 0x110000, 0x10000))
    + "]"
)
"""What neither XML nor HTML may hold."""

Child = Element | str | None
"""What may stand in an element; None: nothing."""


def element(tag: str, /, *children: Child, **attributes: str | int | float | None) -> Element:
    """An element; `class_` is its class, `aria_label` its aria-label, and an attribute that is None is not there."""
    found = Element(tag)
    for attribute, value in attributes.items():
        if value is not None:
            found.set(attribute.rstrip("_").replace("_", "-"), clean(str(value)))
    return put(found, children)


def put(parent: Element, children: Iterable[Child]) -> Element:
    """The element with more in it."""
    for child in children:
        if isinstance(child, str):
            _write(parent, clean(child))
        elif child is not None:
            parent.append(child)
    return parent


def clean(text: str) -> str:
    """The text without what is no character in a document."""
    return _NO_CHARACTER.sub("\ufffd", text)


def as_html(root: Element) -> str:
    """The element as HTML; what stands in `style` and `script` is written as it is."""
    return tostring(root, encoding="unicode", method="html")


def as_xml(root: Element) -> str:
    """The element as XML."""
    return tostring(root, encoding="unicode", method="xml")


def _write(parent: Element, text: str) -> None:
    if len(parent):
        parent[-1].tail = (parent[-1].tail or "") + text
    else:
        parent.text = (parent.text or "") + text
