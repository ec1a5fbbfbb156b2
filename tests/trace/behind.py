"""The numbers behind steps that have addresses of their own: stages, settings, what an optimiser remembers."""

from __future__ import annotations

BEHIND = (
    "exp",
    "sum",
    "max",
    "scale",
    "mask",
    "target",
    "count",
    "mean",
    "rate",
    "total",
    "others",
    "direction",
    "u",
    "m_hat",
    "v_hat",
    "m",
    "v",
    "m_share",
    "v_share",
)
"""Every one there is; `test_learning_steps` holds it to what the graphs of the samples have."""
