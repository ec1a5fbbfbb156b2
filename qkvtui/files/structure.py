"""An example as the tables, lists and values of its file, in the order of the format."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence

from ..graph.example import Example, OtherRun, Patch
from ..graph.features import FEATURES
from ..graph.printed import Published, WrittenNumber, decimals_of
from ..graph.proposals import Experiment, LessonQuestion, Stop, WhatIf
from ..graph.steps import PUBLISHED
from ..localized import Localized
from ..operations.tensors import Axis
from .blocktables import blocks_structure
from .clean import clean_line, clean_paragraph
from .digits import step_of
from .figures import LEFT_OUT
from .learntables import TARGET, learn_structure, query_said
from .names import PRECISION, TABLES
from .npy import AnyArray
from .printedlayers import in_layer
from .read import FORMAT
from .rounded import own_rounding
from .settingtables import Structure, present, settings_structure
from .tokens import token_name


def structure_of(example: Example, names: Mapping[str, str], arrays_name: str | None) -> Structure:
    """The whole file; the arrays whose places are in `names` lie in the file `arrays_name`."""
    given: Structure = {
        "format": FORMAT,
        "title": _text(example.title, clean_line),
        "about": example.about and _text(example.about, clean_paragraph),
        "source": example.source and _text(example.source, clean_paragraph),
        "errata": example.errata and _text(example.errata, clean_paragraph),
        "tokens": [clean_line(token) for token in example.tokens],
        "query": query_said(example.tokens, example.query) if example.query else None,
        "head": example.head or None,
        "context": None if example.context is None else [clean_line(token) for token in example.context],
        "gloss": _texts(example.gloss) if example.gloss else None,
        "context_gloss": _texts(example.context_gloss) if example.context_gloss else None,
        "arrays": arrays_name if names else None,
        "inputs": _inputs(example, names),
        **_computed_with(example, names),
        "published": _all_published(example, names) or None,
        "says": {step: _paragraphs(told) for step, told in example.says.items()},
        "experiment": example.experiment and _experiment(example.experiment),
        "questions": [_question(question) for question in example.questions] or None,
        "end": example.learned and {"learned": _text(example.learned, clean_paragraph)},
        "walk": example.walk if example.walk != "stops" else None,
        "stops": [_stop(stop) for stop in example.stops] or None,
        "learn": example.learn and learn_structure(example, example.learn, names, token_name),
        "patch": list(_patches(example)) or None,
    }
    return {name: value for name, value in given.items() if value is not None and value != {}}


def _inputs(example: Example, names: Mapping[str, str]) -> Structure:
    if example.vocabulary is not None:
        return {}
    return {**_features(example), **_arrays("inputs", _first_inputs(example), example, names)}


def _first_inputs(example: Example) -> Mapping[str, AnyArray]:
    """What the file's `[inputs]` holds, at whichever layer the example is."""
    if not example.layers or example.entering is None:
        return example.inputs
    return {"X": example.entering}


def _computed_with(example: Example, names: Mapping[str, str]) -> Structure:
    """The parameters and settings: of one head of attention, or of whole layers."""
    if example.layers:
        return blocks_structure(example, _features(example).get("features"))
    return {
        "parameters": _arrays("parameters", example.parameters, example, names),
        "attention": settings_structure(example.attention, names, direct="X" not in example.inputs),
    }


def row_labels(example: Example) -> dict[str, Sequence[str]]:
    """For each place whose rows belong to tokens, those tokens."""
    labels = {f"inputs.{name}": example.tokens for name in "XQS"}
    labels |= {f"inputs.{name}": example.keys for name in "YZKV"}
    labels |= {f"attention.{name}": example.tokens for name in ("mask", "bias")}
    labels[TARGET] = example.tokens
    steps = example.published.rows if example.published else ()
    return {**labels, **{f"published.{step}": _tokens_of(example, step) for step in steps}}


def _text(text: Localized, clean: Callable[[str], str]) -> object:
    if "" in text.texts:
        return clean(text.texts[""])
    return {language: clean(one) for language, one in text.texts.items()}


def _paragraphs(texts: Sequence[Localized]) -> object:
    """One text as it is, several as a list."""
    written = [_text(text, clean_paragraph) for text in texts]
    return written[0] if len(written) == 1 else written


def _experiment(experiment: Experiment) -> Structure:
    text = _text(experiment.text, clean_paragraph)
    return {"step": experiment.step, "text": text, **_change(experiment.change)}


def _question(question: LessonQuestion) -> Structure:
    text = None if question.text is None else _text(question.text, clean_paragraph)
    return present({"text": text, "predict": question.predict or None, **_asked(question)})


def _asked(question: LessonQuestion) -> Structure:
    """How it is answered, but for the number that is to be predicted."""
    answers: dict[str, list[str]] = {}
    for choice in question.choices:
        for language, text in choice.texts.items():
            answers.setdefault(language, []).append(clean_line(text))
    given: Structure = {
        "choose": answers.get("") or answers or None,
        "right": question.right if question.choices else None,
        "watch": question.watch or None,
        "why": question.why and _text(question.why, clean_paragraph),
    }
    return {**present(given), **_change(question.change)}


def _change(change: WhatIf) -> Structure:
    numbers = (assignment.rpartition("=") for assignment in change.assignments)
    given: Structure = {
        "set": {address: float(value) for address, _, value in numbers} or None,
        "scale": change.scale,
        "temperature": change.temperature,
        "causal": change.causal,
        "softmax": change.softmax if change.softmax == "columns" else None,
        "round_each": change.round_each,
    }
    return present(given)


