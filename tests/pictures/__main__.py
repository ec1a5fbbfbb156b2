"""`python -m tests.pictures`: draw the README's pictures again."""

from __future__ import annotations

from .pictures import PICTURES, draw

for picture in PICTURES:
    picture.file.write_text(draw(picture), encoding="utf-8")
    print(picture.file)
