import numpy as np
import pytest
from keras import ops

from zoo.distributions.bernoulli import Bernoulli
from zoo.distributions.categorical import Categorical
from zoo.models.base.target import Target


def test_tokens_are_looked_up_and_said_by_a_distribution_over_them():
    side = Target(7, embedding_size=3, smoothing=0.2)
    assert side.distribution == Categorical(7, 0.2)
    assert (side.input().name, side.input().dtype, side.input().shape) == ("target", "int32", (None, None))
    tokens = np.array([[2, 5], [6, 0]], "int32")
    vectors = ops.convert_to_numpy(side.embed(ops.convert_to_tensor(tokens)))
    np.testing.assert_array_equal(vectors, side.embedding.get_weights()[0][tokens])
    one = ops.convert_to_numpy(side.embed(ops.convert_to_tensor(tokens[:, 0])))
    np.testing.assert_array_equal(one, vectors[:, 0])
    assert side.readout(tied=True).embedding is side.embedding
    assert side.readout(tied=False).embedding is None


def test_frames_are_vectors_already():
    side = Target(None, 3)
    assert side.distribution == Bernoulli(3)
    assert (side.input().dtype, side.input().shape) == ("float32", (None, None, 3))
    frames = np.ones((2, 4, 3), "float32")
    np.testing.assert_array_equal(ops.convert_to_numpy(side.embed(frames)), frames)
    assert side.readout(tied=False).size == 3


def test_dropout_is_there_only_where_it_was_asked_for():
    assert Target(7).dropout is None
    assert Target(7, dropout=0.3).dropout.rate == 0.3


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((None, None), "either tokens .* or frames .*vocabulary_size=None, features=None"),
        ((7, 3), "Received: vocabulary_size=7, features=3"),
        ((4,), "at least 5 ids: padding, unknown, start, end, and a token. Received: vocabulary_size=4"),
    ],
)
def test_wrong_arguments_are_errors(arguments, message):
    with pytest.raises(ValueError, match=message):
        Target(*arguments)


def test_frames_have_no_embedding_to_tie_to():
    with pytest.raises(ValueError, match="There is no embedding to tie to: frames take tied=False"):
        Target(None, 3).readout(tied=True)
