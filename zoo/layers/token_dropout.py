import keras
from keras import ops


@keras.saving.register_keras_serializable(package="zoo")
class TokenDropout(keras.layers.Layer):
    """Replaces tokens by the unknown one (id 1) in training, so that its vector is trained and context is relied on.

    Args:
        rate: share of the tokens replaced.
        seed: of the draws; None takes one from Keras' global seed.
    Shapes:
        tokens (B, S) int -> the same; padding stays padding. The identity outside training.
    Raises:
        ValueError: rate outside [0, 1).
    Reference: word dropout, Iyyer et al. 2015; to `unknown` as in Kiperwasser & Goldberg 2016. Differs: one rate for
        rare and frequent tokens.
    """

    def __init__(self, rate: float = 0.1, *, seed: int | None = None, **kwargs):
        super().__init__(**kwargs)
        if not 0 <= rate < 1:
            raise ValueError(f"`rate` is a share in [0, 1). Received: rate={rate}")
        self.rate = rate
        self.seed_generator = keras.random.SeedGenerator(seed)
        self.built = True

    def call(self, tokens, training=None):
        if not training or self.rate == 0:
            return tokens
        drawn = keras.random.uniform(ops.shape(tokens), seed=self.seed_generator) < self.rate
        return ops.where(ops.logical_and(drawn, ops.not_equal(tokens, 0)), ops.ones_like(tokens), tokens)

    def compute_output_shape(self, tokens_shape):
        return tokens_shape
