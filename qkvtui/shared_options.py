"""Options that several commands have, added to a parser or to a group of it."""

from __future__ import annotations

import argparse

from . import options as values
from .localized import LANGUAGES
from .report.formats import formats_of, suffixes_of
from .said import Phrase, say


def add_blank(group: argparse._ArgumentGroup) -> None:
    """Which steps of a worksheet are left to fill in."""
    group.add_argument(
        "--blank",
        metavar="LEVEL",
        help=say("numbers to fill in: last, alternate, all, or steps such as scores,weights"),
    )


def add_random(group: argparse._ArgumentGroup) -> None:
    """Fresh numbers in place of the example's."""
    group.add_argument("--random", action="store_true", help=say("fresh small numbers in the example's places"))
    group.add_argument("--seed", type=values.seed, metavar="N", help=say("which fresh numbers"))


def add_choice_options(parser: argparse.ArgumentParser, *, several: bool = False) -> None:
    """Who asks, in which head, and how matrices are written; `print` takes several tokens and heads."""
    parser.add_argument(
        "--query",
        metavar="TOKEN",
        help=say("the token that asks: its text or its index from 0; several with commas, or all")
        if several
        else say("the token that asks: its text or its index from 0"),
    )
    heads = say("which head, from 0 (or all)") if several else say("which head, from 0")
    parser.add_argument("--head", metavar="N|all" if several else "N", help=heads)
    add_writing(parser)


def add_writing(parser: argparse.ArgumentParser) -> None:
    """Which way matrices stand, and whose signs stand for them."""
    turned = say("columns: matrices turned over, as in books that write Q = W X (default: rows, Q = X W)")
    parser.add_argument("--tokens-as", choices=("rows", "columns"), help=turned)
    signs = say("lee: signs as in Hung-yi Lee's lectures, q^i and W^q (default: paper, Q and W_Q)")
    parser.add_argument("--notation", choices=("paper", "lee"), help=signs)


def add_language(parser: argparse.ArgumentParser) -> None:
    """The language."""
    parser.add_argument("--lang", choices=LANGUAGES, help=say("the language to speak (default: from the locale)"))


def add_digits(parser: argparse._ActionsContainer) -> None:
    """How many decimals are shown."""
    parser.add_argument("--digits", type=values.digits, metavar="N", help=say("decimals shown (default: 2)"))


def add_ascii(parser: argparse.ArgumentParser) -> None:
    """Only signs that every terminal has."""
    on_or_off = argparse.BooleanOptionalAction
    ascii_help = say("no signs beyond ASCII, tokens excepted; or all signs")
    parser.add_argument("--ascii", action=on_or_off, help=ascii_help)


def add_color(parser: argparse.ArgumentParser) -> None:
    """Whether there are colours."""
    parser.add_argument("--color", choices=("auto", "always", "never"), help=say("default: auto, on a terminal only"))


def add_page(parser: argparse.ArgumentParser) -> None:
    """How a page is to look, and where it goes."""
    add_language(parser)
    add_digits(parser)
    parser.add_argument(
        "--width", type=values.width, metavar="N", help=say("columns (default: the terminal's, 80 in a pipe)")
    )
    add_color(parser)
    add_ascii(parser)
    add_output(parser)


def add_what_if(parser: argparse.ArgumentParser) -> None:
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


def add_format(parser: argparse.ArgumentParser, command: str, *, more: Phrase | None = None) -> None:
    """In which format of the command the result is written; `more` is said of them."""
    default = say(
        "default: as the name behind -o ends ({suffixes}), else text", suffixes=" ".join(suffixes_of(command))
    )
    told = default if more is None else say("{default}; {more}", default=default, more=more)
    parser.add_argument("--format", choices=tuple(formats_of(command)), help=told)


def add_output(parser: argparse.ArgumentParser) -> None:
    """Where the result goes."""
    parser.add_argument(
        "-o",
        "--output",
        metavar="FILE",
        type=values.file_name,
        help=say("write to FILE, which stays whole if anything fails"),
    )
    parser.add_argument("--force", action="store_true", help=say("let -o replace a file, but never one that is read"))
