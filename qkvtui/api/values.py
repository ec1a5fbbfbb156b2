"""What an example of one's own is made of, under the names of the file format."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal, TypedDict

from numpy.typing import ArrayLike


class ExampleValues(TypedDict, total=False):
    """What `from_arrays` takes beside the tokens, by the names of the file format (examples/README.md).

    t queries, s keys, m = d_model, k = d_k, v = d_v, h heads, g key/value heads.
    """

    title: str | Mapping[str, str]
    about: str | Mapping[str, str]
    source: str | Mapping[str, str]
    query: int | str
    context: Sequence[str]
    X: ArrayLike  # (t, m)
    Y: ArrayLike  # (s, m_y)
    Z: ArrayLike  # (s, m_z)
    Q: ArrayLike  # (t, k) or (h, t, k)
    K: ArrayLike  # (s, k) or (g, s, k)
    V: ArrayLike  # (s, v) or (g, s, v)
    S: ArrayLike  # (t, s) or (h, t, s)
    features: Sequence[str]
    Y_features: Sequence[str]
    Z_features: Sequence[str]
    Q_features: Sequence[str]
    K_features: Sequence[str]
    V_features: Sequence[str]
    W_Q: ArrayLike  # (m, h·k)
    W_K: ArrayLike  # (m_y, g·k)
    W_V: ArrayLike  # (m_y, g·v)
    W_O: ArrayLike  # (h·v, m)
    b_Q: ArrayLike  # (h·k,)
    b_K: ArrayLike  # (g·k,)
    b_V: ArrayLike  # (g·v,)
    b_O: ArrayLike  # (m,)
    g_Q: ArrayLike  # (k,)
    g_K: ArrayLike  # (k,)
    W_S: ArrayLike  # (k, k)
    v_S: ArrayLike  # (k,)
    heads: int
    kv_heads: int
    scale: float | str
    causal: bool | Literal["first", "last"]
    mask: ArrayLike | None  # (t, s) or (h, t, s): truth values, true = may look; or numbers to add
    padding: ArrayLike | None  # (s,): true = a real token
    window: int
    rotary: Mapping[str, object]
    norm: str
    softcap: float
    bias: ArrayLike | Mapping[str, object]
    sink: ArrayLike  # (h,)
    scoring: Literal["dot", "general", "additive", "cosine"]
    published: Mapping[str, object]
    learn: Mapping[str, object]
