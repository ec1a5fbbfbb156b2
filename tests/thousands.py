"""Examples of thousands of tokens, made for the tests and the benchmarks."""

from __future__ import annotations

from pathlib import Path

import numpy as np

WIDTH = 64


def write_thousands(folder: Path, tokens: int, *, projected: bool = True) -> Path:
    """An example of that many tokens × 64 in float32: X and matrices of 64 × 64, or Q, K and V themselves."""
    rng = np.random.default_rng(tokens)
    names = ("X",) if projected else ("Q", "K", "V")
    arrays = {name: rng.normal(size=(tokens, WIDTH)).astype(np.float32) for name in names}
    tables = "[inputs]\n" + "".join(f'{name} = "{name}"\n' for name in names)
    if projected:
        matrices = {f"W_{letter}": rng.normal(size=(WIDTH, WIDTH)) / 8 for letter in "QKV"}
        arrays |= {name: matrix.astype(np.float32) for name, matrix in matrices.items()}
        tables += "[parameters]\n" + "".join(f'{name} = "{name}"\n' for name in matrices)
    path = folder / f"thousands-{tokens}-{'x' if projected else 'qkv'}.toml"
    np.savez(path.with_suffix(".npz"), **arrays)  # type: ignore[arg-type]
    listed = ", ".join(f'"t{index}"' for index in range(tokens))
    path.write_text(
        f'format = 1\ntitle = "Thousands of tokens"\ntokens = [{listed}]\nquery = {tokens // 2}\n'
        f'arrays = "{path.with_suffix(".npz").name}"\n\n{tables}',
        encoding="utf-8",
    )
    return path
