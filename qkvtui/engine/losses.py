"""How far an attention layer is from what it should do: three losses, each with its gradient.

Shapes besides the engine's: n rows that have a target, c labels.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .arrays import FloatArray, quiet, read_only
from .layer import project, project_backward
from .softmax import SoftmaxStages, log_weights, softmax_stages


@quiet
def attention_loss(log_weights: FloatArray, target: FloatArray) -> float:
    """−Σ target · log weight, the cross-entropy, as a mean over the rows (Goodfellow et al. 2016, equation 3.51).

    Both are (n, s), as `softmax.log_weights` gives them. Where the target is 0 the weight does not count, so
    that a key behind the mask (log weight −∞) costs nothing unless it was asked for.
    """
    terms = target * np.where(target == 0, np.zeros_like(log_weights), log_weights)  # (n, s)
    return -float(terms.sum()) / len(target)


def attention_loss_backward(target: FloatArray) -> FloatArray:
    """The gradient (n, s) by the log weights: −target ÷ n, whatever the weights are."""
    return -target / len(target)


@quiet
def output_loss(output: FloatArray, target: FloatArray) -> float:
    """The mean of the squared differences over all entries; both (n, d)."""
    difference = output - target  # (n, d)
    return float((difference * difference).sum()) / target.size


@quiet
def output_loss_backward(output: FloatArray, target: FloatArray) -> FloatArray:
    """The gradient (n, d) by the output: 2 · difference ÷ number of entries."""
    return (output - target) * (2 / target.size)


@dataclass(frozen=True, eq=False)
class Reading:
    """Labels read from output rows: every intermediate."""

    output: FloatArray  # (n, d)
    labels: tuple[int, ...]
    """The right label of each row."""
    logits: FloatArray  # (n, c)
    softmax: SoftmaxStages  # arrays (n, c)
    losses: FloatArray
    """(n,): −log of the probability of each row's label."""

    @property
    def probabilities(self) -> FloatArray:
        """(n, c): each row sums to 1."""
        return self.softmax.weights

    @property
    def answers(self) -> tuple[int, ...]:
        """The most probable label of each row; of equals the first."""
        return tuple(int(label) for label in self.logits.argmax(axis=-1))


@dataclass(frozen=True, eq=False)
class ReadingGradients:
    """The gradient of the loss by every intermediate of `Reading`."""

    d_logits: FloatArray  # (n, c)
    d_w_r: FloatArray  # (d, c)
    d_b_r: FloatArray  # (c,)
    d_output: FloatArray  # (n, d)


@quiet
def read_labels(output: FloatArray, w_r: FloatArray, b_r: FloatArray | None, labels: tuple[int, ...]) -> Reading:
    """softmax(output w_r + b_r): output (n, d), w_r (d, c), b_r (c,).

    The loss is the sum of `losses` ÷ the number of sentences: softmax cross-entropy (Goodfellow et al. 2016,
    equation 6.30).
    """
    logits = project(output, w_r, b_r)  # (n, c)
    stages = softmax_stages(logits)
    losses = -log_weights(stages)[np.arange(len(labels)), list(labels)]  # (n,)
    return Reading(read_only(output), labels, read_only(logits), stages, read_only(losses))


@quiet
def read_labels_backward(reading: Reading, w_r: FloatArray, sentences: int) -> ReadingGradients:
    """Back to the output and to w_r and b_r, of the mean over `sentences` of which these rows are some.

    d_logits is (probability − 1 at the right label) ÷ sentences.
    """
    right = np.zeros_like(reading.logits)  # (n, c)
    right[np.arange(len(reading.labels)), list(reading.labels)] = 1
    d_logits = (reading.probabilities - right) / sentences  # (n, c)
    inner = project_backward(reading.output, w_r, d_logits)
    return ReadingGradients(read_only(d_logits), inner.d_w, inner.d_b, inner.d_x)
