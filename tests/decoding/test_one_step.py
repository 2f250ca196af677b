import keras
import numpy as np
import pytest

import zoo
from zoo.decoding.one_step import Encode, Step


@pytest.mark.parametrize("precision", ["float32", "mixed_float16"])
def test_the_halves_together_say_what_the_whole_says(precision):
    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy(precision)
    try:
        model = zoo.build(
            "encoder_decoder",
            source_vocabulary_size=9,
            target_vocabulary_size=8,
            units=4,
            attention="location",
            layers=2,
        )
    finally:
        keras.config.set_dtype_policy(before)
    inputs = {"source": np.array([[4, 5, 8], [6, 0, 0]], "int32"), "target": np.array([[2, 5], [2, 7]], "int32")}
    whole = {name: keras.ops.convert_to_numpy(tensor) for name, tensor in model(inputs).items()}
    known, step = Encode(model, 2)(inputs), Step(model)
    for t in range(2):
        said = step({"token": inputs["target"][:, t], "state": known["state"], "context": known["context"]})
        known = {**known, "state": said["state"]}
        tolerance = 1e-5 if precision == "float32" else 1e-2
        np.testing.assert_allclose(keras.ops.convert_to_numpy(said["scores"]), whole["scores"][:, t], atol=tolerance)
        seen = keras.ops.convert_to_numpy(said["trace"]["alignment"])
        np.testing.assert_allclose(seen, whole["alignment"][:, t], atol=tolerance)
