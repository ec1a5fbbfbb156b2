"""Write the pages of this folder anew: `python -m tests.golden.renew`.

Do so when a change of the pages is meant. Then look at `git diff tests/golden`, all of it: whether each line that
changed is better than before is your job; the test only notices that it changed.
"""

from __future__ import annotations

import sys

from tests.golden.pages import FOLDER, PAGES, page


def main() -> int:
    """Write every page, and say which ones changed."""
    for name in PAGES:
        path, now = FOLDER / name, page(name)
        if not path.exists() or path.read_bytes() != now:
            path.write_bytes(now)
            print(f"{path}: written; it is your job to look at the diff")
    return 0


if __name__ == "__main__":
    sys.exit(main())
