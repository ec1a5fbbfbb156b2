# What the package offers, for type checkers: __init__.py loads it when it is asked for.
from .api.arrays import Derivation as Derivation
from .api.arrays import LabelledArray as LabelledArray
from .api.arrays import TracedNumber as TracedNumber
from .api.examples import ComputedExample as ComputedExample
from .api.examples import from_arrays as from_arrays
from .api.examples import load as load
from .api.values import ExampleValues as ExampleValues
from .errors import QkvtuiError as QkvtuiError

__version__: str
__all__: list[str]
