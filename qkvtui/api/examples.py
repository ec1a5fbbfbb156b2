"""The program from Python: `import qkvtui`, and the numbers of an example have names, reasons and pages.

    >>> import qkvtui
    >>> trace = qkvtui.load("animal")
    >>> trace["weights"].shape
    (5, 5)
    >>> share = trace["weights"]["it", "animal"]
    >>> round(share, 4), share.address
    (0.2565, 'weights[it,animal]')

Attention of your own, from lists, NumPy arrays or tensors:

    >>> mine = qkvtui.from_arrays("good morning", X=[[1, 0], [0, 1]], causal=True)
    >>> mine["weights"]["morning"].round(2).tolist()
    [0.33, 0.67]

What is wrong is told as for a file, all at once:

    >>> qkvtui.from_arrays("good morning", X=[[1, 0]], causl=True)
    Traceback (most recent call last):
        ...
    qkvtui.errors.ExampleError: from_arrays: inputs.X: has 1 row; X needs 2, one for each token
    from_arrays: attention.causl: is unknown; did you mean "causal"?
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Literal, Unpack

from ..command_line import LessonOptions
from ..files.built import built_example
from ..files.write import write_example
from ..lesson_asked import lesson_at
from ..look_asked import page_color, page_look
from ..models.load import load as read_example
from ..report.checking import Check, check_trace
from ..report.labelled import steps_table
from ..report.output import Output
from ..report.request import Request, formatted
from ..report.steps_asked import step_ids
from ..trace.addresses import parse_address
from ..trace.trace import Trace
from ..views.look import Look
from .arrays import Index, LabelledArray, TracedNumber, place_name
from .values import ExampleValues

Language = Literal["en", "zh"]


def load(example: str | os.PathLike[str], *, lang: Language = "en", digits: int = 2) -> ComputedExample:
    """The example of this bundled name or at this path, computed.

    `lang` and `digits`, the decimals shown, are those of its pages. Raises QkvtuiError where there is no such example,
    or where its file cannot be used; the message then has every mistake with its place.

    >>> load("animal").tokens
    ('The', 'animal', 'street', 'it', 'tired')
    """
    return ComputedExample(Trace(read_example(os.fspath(example))), lang, digits)


def from_arrays(
    tokens: Sequence[str] | str, *, lang: Language = "en", digits: int = 2, **values: Unpack[ExampleValues]
) -> ComputedExample:
    """An example of your own, computed, from values under the names that a file has for them.

    `tokens` is a list, or one text with blanks between them. Matrices are lists of rows, NumPy arrays or tensors, rows
    are tokens, so Q = X W_Q; torch stores a layer's matrices turned over, so give `weight.T`. What is None counts as
    not given. Raises QkvtuiError with all mistakes, as for a file: shapes that do not fit, unknown names, NaN, a mask
    of the numbers 0 and 1.

    >>> trace = from_arrays(["I", "am"], Q=[[1, 0], [0, 1]], K=[[1, 1], [0, 1]], V=[[1], [2]], scale="none")
    >>> trace["scores"].tolist()
    [[1.0, 0.0], [1.0, 1.0]]
    """
    return ComputedExample(Trace(built_example(tokens, values, name="from_arrays")), lang, digits)


class ComputedExample:
    """An example with all its numbers: `trace["weights"]`, and what the program says of them.

    Iterating gives the ids of its steps, in order.

    >>> trace = load("animal")
    >>> list(trace)[-3:]
    ['scaled', 'weights', 'output']
    """

    def __init__(self, trace: Trace, lang: Language = "en", digits: int = 2) -> None:
        self._trace = trace
        self._look = Look(100, digits=digits, language=lang)

    @property
    def name(self) -> str:
        """The bundled name, or the file's name without its ending."""
        return self._trace.example.name

    @property
    def title(self) -> str:
        """In the language that was asked for."""
        return self._trace.example.title.in_language(self._look.language)

    @property
    def tokens(self) -> tuple[str, ...]:
        """The tokens that ask, t of them."""
        return self._trace.example.tokens

    @property
    def keys(self) -> tuple[str, ...]:
        """The tokens that are attended to, s of them: the same, or those of the context."""
        return self._trace.example.keys

    @property
    def query(self) -> int:
        """The index of the token that asks at first."""
        return self._trace.example.query

    @property
    def heads(self) -> int:
        """How many heads there are."""
        return self._trace.shape.heads

    @property
    def steps(self) -> tuple[str, ...]:
        """The ids of the steps with numbers, in the order of the computation."""
        return tuple(step.id for step in self._trace.steps if step.type.has_numbers)

    def __getitem__(self, name: str) -> LabelledArray:
        """A step, an input, a parameter or a stage (`exp`) by its name; `weights@1` is that of head 1.

        Raises QkvtuiError for a name that there is not, with the nearest one that there is.
        """
        address = parse_address(self._trace, name.partition("[")[0])
        return LabelledArray(self._trace, address.name, address.head, self._look)

    def __contains__(self, name: object) -> bool:
        return name in self.steps or (isinstance(name, str) and self._trace.is_leaf(name))

    def __iter__(self) -> Iterator[str]:
        return iter(self.steps)

    def __len__(self) -> int:
        return len(self.steps)

    def at(self, address: str) -> TracedNumber:
        """The number at an address, as `qkvtui why` has it. Raises QkvtuiError where there is none.

        >>> load("animal").at("queries[it,0]")
        0.5
        """
        return TracedNumber(self._trace, parse_address(self._trace, address), self._look)

    def check(self) -> Check:
        """Whether the numbers hold that a source printed (`[published]`), and what went wrong, as `qkvtui check`.

        >>> load("journey").check().holds
        True
        """
        return check_trace(self._trace, self.name)

    def save(self, path: str | os.PathLike[str], *, overwrite: bool = False) -> str:
        """Write it as an example file, `.toml` or `.json`; returns the path. Large arrays lie in an .npz beside it.

        Raises QkvtuiError where that cannot be, and, without `overwrite`, where there is such a file already.
        """
        example = self._trace.example
        return write_example(path, example.written or example, example, overwrite=overwrite)

    def text(
        self,
        step: str | None = None,
        *,
        query: Index | None = None,
        head: int | Literal["all"] | None = None,
        format: str = "text",
        width: int = 80,
    ) -> str:
        """What `qkvtui print` writes, in any of its formats: all steps, or those named, with commas between them.

        Raises QkvtuiError for a step, token, head or format that there is not.

        >>> print(load("journey").text("weights").splitlines()[0])  # doctest: +ELLIPSIS
        ── step 7 of 11 · attention weights ─...─ A = softmax(S′)
        """
        return self._printed(self._options(step, query, head), format, replace(self._look, width=width))

    def print(
        self,
        step: str | None = None,
        *,
        query: Index | None = None,
        head: int | Literal["all"] | None = None,
        width: int | None = None,
    ) -> None:
        """Print the lesson, or some steps of it, as `qkvtui print` does; in colour on a terminal."""
        options = self._options(step, query, head)
        options.width = width
        output = Output()
        output.write(self._printed(options, "text", page_look(options, output), page_color(options, output)))

    def _options(self, step: str | None, query: Index | None, head: int | str | None) -> LessonOptions:
        options = LessonOptions()
        options.lang, options.digits, options.step = self._look.language, self._look.digits, step
        options.query = None if query is None else place_name(query, len(self.tokens))
        options.head = None if head is None else str(head)
        return options

    def _printed(self, options: LessonOptions, format: str, look: Look, color: str | None = None) -> str:
        lesson = lesson_at(self._trace, self.name, options)
        steps = step_ids(options.step, (lesson,))
        request = Request((lesson,), look, steps, all_heads=options.head == "all", color=color)
        return formatted(request, format)

    def __repr__(self) -> str:
        return steps_table(self._trace, self._look).text(self._look)

    def __rich__(self) -> object:
        return steps_table(self._trace, self._look).drawn(self._look)

    def _repr_html_(self) -> str:
        weights = self._trace.graph.roles["weights"]
        return steps_table(self._trace, self._look).html() + self[weights]._repr_html_()

    def _ipython_key_completions_(self) -> list[str]:
        example = self._trace.example
        return [*self.steps, *example.inputs, *example.parameters]
