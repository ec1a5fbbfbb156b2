"""The families of models that can be opened, and what a model's settings say of its layers."""

from __future__ import annotations

from collections.abc import Mapping

from ..said import say
from .architecture import Architecture, Family
from .decoders import DECODERS
from .encoder_decoders import ENCODER_DECODERS
from .encoders import ENCODERS
from .llamas import LLAMAS
from .refusals import QUANTISED, unknown_family
from .values import Values

FAMILIES: Mapping[str, Family] = {**ENCODERS, **DECODERS, **LLAMAS, **ENCODER_DECODERS}
"""By `model_type`."""


def family_of(settings: Mapping[str, object], file: str) -> tuple[Family, Architecture]:
    """The family of a model and its architecture, by a config.json that messages call `file`.

    Raises UsageError, for an unknown family with what would work.
    """
    values = Values(settings, file)
    if "quantization_config" in settings:
        raise values.refusal(QUANTISED)
    kind = values.text("model_type", "")
    if kind not in FAMILIES:
        raise values.refusal(unknown_family(kind, tuple(FAMILIES)))
    family = FAMILIES[kind]
    try:
        return family, family.read(values)
    except (ArithmeticError, LookupError, TypeError, ValueError):  # settings that nobody has thought of
        raise values.refusal(say("its settings do not go together")) from None
