"""Options that several commands have, added to a parser or to a group of it."""

from __future__ import annotations

import argparse

from . import options as values
from .environment import THEMES
from .localized import LANGUAGES
from .report.formats import formats_of, suffixes_of
from .said import Phrase, say


def add_target(group: argparse._ActionsContainer) -> None:
    """What a model that translates has written so far."""
    told = say("of a model that reads one text and writes another: what it has written so far (default: nothing)")
    group.add_argument("--target", metavar="TEXT", help=told)


def add_blank(group: argparse._ActionsContainer) -> None:
    """Which steps of a worksheet are left to fill in."""
    group.add_argument(
        "--blank",
        metavar="LEVEL",
        help=say("numbers to fill in: last, alternate, all, or steps such as scores,weights"),
    )


def add_random(group: argparse._ActionsContainer) -> None:
    """Fresh numbers in place of the example's."""
    group.add_argument("--random", action="store_true", help=say("fresh small numbers in the example's places"))
    group.add_argument("--seed", type=values.seed, metavar="N", help=say("which fresh numbers"))


def add_choice_options(parser: argparse._ActionsContainer, *, several: bool = False) -> None:
    """Who asks, and in which head; `print` takes several tokens and heads."""
    parser.add_argument(
        "--query",
        metavar="TOKEN",
        help=say("the token that asks: its text or its index from 0; several with commas, or all")
        if several
        else say("the token that asks: its text or its index from 0"),
    )
    heads = say("which head, from 0 (or all)") if several else say("which head, from 0")
    parser.add_argument("--head", metavar="N|all" if several else "N", help=heads)


def add_writing(parser: argparse._ActionsContainer) -> None:
    """Which way matrices stand, and whose signs stand for them."""
    turned = say("columns: matrices turned over, as in books that write Q = W X (default: rows, Q = X W)")
    parser.add_argument("--tokens-as", choices=("rows", "columns"), help=turned)
    signs = say("lee: signs as in Hung-yi Lee's lectures, q^i and W^q (default: paper, Q and W_Q)")
    parser.add_argument("--notation", choices=("paper", "lee"), help=signs)


def add_language(parser: argparse._ActionsContainer) -> None:
    """The language."""
    parser.add_argument("--lang", choices=LANGUAGES, help=say("the language to speak (default: from the locale)"))


def add_digits(parser: argparse._ActionsContainer) -> None:
    """How many decimals are shown."""
    parser.add_argument("--digits", type=values.digits, metavar="N", help=say("decimals shown (default: 2)"))


def add_ascii(parser: argparse._ActionsContainer) -> None:
    """Only signs that every terminal has."""
    on_or_off = argparse.BooleanOptionalAction
    ascii_help = say("no signs beyond ASCII, tokens excepted; or all signs")
    parser.add_argument("--ascii", action=on_or_off, help=ascii_help)


def add_color(parser: argparse._ActionsContainer) -> None:
    """Whether there are colours."""
    parser.add_argument("--color", choices=("auto", "always", "never"), help=say("default: auto, on a terminal only"))


def add_theme(parser: argparse._ActionsContainer) -> None:
    """What the colours are made for."""
    told = say(
        "colours for a dark or a light background, or for any (default: auto, dark unless the terminal says light)"
    )
    parser.add_argument("--theme", choices=THEMES, help=told)


def add_looks(parser: argparse.ArgumentParser, *, writing: bool = False, width: bool = False) -> None:
    """How things are to look: signs, colours, decimals; where asked for how matrices are written, and how wide."""
    group = parser.add_argument_group(say("how it looks"))
    add_language(group)
    add_digits(group)
    if writing:
        add_writing(group)
    if width:
        told = say("columns (default: the terminal's, 80 in a pipe)")
        group.add_argument("--width", type=values.width, metavar="N", help=told)
    add_color(group)
    add_theme(group)
    add_ascii(group)


def add_what_if(parser: argparse.ArgumentParser) -> argparse._ArgumentGroup:
    """What if a number or a setting were different?"""
    group = parser.add_argument_group(say("what if"))
    number = say("another number, such as 'W_Q[0,0]=2'")
    group.add_argument("--set", dest="assignments", metavar="ADDRESS=VALUE", action="append", help=number)
    scale = group.add_mutually_exclusive_group()
    scale.add_argument("--scale", metavar="SCALE", help=say("none, 1/sqrt(d_k), or a number"))
    scale.add_argument("--temperature", metavar="T", help=say("divide the scores by T (usual: the square root of d_k)"))
    group.add_argument("--causal", action="store_true", help=say("add a causal mask"))
    group.add_argument(
        "--round-each",
        type=values.digits,
        metavar="N",
        help=say("round each step to N decimals, beside the exact numbers"),
    )
    group.add_argument("--softmax", choices=("rows", "columns"), help=say("columns is a known mistake"))
    return group


def add_result(parser: argparse.ArgumentParser, command: str, *, more: Phrase | None = None) -> None:
    """Where the result goes, and in which format of the command; `more` is said of them."""
    group = parser.add_argument_group(say("the result"))
    formats = formats_of(command)
    endings = " ".join(suffixes_of(command))
    default = say("default: as the name behind -o ends ({suffixes}), else text", suffixes=endings)
    told = default if more is None else say("{default}; {more}", default=default, more=more)
    group.add_argument("--format", choices=tuple(formats), metavar="F", help=told)
    if "latex" in formats:
        group.add_argument("--standalone", action="store_true", help=say("with --format latex: a whole document"))
    add_output(group)


def add_output(group: argparse._ArgumentGroup) -> None:
    """Where the result goes."""
    file = say("write to FILE, which stays whole if anything fails")
    group.add_argument("-o", "--output", metavar="FILE", type=values.file_name, help=file)
    group.add_argument("--force", action="store_true", help=say("let -o replace a file, but never one that is read"))
