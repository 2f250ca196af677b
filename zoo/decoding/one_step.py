"""The two halves of a generating model as Keras models: for loops that are not ours, in this process or another."""

import keras

from zoo.backend.dtype_policy import with_dtype_policy


class Encode(keras.Model):
    """{inputs by name} -> {"context", "state"}: what is computed once, and the state before the first step.

    Args:
        model: a generating model.
        length: steps that may follow.
    """

    def __init__(self, model: keras.Model, length: int):
        super().__init__(dtype=model.dtype_policy)  # the model's own: its layers are cast as within it
        self.model, self.length = model, length
        self.built = True

    def call(self, inputs):
        def computed():
            context = self.model.encode(inputs)
            return {"context": context, "state": self.model.start(context, self.length)}

        return with_dtype_policy(self.dtype_policy, computed)


class Step(keras.Model):
    """{"token", "state", "context"} -> {"scores", "state", "trace"}.

    Args:
        model: a generating model.
    """

    def __init__(self, model: keras.Model):
        super().__init__(dtype=model.dtype_policy)
        self.model = model
        self.built = True

    def call(self, inputs):
        def computed():
            scores, state, trace = self.model.step(inputs["token"], inputs["state"], inputs["context"])
            return {"scores": scores, "state": state, "trace": trace}

        return with_dtype_policy(self.dtype_policy, computed)
