"""Attention in NumPy: pure functions over arrays, and the two fast paths.

The letters are those of "Attention Is All You Need" (Vaswani et al. 2017, section 3.2). Shapes at the end of
a line: t queries, s keys, m = d_model, k = d_k, v = d_v, h heads; `...` stands for any leading axes.

`outputs` is all of attention at once, `lean` all of a learning task; both are held to the graph by tests.
"""