def _stop(stop: Stop) -> Structure:
    question = stop.question
    given: Structure = {
        "address": clean_line(stop.address),
        "text": stop.text and _text(stop.text, clean_paragraph),
        "predict": True if question is not None and question.predict else None,
        "blank": list(stop.blank) if isinstance(stop.blank, tuple) else stop.blank,
    }
    return {**present(given), **({} if question is None else _asked(question))}


def _patches(example: Example) -> Iterator[Structure]:
    """The other runs, each with what the file puts in from there; and behind them what was put in since."""
    put = list(example.patches)
    for run in example.others:
        own = put.pop(0) if put and put[0].run is run else None
        if own is not None or run.watch:
            yield {
                **_other_run(run),
                **present({"watch": run.watch or None}),
                **({} if own is None else _at(example, own)),
            }
    for patch in put:
        yield patch_structure(example, patch)


def patch_structure(example: Example, patch: Patch) -> Structure:
    """An entry of `[[patch]]` that puts rows in, and proposes no number to watch."""
    return {**_other_run(patch.run), **_at(example, patch)}


def _other_run(run: OtherRun) -> Structure:
    return {"from": list(run.example.tokens) if run.of_words else run.name}


def _at(example: Example, patch: Patch) -> Structure:
    at = [str(one) for one in (patch.layer if example.layers else None, patch.head) if one is not None]
    return present({"at": f"{patch.step}@{'.'.join(at)}" if at else patch.step, "row": patch.row})


def _arrays(table: str, arrays: Mapping[str, AnyArray], example: Example, names: Mapping[str, str]) -> Structure:
    given: Structure = {
        name: names.get(f"{table}.{name}") or arrays[name].tolist() for name in TABLES[table] if name in arrays
    }
    decimals = {
        name: example.rounded[name]
        for name in given
        if name in example.rounded and example.rounded[name] != own_rounding(arrays[name])
    }
    return {**given, "decimals": decimals} if decimals else given


def _features(example: Example) -> Structure:
    """The names of columns, above the numbers that stand in them."""
    return {
        FEATURES[letter]: _texts(names)
        for letter, names in sorted(example.features.items(), key=lambda one: list(FEATURES).index(one[0]))
    }


def _texts(names: Sequence[Localized]) -> object:
    """A list of texts, or one for each language."""
    lists = {language: [clean_line(name.texts[language]) for name in names] for language in names[0].texts}
    return lists.get("", lists)


def _all_published(example: Example, names: Mapping[str, str]) -> Structure:
    """What is published, of each layer under names that say it."""
    given: Structure = {}
    if not example.printed:
        return {} if example.published is None else _published(example, example.published, names)
    for layer, published in enumerate(example.printed):
        if published is None:
            continue
        found = _published(example, published, names)
        precision = {name: found.pop(name) for name in PRECISION if name in found}
        for name, value in precision.items():
            known = given.get(name)
            given[name] = {**known, **value} if isinstance(value, dict) and isinstance(known, dict) else value
        given |= {in_layer(step, layer): rows for step, rows in found.items()}
    return given


def _published(example: Example, published: Published, names: Mapping[str, str]) -> Structure:
    given: Structure = {}
    if published.tolerance is not None:
        given["tolerance"] = published.tolerance
    elif isinstance(published.decimals, int):
        given["decimals"] = published.decimals
    else:
        decimals = {**_fewer_decimals(published), **(published.decimals or {})}
        if decimals:
            given["decimals"] = decimals
    for step, rows in published.rows.items():
        tokens = _tokens_of(example, step)
        written = {row: _printed(numbers, step, published) for row, numbers in rows.items()}
        if f"published.{step}" in names:
            given[step] = names[f"published.{step}"]
        elif len(rows) == len(tokens):
            given[step] = [written[row] for row in range(len(tokens))]
        elif rows:
            given[step] = {token_name(row, tokens): written[row] for row in sorted(rows)}
    return given


def _printed(numbers: Sequence[float], step: str, published: Published) -> list[float]:
    """A row's numbers, with the digits that the step is written with; "?" for one that was not printed."""
    is_masked = PUBLISHED[step_of(step)].needs == "mask"
    digits = published.written.get(step_of(step), 0)

    def written(number: float) -> float:
        if math.isnan(number):
            return WrittenNumber(number, LEFT_OUT)
        if math.isinf(number):
            return number if is_masked else WrittenNumber(number, repr(number))  # null would be a gap
        return number if decimals_of(number) >= digits else WrittenNumber(number, f"{number:.{digits}f}")

    return [written(number) for number in numbers]


def _fewer_decimals(published: Published) -> dict[str, int]:
    """The steps whose numbers are written with fewer decimals than they have, as 1/3 is beside 0.25."""
    found = {}
    for name, rows in published.rows.items():
        step, numbers = step_of(name), (number for row in rows.values() for number in row)
        if step in published.written and max(map(decimals_of, numbers), default=0) > published.written[step]:
            found[step] = published.written[step]
    return found


def _tokens_of(example: Example, step: str) -> tuple[str, ...]:
    of_keys = PUBLISHED[step_of(step)].rows is Axis.KEY
    return example.keys if of_keys else example.tokens
