"""Print mode: one module a format, and one that writes."""
