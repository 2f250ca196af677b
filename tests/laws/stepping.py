"""What every model that generates must keep beside the laws of all: its call and its steps are one."""

import keras
import numpy as np
from keras import ops

from tests.gradients import weight_gradients
from tests.laws.batches import batch, tensors
from tests.laws.laws import PRECISION
from tests.laws.reload import said


class Stepwise(keras.Model):
    """A generating model whose call goes step by step, so that it is compiled as a whole."""

    def __init__(self, model, steps):
        super().__init__()
        self.model, self.steps = model, steps
        self.built = True

    def call(self, inputs):
        context, said = self.model.encode(inputs), []
        state = self.model.start(context, self.steps)
        for t in range(self.steps):
            scores, state, trace = self.model.step(inputs["target"][:, t], state, context)
            said.append({"scores": scores, **trace})
        return keras.tree.map_structure(lambda *rows: ops.stack(rows, axis=1), *said)


def teacher_forcing_is_stepping(entry, steps=2):
    """In values and in gradients: scores, and what the steps show."""
    model = entry.built()
    stepwise = Stepwise(model, steps)
    data = batch(entry, model, lengths=[2, 2, 1, 2])
    inputs = {
        name: array[:, :steps] if name in ("target", "source", "source_as_target") else array
        for name, array in data.inputs.items()
    }
    one, other = said(model, inputs), said(stepwise, inputs)
    weigh = tensors(np.random.default_rng(4).normal(size=one["scores"].shape).astype("float32"))
    assert set(one) - set(other) == {"hidden"} | ({"memory_mask"} if "memory_mask" in model.output else set())
    for name, array in other.items():
        np.testing.assert_allclose(array, one[name], **PRECISION, err_msg=name)
    inputs = tensors(inputs)

    def loss(found):
        return ops.sum(found["scores"] * weigh) + ops.sum(ops.square(found.get("alignment", 0.0)))

    _, expected = weight_gradients(lambda: loss(model(inputs, training=False)), model.trainable_variables)
    _, found = weight_gradients(lambda: loss(stepwise(inputs)), model.trainable_variables)
    for name, gradient in expected.items():
        np.testing.assert_allclose(found[name], gradient, rtol=1e-4, atol=1e-5, err_msg=name)
