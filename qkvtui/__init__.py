"""qkvtui: walk through transformer attention one number at a time, in a terminal."""

__version__ = "0.1.0"
