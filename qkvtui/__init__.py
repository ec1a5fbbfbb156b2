"""qkvtui: walk through transformer attention one number at a time, in a terminal; from Python `qkvtui.load("animal")`.

What `qkvtui/api/` offers is here, and loaded when it is first asked for: the program itself, which starts by importing
this, does not need it.
"""

__version__ = "0.1.0"

_HOMES = {
    "ComputedExample": ".api.examples",
    "Derivation": ".api.arrays",
    "ExampleValues": ".api.values",
    "LabelledArray": ".api.arrays",
    "QkvtuiError": ".errors",
    "TracedNumber": ".api.arrays",
    "from_arrays": ".api.examples",
    "load": ".api.examples",
}
"""What the package offers → the module that has it."""

__all__ = ["__version__", *_HOMES]


def __getattr__(name: str) -> object:
    """What is loaded only when a user of the package asks for it."""
    if name not in _HOMES:
        raise AttributeError(f"module 'qkvtui' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOMES[name], __name__), name)


def __dir__() -> list[str]:
    """What one may ask for, for a prompt that completes names."""
    return [*globals(), *_HOMES]
