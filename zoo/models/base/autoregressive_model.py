from collections.abc import Mapping
from typing import Any

import keras
from keras import ops

from zoo.backend.replicas import all_reduce_sum
from zoo.distributions.categorical import Categorical
from zoo.layers.composite import KEY, freeze_sublayers, frozen_sublayers
from zoo.models.base.with_loss import Monitored, WithLoss, mean_metric
from zoo.ops.masking import keras_mask


class AutoregressiveModel(WithLoss, keras.Model):
    """Base class of autoregressive models: a teacher-forced functional pass that can also go step by step.

    Beside `call`, the teacher-forced pass over {"target": (B, T), ...}, a model has three methods and one attribute:

        encode(inputs)              -> context              what is computed once an example: tensors, batch first
        start(context, length)      -> state                nested tensors, batch first; at most `length` steps follow
        step(value, state, context) -> scores, state, trace one step: the value before, (B,) or (B, D), to the scores of
                                                            the next, (B, distribution.size); `trace` is a dict of what
                                                            a person wants to see, such as {"alignment": (B, S)}
        likelihood                                          of `zoo.distributions`: what the scores mean

    so that for every t: call(inputs)["scores"][:, t] = the scores after stepping target[:, 0 .. t], in values and in
    gradients. A model that attends has "alignment" in the trace and keeps {"memory": {"mask": (B, S), ...}} in its
    context, which is what a coverage penalty reads. `inputs["target"]` holds the values before each step: the start,
    then the true ones; y holds the true ones, with the end. Decoders (`zoo.decoding`) take any model that keeps this.

    The loss is the model's own, nats per real token (or frame), so `model.compile("adam")` is enough:

        loss = sum_bt w_bt loss(scores_bt, y_bt) / sum_bt w_bt

    with w the `sample_weight` (B, T) or (B,); without any, all that is not padding counts. `nats` (without label
    smoothing), `perplexity` = exp(nats) and `accuracy` are exact over all real tokens of an epoch. Metrics of `compile`
    come beside them: they read the scores (B, T, size), of tokens unnormalised log-probabilities (`from_logits=True`),
    at real steps alone. Those of decoded outputs are a callback,
    `zoo.training.callbacks.decoded_metrics.DecodedMetrics`.

    A new model calls `super().__init__` with its inputs and outputs, its distribution, and its own arguments, which
    `get_config` gives back. The functional model is an attribute, `network`, and the model itself is not functional:
    `keras.models.clone_model` would make a plain functional model of one that is, without steps and loss.

    Penalties on its attention (`zoo.layers.attention_penalties`) are added to the loss, of y_pred["alignment"] at the
    positions of y_pred["memory_mask"] (B, S); an input "target_alignment" (B, T, S) that no layer reads is for them.

    A model that `points` emits positions of its source (`zoo.data.vocabularies.pointer_vocabulary`).

    Args:
        inputs, outputs: of the functional model; outputs are a dict with "scores" (B, T, size) and "hidden" (B, T, U),
            what the scores are made from.
        distribution: what the scores mean.
        arguments: `locals()` at the start of the constructor.
        penalties: of attention, if any.
    """

    points = False
    # The length of every target, where it is fixed; the longest source that is taken, if there is one.
    maximum_target: int | None = None
    maximum_source: int | None = None
    # Steps of the source behind one position of the memory; None: its positions are no steps.
    reduction: int | None = 1

    def __init__(
        self, inputs: Any, outputs: dict, *, distribution: Any, arguments: dict, penalties: Any = None, name=None
    ):
        super().__init__(name=name, autocast=False)  # each layer casts what it reads
        self.network = keras.Model(inputs, outputs, name=self.name)
        self.built = True
        self.penalties = penalties
        if penalties is not None and not penalties.built:
            penalties.build()
        self.distribution = distribution
        self._arguments = {key: value for key, value in arguments.items() if key not in ("self", "__class__")}
        self.nll_metrics = [mean_metric("nats", "down")]
        self.accuracy_metrics = []
        if isinstance(distribution, Categorical):
            self.nll_metrics.append(Perplexity(name="perplexity"))
            self.accuracy_metrics.append(mean_metric("accuracy", "up"))
        self.monitored = Monitored([*self.nll_metrics, *self.accuracy_metrics])

    def get_config(self):
        own = {"dtype": keras.dtype_policies.serialize(self.dtype_policy), "trainable": self.trainable}
        return {**self._arguments, **own, KEY: frozen_sublayers(self)}

    @property
    def vocabulary_sizes(self) -> dict[str, int]:
        """Return the number of ids of each input by name, which a vocabulary of this model must have."""
        sizes = {"source": self._arguments.get("source_vocabulary_size"), "label": self._arguments.get("classes")}
        sizes["target"] = self.distribution.size if isinstance(self.distribution, Categorical) else None
        return {name: size for name, size in sizes.items() if size is not None}

    @classmethod
    def from_config(cls, config, custom_objects=None):
        config = dict(config)
        policy, before = config.pop("dtype", None), keras.config.dtype_policy()
        trainable, frozen = config.pop("trainable", True), config.pop(KEY, [])
        # The layers inside take the precision that holds while they are made.
        keras.config.set_dtype_policy(before if policy is None else keras.dtype_policies.get(policy))
        try:
            model = cls(**config)
        finally:
            keras.config.set_dtype_policy(before)
        model.trainable = trainable
        freeze_sublayers(model, frozen)
        return model

    @property
    def layers(self) -> list:
        """The layers of the functional model, as `get_layer` and `summary` find them."""
        return self.network.layers

    @property
    def input(self) -> Any:
        return self.network.input

    @property
    def inputs(self) -> list:
        return self.network.inputs

    @property
    def output(self) -> Any:
        return self.network.output

    @property
    def outputs(self) -> list:
        return self.network.outputs

    @property
    def output_shape(self) -> Any:
        return self.network.output_shape

    def compute_output_spec(self, inputs, training=None, mask=None):
        return self.network.compute_output_spec(self._read(inputs))

    def export(self, *arguments, **options):
        """Export the teacher-forced pass as `keras.Model.export` does."""
        return self.network.export(*arguments, **options)

    def encode(self, inputs: dict) -> dict:
        raise NotImplementedError

    def start(self, context: dict, length: int) -> Any:
        raise NotImplementedError

    def step(self, value, state, context: dict) -> tuple:
        raise NotImplementedError

    def call(self, inputs, training=None, mask=None):
        return self.network(self._read(inputs), training=training, mask=mask)

    def _read(self, inputs):
        expected = self.network.input
        if isinstance(inputs, Mapping) and set(expected) <= set(inputs):
            return {name: inputs[name] for name in expected}
        named = ", ".join(f"{name!r}: {tensor.dtype} {tensor.shape}" for name, tensor in expected.items())
        received = f"a dict of {list(inputs)}" if isinstance(inputs, Mapping) else f"{type(inputs).__name__}, no dict"
        raise ValueError(
            f"{self.name} reads a dict of arrays, {{{named}}}. Received: {received}. "
            '"target" holds the value before each step, y the value at it: of ids (B, T + 1) those are ids[:, :-1] and '
            "ids[:, 1:]. zoo.data.batches.teacher_forcing.make_generation_splits makes both from texts."
        )

    def data_loss(self, x, y, y_pred, sample_weight, training):
        scores = y_pred["scores"]
        weights = self.weigh(y, sample_weight)
        weight = all_reduce_sum(weights)
        loss = ops.sum(self.distribution.loss(scores, y) * weights) / ops.maximum(weight, 1e-9)
        flat = ops.reshape(weights, (-1,))
        surprise = ops.reshape(-self.distribution.log_prob(scores, y), (-1,))
        for figure in self.nll_metrics:
            figure.update_state(surprise, sample_weight=flat)
        for figure in self.accuracy_metrics:
            right = ops.equal(ops.cast(y, "int32"), self.distribution.mode(scores))
            figure.update_state(ops.reshape(ops.cast(right, "float32"), (-1,)), sample_weight=flat)
        if self.penalties is not None:
            attention = y_pred["alignment"], weights > 0, y_pred["memory_mask"]
            loss = loss + self.penalties(*attention, target_alignment=x.get("target_alignment"), training=training)
        return loss, weight

    def weigh(self, y, sample_weight=None):
        """(B, T): what each token counts."""
        if sample_weight is None:
            return ops.cast(self.distribution.is_observed(y), "float32")
        weights = ops.cast(sample_weight, "float32")
        if len(weights.shape) == 1:
            weights = ops.expand_dims(weights, -1) * ops.cast(self.distribution.is_observed(y), "float32")
        return weights

    def compute_metrics(self, x, y, y_pred, sample_weight=None):
        scores, weights = y_pred["scores"], self.weigh(y, sample_weight)
        with keras_mask(scores, weights > 0):
            return super().compute_metrics(x, y, scores, None if sample_weight is None else weights)


@keras.saving.register_keras_serializable(package="zoo")
class Perplexity(keras.metrics.Mean):
    """exp of the mean of the nats it is given."""

    _direction = "down"

    def result(self):
        return ops.exp(super().result())
