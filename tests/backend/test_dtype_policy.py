import keras
import numpy as np
import pytest
from keras import ops

from zoo.backend.dtype_policy import with_dtype_policy

pytestmark = pytest.mark.each_backend


@pytest.mark.parametrize("name", ["mixed_bfloat16", "mixed_float16", "float32"])
def test_weights_come_as_the_policy_computes(name):
    weight = keras.Variable(np.ones((2, 2), "float32"))
    wide = ops.ones((1, 2))

    def computed():
        return {"own": ops.convert_to_tensor(weight) * 2, "wide": wide + 0.0}

    said = with_dtype_policy(keras.DTypePolicy(name), computed)
    assert keras.backend.standardize_dtype(said["own"].dtype) == name.removeprefix("mixed_")
    assert keras.backend.standardize_dtype(said["wide"].dtype) == "float32"
    np.testing.assert_array_equal(ops.convert_to_numpy(ops.cast(said["own"], "float32")), np.full((2, 2), 2))
    assert keras.backend.standardize_dtype(computed()["own"].dtype) == "float32"
