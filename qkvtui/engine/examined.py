"""One pass forward and back through a task, with every intermediate: what a learner can look into."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from .arrays import FloatArray
from .layer import LayerGradients, LayerRecord, backward, forward
from .losses import (
    Reading,
    ReadingGradients,
    attention_loss,
    attention_loss_backward,
    output_loss,
    output_loss_backward,
    read_labels,
    read_labels_backward,
)
from .masks import causal_mask
from .softmax import log_weights
from .tasks import Labels, OutputTargets, Sentence, Task, WeightTargets


@dataclass(frozen=True, eq=False)
class Examined:
    """One pass forward and back with every intermediate; of "label", one sentence's."""

    layer: LayerRecord
    gradients: LayerGradients
    loss: float
    """Of "label", this sentence's part of the mean."""
    reading: Reading | None = None
    reading_gradients: ReadingGradients | None = None


def examine(task: Task, parameters: Mapping[str, FloatArray], sentence: int = 0) -> Examined:
    """Forward, loss and back with these parameters. Of "label", for the sentence with this index."""
    layer = task.layer(parameters)
    match task.objective:
        case WeightTargets(rows=rows, target=target, head=head):
            record = forward(parameters["X"], layer, parameters.get("Y"), task.mask)
            logs = log_weights(record.attention.softmax)  # (h, t, s)
            d_logs = np.zeros_like(logs)
            d_logs[head, list(rows)] = attention_loss_backward(target)
            gradients = backward(record, layer, d_log_weights=d_logs)
            return Examined(record, gradients, attention_loss(logs[head, list(rows)], target))
        case OutputTargets(rows=rows, target=target):
            record = forward(parameters["X"], layer, parameters.get("Y"), task.mask)
            last = last_step(record)  # (t, m) or (t, h·v)
            d_last = np.zeros_like(last)
            d_last[list(rows)] = output_loss_backward(last[list(rows)], target)
            return Examined(record, backward(record, layer, d_last), output_loss(last[list(rows)], target))
        case Labels(sentences=sentences):
            return _examine_sentence(task, parameters, sentences[sentence], len(sentences))


def read_sentence(task: Task, parameters: Mapping[str, FloatArray], sentence: Sentence) -> tuple[LayerRecord, Reading]:
    """The layer and the label it gives for any sentence of the table E, whether it is trained on or not."""
    causal = isinstance(task.objective, Labels) and task.objective.causal
    mask = causal_mask(len(sentence.tokens), len(sentence.tokens)) if causal else None
    record = forward(parameters["E"][list(sentence.tokens)], task.layer(parameters), None, mask)
    row = last_step(record)[[sentence.query]]  # (1, m) or (1, h·v)
    return record, read_labels(row, parameters["W_R"], parameters.get("b_R"), (sentence.label,))


def last_step(record: LayerRecord) -> FloatArray:
    """What the layer ends with: `projected` where there is W_O, else the heads' outputs side by side."""
    return record.merged if record.projected is None else record.projected


def _examine_sentence(task: Task, parameters: Mapping[str, FloatArray], sentence: Sentence, of: int) -> Examined:
    record, reading = read_sentence(task, parameters, sentence)
    back = read_labels_backward(reading, parameters["W_R"], of)
    d_last = np.zeros_like(last_step(record))
    d_last[sentence.query] = back.d_output[0]
    gradients = backward(record, task.layer(parameters), d_last)
    return Examined(record, gradients, float(reading.losses[0]) / of, reading, back)
