"""Known mistakes: what each of them gives, which of them explains published numbers, or one typed number.

A way of calculating is a `Method`; a slip is a small pure function that turns a method into one with that mistake, so
that slips can be committed together; `work` calculates an example by any method, step by step.
"""

from .diagnosis import Diagnosis, Finding, diagnose
from .search import Explanation
from .table import SLIP_IDS, SLIPS
from .ways import Slip

__all__ = [
    "SLIPS",
    "SLIP_IDS",
    "Diagnosis",
    "Explanation",
    "Finding",
    "Slip",
    "diagnose",
]
