"""Tiny models that generate tokens, a batch for each, and every output that one of them can have."""

import itertools

import keras
import numpy as np
from keras import ops

import zoo
from tests.gradients import weight_gradients
from zoo.special_ids import END, PAD, START

SIZE = 7
WORDS = (1, 4, 5, 6)  # all that can be said but the end
LENGTHS = (3, 1, 2, 0)  # of the targets without their ends; the last row is there to fill the batch
STEPS = 4

READING = {"encoder": "forward", "cell": "gru", "embedding_size": 3, "units": 4}
PAIRS = {"source_vocabulary_size": SIZE, "target_vocabulary_size": SIZE, **READING}
MODELS = {
    "language_model": {"vocabulary_size": SIZE, "embedding_size": 3, "units": 3, "layers": 1, "cell": "elman"},
    "one_to_many": {"vocabulary_size": SIZE, "classes": 4, "embedding_size": 3, "units": 3, "cell": "gru"},
    "encoder_decoder": {**PAIRS, "attention": "additive", "input_feeding": True},
    "copying": {**PAIRS, "attention": "general", "copying": "pointer_generator"},
    "pointer_network": {"source_features": 2, "visits": "once", **READING},
}


def build(name="language_model", seed=3, spread=0.5, **more):
    """A model with weights that are not near zero, the same every time."""
    model = zoo.build("encoder_decoder" if name == "copying" else name, **{**MODELS[name], **more})
    draw = np.random.default_rng(seed)
    for weight in model.trainable_weights:
        weight.assign(weight + draw.normal(size=weight.shape, scale=spread))
    return model


def batch(model, seed=0):
    """Inputs by name, targets, weights. Of a model that points, targets are places, each once."""
    names, draw = [tensor.name for tensor in model.inputs], np.random.default_rng(seed)
    rows, places = len(LENGTHS), 3
    targets = np.zeros((rows, STEPS), "int32")
    for row, length in zip(targets[:-1], LENGTHS, strict=False):
        said = 4 + draw.permutation(places) if model.points else draw.choice(WORDS[1:], places)
        row[: length + 1] = [*said[:length], END]
    fed = np.concatenate([np.full((rows, 1), START), np.where(targets == END, PAD, targets)[:, :-1]], axis=1)
    real = (targets != PAD).astype("float32")
    inputs = {"target": (fed * (real.any(1, keepdims=True))).astype("int32")}
    there = np.arange(places) < np.array([3, 3, 2, 0])[:, None]
    if "source_lengths" in names:
        inputs["source"] = (draw.normal(size=(rows, places, 2)) * there[..., None]).astype("float32")
        inputs["source_lengths"] = there.sum(1).astype("int32")
        targets[2] = inputs["target"][2] = 0  # two places only
        targets[2, :3], inputs["target"][2, :3] = [5, 4, END], [START, 5, 4]
    elif "source" in names:
        inputs["source"] = (draw.integers(4, SIZE, (rows, places)) * there).astype("int32")
    if "source_as_target" in names:  # the last word is one that the target vocabulary lacks
        inputs["source_as_target"] = np.where(inputs["source"] == SIZE - 1, SIZE, inputs["source"])
        targets[0, 0] = inputs["target"][0, 1] = SIZE
    if "label" in names:
        inputs["label"] = np.array([1, 2, 3, 0], "int32")
    return inputs, targets, real


def tensors(nested):
    return keras.tree.map_structure(ops.convert_to_tensor, nested)


def log_probabilities(model, inputs, values):
    """Of tokens (B, T) step by step, the model being fed with them, among what can be said: (B, T), differentiable."""
    fed = np.concatenate([np.full((len(values), 1), START), values[:, :-1]], axis=1).astype("int32")
    scores = model(tensors({**inputs, "target": fed}))["scores"]
    never = np.isin(np.arange(scores.shape[-1]), [PAD, START])
    log_p = ops.log_softmax(ops.where(never, -1e30, scores), axis=-1)
    return ops.squeeze(ops.take_along_axis(log_p, tensors(values.astype("int32"))[..., None], axis=-1), -1)


class Everything:
    """All outputs of at most `length` tokens, ends included, of a model that reads nothing, and a reward for each.

    What decoders would say of them is `said`, one row each; `chances` are their probabilities, which add up to 1.
    """

    def __init__(self, model, length=3, words=WORDS[:3]):
        ended = [(*said, END) for n in range(length) for said in itertools.product(words, repeat=n)]
        self.outputs = ended + list(itertools.product(words, repeat=length))
        self.model, self.length = model, length
        self.values = np.zeros((len(self.outputs), length), "int32")
        for row, output in zip(self.values, self.outputs, strict=True):
            row[: len(output)] = output
        self.inputs = {"target": np.full((len(self.outputs), 1), START, "int32")}
        self.rewards = np.random.default_rng(5).normal(1.0, size=(len(self.outputs), 1)).astype("float32")
        tokens = np.where(self.values == END, PAD, self.values)[:, None]
        self.said = {
            "tokens": tokens,
            "lengths": (tokens != PAD).sum(-1).astype("int32"),
            "finished": (self.values == END).any(1, keepdims=True),
        }
        self.chances = np.exp(ops.convert_to_numpy(self._log_q()).astype("float64")).astype("float32")
        np.testing.assert_allclose(self.chances.sum(), 1, rtol=1e-5)

    def _log_q(self):
        log_q = log_probabilities(self.model, {}, self.values)
        return ops.sum(ops.where(self.values != PAD, log_q, 0.0), axis=1)

    def reward(self, outputs, examples):
        """The table, as a reward in plain Python: what has not ended is longer than what has."""
        known = {tuple(token for token in said if token != END): row for row, said in enumerate(self.outputs)}
        return [self.rewards[known[tuple(map(int, output))], 0] for output in outputs]

    def gradient(self):
        """Of minus the mean reward, by every weight: what an estimate has to be on average."""
        loss = lambda: -ops.sum(ops.exp(self._log_q()) * self.rewards[:, 0])  # noqa: E731
        return weight_gradients(loss, self.model.trainable_variables)[1]

    def estimate(self, regime, rows):
        """The gradient of `regime.surrogate_loss` with these outputs, each row counted so much."""

        def loss():
            return regime.surrogate_loss(tensors(self.inputs), *tensors((self.said, self.rewards, rows)))

        return weight_gradients(loss, self.model.trainable_variables)[1]
