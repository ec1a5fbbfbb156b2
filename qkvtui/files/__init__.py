"""Example files: finding, reading, checking. `find`, `headings`, `clean` and `localized` load no NumPy."""
