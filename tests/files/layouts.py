"""One example, laid out in every way that TOML and JSON allow; `<X 0 1: 2e-1>` marks where X[0,1] stands."""

from __future__ import annotations

import re
from typing import NamedTuple

_MARK = re.compile(r"<(?P<name>\w+) (?P<index>[\d ]+): (?P<number>[^>]+)>")


class Mark(NamedTuple):
    """Where a number stands."""

    name: str
    cell: tuple[int, ...]
    start: int
    end: int


_HEAD = 'format = 1\ntitle = "Two words"\ntokens = ["one", "two"]\n'
_PLAIN = """[parameters]
W_Q = [[<W_Q 0 0: 1>, <W_Q 0 1: 0>], [<W_Q 1 0: 0>, <W_Q 1 1: 1>]]
W_K = [[2, 0], [0, 2]]
W_V = [[3, 0], [0, 3]]
"""
_X = "X = [[<X 0 0: 1>,<X 0 1: 2>],[<X 1 0: 3>,<X 1 1: 4>]]\n"

MARKED = {
    "one-line": f"{_HEAD}[inputs]\n{_X}{_PLAIN}",
    "no-newline-at-the-end": f"{_HEAD}[inputs]\n{_X}{_PLAIN}[attention]\ncausal = true",
    "comments-and-commas": f"""{_HEAD}
# X = [[9, 9], [9, 9]]
[ inputs ]  # [parameters] W_Q = [[5]]
X = [ # [1, 2]
  # "]
  [ <X 0 0: +1_0.5e-1> , # the first ]] number, '''
    <X 0 1: -2> # the second
    , # a comma
  ],[<X 1 0: 0x1F>
,
\t<X 1 1: 1e+3>,],
]
{_PLAIN}""",
    "dotted": f"""{_HEAD}inputs.X = [[<X 0 0: 1>, <X 0 1: 2>], [<X 1 0: 3>, <X 1 1: 4>]]
"parameters" . 'W_Q' = [[<W_Q 0 0: 1>, 0], [0, 1]]
parameters."W\\u005FK" = [[<W_K 0 0: 2>, 0], [0, 2]]
parameters.W_V=[[3, 0], [0, 3]]
""",
    "inline-tables": f"""{_HEAD}inputs = {{ X = [[<X 0 0: 1>, <X 0 1: 2>],
   [<X 1 0: 3>, <X 1 1: 4>], # }}
] }}
parameters = {{W_Q=[[1, 0], [0, 1]],b_Q = [<b_Q 0: 1>, <b_Q 1: 2>], 'W_K' = [[2,0],[0,<W_K 1 1: 2>]], W_V=[[3,
0],[0,3]]}}
attention={{}}
""",
    "strings": f"""format = 1
title = {{ en = "a # [[ \\" \\\\", zh = 'b ]] # "\\' }}
about = \"\"\"
[inputs]
X = [[9, 9], [9, 9]] # \\\"\"\" no end
a "quoted" and a ""doubly"" quoted word\"\"\"\"\"
source = '''
[inputs] "X" = [[9,9]]
'' ''\\'''''
tokens = ["[", '# "]']
[parameters]
W_Q = [[1, 0], [0, <W_Q 1 1: 1>]] # "''' \"\"\"
W_K = [[2, 0], [0, 2]]
W_V = [[3, 0], [0, 3]]
[published]
weights = {{ "[" = [0.5, 0.5], '# "]' = [0.25, 0.75] }}
[attention] # [inputs]
[inputs] # X = [[
{_X}""",
    "heads": f"""{_HEAD}
[inputs]
Q = [[[<Q 0 0 0: 1>], [<Q 0 1 0: 2>]], # head 0
     [[<Q 1 0 0: 3>], [<Q 1 1 0: 4>]]]
K = [[<K 0 0 0: 1>], [<K 0 1 0: 2>]] # one head for both
V = [[<V 0 0 0: 1>, <V 0 0 1: 2>], [<V 0 1 0: 3>, <V 0 1 1: 4>]]
""",
}
MARKED |= {
    f"{name}-crlf": MARKED[name].replace("\n", "\r\n")
    for name in ("one-line", "comments-and-commas", "no-newline-at-the-end")
}
MARKED_JSON = {
    "json-compact": """{"format":1,"title":"a } ] \\" \\u0041","tokens":["[","]"],
"inputs":{"X":[[<X 0 0: 1>,<X 0 1: 2>],[<X 1 0: 3>,<X 1 1: -4.0E+1>]]},"param\\u0065ters":{"W_Q":[[1,0],[0,1]],
"W_K":[[2,0],[0,2]],"W_V":[[3,0],[0,<W_V 1 1: 3>]]}}""",
    "json-spread": """
{
  "format": 1,
  "parameters": {
    "W_Q": [ [ 1, 0 ], [ <W_Q 1 0: 0>, 1 ] ],
    "W_K": [[2, 0], [0, 2]],
    "W_V": [[3, 0], [0, 3]]
  },
  "title": "#",
  "attention": {
    "causal": false
  },
  "tokens": ["one", "two"],
  "inputs": { "X": [[1, <X 0 1: 2>], [3, 4]] }
}
""",
}


def unmarked(marked: str) -> tuple[str, list[Mark]]:
    """The text itself, and the numbers that were marked in it."""
    text, marks, done = "", [], 0
    for found in _MARK.finditer(marked):
        text += marked[done : found.start()]
        index = tuple(map(int, found["index"].split()))
        marks.append(Mark(found["name"], index, len(text), len(text) + len(found["number"])))
        text += found["number"]
        done = found.end()
    return text + marked[done:], marks
