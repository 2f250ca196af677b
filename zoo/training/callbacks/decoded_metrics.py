"""Metrics of decoded outputs, beside those under teacher forcing."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import keras

from zoo.training.objectives.training_objective import TrainingObjective


class DecodedMetrics(keras.callbacks.Callback):
    """Decodes the validation set at the end of epochs and logs metrics of it, as if Keras had computed them.

        bleu = DecodedMetrics(lambda model: [h[0].tokens for h in zoo.generate(model, sources)], references,
                              {"bleu": bleu})                                # logs["val_bleu"]

    Early stopping, checkpoints and searches see the values if they stand behind it. Epochs that are skipped log the
    values of the last one that was not, so that a value is never an improvement on weights that were not decoded with:
    patience counts them as epochs without one.

    Args:
        decode: the model -> one decoded output for each reference. A training that is to be resumed must decode by
            what the model holds alone (greedy, beam search), not by draws of its own.
        references: what was expected, in the same order.
        metrics: by name, functions of (decoded, references) that give one number.
        every: decode in the first epoch and then in every `every`-th.
        prefix: of the names in the logs.
    Attributes:
        results: the last values, in the order of `metrics`; kept by `zoo.training.callbacks.checkpoint.Checkpoint`.
    Raises:
        ValueError: every < 1, no metric; from `fit`, another number of outputs than references, or a name that is
            logged already.
    """

    def __init__(
        self,
        decode: Callable[[keras.Model], Sequence[Any]],
        references: Sequence[Any],
        metrics: Mapping[str, Callable[[Sequence[Any], Sequence[Any]], float]],
        *,
        every: int = 1,
        prefix: str = "val_",
    ):
        super().__init__()
        if every < 1 or not metrics:
            raise ValueError(
                f"DecodedMetrics needs every >= 1 and at least one metric. Received: every={every}, "
                f"metrics of {list(metrics)}."
            )
        self.decode, self.references, self.metrics = decode, references, dict(metrics)
        self.every, self.prefix = every, prefix
        self.results: list[float] = []

    def on_train_begin(self, logs=None):
        self.results = []

    def on_epoch_end(self, epoch, logs=None):
        names = [f"{self.prefix}{name}" for name in self.metrics]
        for name in names:
            if name in logs:
                raise ValueError(f"Every metric needs a name of its own. Received: {name}, which is logged already.")
        if epoch % self.every == 0 or not self.results:
            # What a regime trains is the model inside it.
            decoded = self.decode(self.model.model if isinstance(self.model, TrainingObjective) else self.model)
            if len(decoded) != len(self.references):
                raise ValueError(
                    "`decode` must give one output for each reference. "
                    f"Received: {len(decoded)} outputs, {len(self.references)} references."
                )
            self.results = [float(metric(decoded, self.references)) for metric in self.metrics.values()]
        logs.update(zip(names, self.results, strict=True))
