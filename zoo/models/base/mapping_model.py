"""The Keras models that architectures return which map: functional models that know padding and class weights."""

from typing import Any

import keras
import numpy as np

from zoo.models.base.class_weights import ClassWeighted, class_sample_weights
from zoo.models.base.required_targets import require_targets
from zoo.ops.masking import keras_mask, weights_like


class TakesClassWeight:
    """Mixin of functional models: `class_weight` beside batches with weights, and with one class a step.

    Keras takes it in neither case. (A mixin, because Keras replaces the bases of a functional model's class, and those
    of a shared base class with them.)
    """

    def fit(self, x: Any = None, y: Any = None, *arguments: Any, class_weight: Any = None, **options: Any) -> Any:
        """Train as `keras.Model` does.

        Args:
            class_weight: weights by class; each counts in training, for validation none. Of batches, also of those of
                `zoo.data`, the weights are multiplied by it. One of arrays with one class a step becomes their
                `sample_weight`.
        Raises:
            ValueError: weights of classes with `validation_split` and one class a step; targets that are no classes.
        """
        if class_weight is not None:
            if isinstance(x, keras.utils.PyDataset):
                batch = x[0]
                if isinstance(batch, tuple) and len(batch) == 3:
                    x, class_weight = ClassWeighted(x, class_weight), None
            elif y is not None and self._has_steps:
                if options.get("validation_split"):
                    raise ValueError(
                        "With one class a step class_weight becomes sample_weight, which validation_split would use "
                        "for validation, too. Received: class_weight with "
                        f"validation_split={options['validation_split']}. Pass validation_data."
                    )
                options["sample_weight"] = _of_steps(y, class_weight, options.get("sample_weight"))
                class_weight = None
        return super().fit(x, y, *arguments, class_weight=class_weight, **options)  # type: ignore[misc]

    def train_on_batch(
        self, x: Any, y: Any = None, sample_weight: Any = None, class_weight: Any = None, return_dict: bool = False
    ) -> Any:
        """Train on one batch as `keras.Model` does; `class_weight` as in `fit`."""
        if class_weight is not None and self._has_steps:
            sample_weight, class_weight = _of_steps(y, class_weight, sample_weight), None
        return super().train_on_batch(x, y, sample_weight, class_weight, return_dict)  # type: ignore[misc]

    @property
    def _has_steps(self) -> bool:
        return any(len(output.shape) > 2 for output in self.outputs)  # type: ignore[attr-defined]


def _of_steps(targets: Any, class_weight: Any, sample_weight: Any) -> np.ndarray:
    """Weights (B, S) of targets (B, S) or (B, S, C); those given may be (B,)."""
    steps = np.ones(np.shape(targets)[:2], "float32")
    if sample_weight is not None:
        weights = np.asarray(sample_weight, "float32")
        steps = steps * (weights if weights.ndim > 1 else weights[:, None])
    return class_sample_weights(targets, class_weight, steps)


@keras.saving.register_keras_serializable(package="zoo")
class MappingModel(TakesClassWeight, keras.Model):
    """A functional model of one answer an input, or one for each of some nodes."""

    def compute_loss(
        self, x: Any = None, y: Any = None, y_pred: Any = None, sample_weight: Any = None, training: bool = True
    ) -> Any:
        require_targets(self.name, y)
        return super().compute_loss(x, y, y_pred, sample_weight, training)


@keras.saving.register_keras_serializable(package="zoo")
class PerStepModel(TakesClassWeight, keras.Model):
    """A functional model of one answer a step: padding counts neither in the loss nor in the metrics of `compile`.

    As in a stock model whose `Embedding` has `mask_zero`, every loss and metric that reads Keras' mask is a mean over
    real steps alone:

        loss = sum_bs m_bs w_bs loss_bs / sum_bs m_bs,    m_bs = 1 where step s of example b is real

    with w the `sample_weight` (B, S) or (B,), if any; `reduction="mean_with_sample_weight"` divides by sum m w. The
    mask is attached to the predictions only while Keras computes loss and metrics: no output carries it.

    The layer named "mask" makes m of the inputs.
    """

    def compute_loss(
        self, x: Any = None, y: Any = None, y_pred: Any = None, sample_weight: Any = None, training: bool = True
    ) -> Any:
        require_targets(self.name, y)
        with keras_mask(y_pred, self._mask(x)):
            return super().compute_loss(x, y, y_pred, _of_each_step(sample_weight, y_pred), training)

    def compute_metrics(self, x: Any, y: Any, y_pred: Any, sample_weight: Any = None) -> dict[str, Any]:
        with keras_mask(y_pred, self._mask(x)):
            return super().compute_metrics(x, y, y_pred, _of_each_step(sample_weight, y_pred))

    def _mask(self, x: Any) -> Any:
        """(B, S) bool, of inputs as the model takes them; None without inputs."""
        if x is None:
            return None
        layer = self.get_layer("mask")
        names = [tensor.name for tensor in self.inputs]
        inputs = x if isinstance(x, dict) else dict(zip(names, keras.tree.flatten(x), strict=True))
        return layer(*(inputs[tensor.name] for tensor in keras.tree.flatten(layer.input)))


def _of_each_step(sample_weight: Any, y_pred: Any) -> Any:
    """Weights (B,) or (B, S) as (B, S), which Keras' losses of steps need."""
    return None if sample_weight is None else weights_like(y_pred[..., 0], sample_weight)
