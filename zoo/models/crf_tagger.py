import keras
from keras import ops

from zoo.backend.replicas import all_reduce_sum
from zoo.layers.conditional_random_field import ConditionalRandomField
from zoo.models.base.mapping_model import TakesClassWeight
from zoo.models.base.with_loss import Monitored, WithLoss, mean_metric
from zoo.models.many_to_many import many_to_many
from zoo.ops.masking import keras_mask, weights_like


def crf_tagger(
    *,
    vocabulary_size: int | None = None,
    character_vocabulary_size: int | None = None,
    features: int | None = None,
    variable_length: bool = False,
    outputs: int = 2,
    allowed: list[list[int]] | None = None,
    embedding_size: int = 128,
    character_units: int = 50,
    cell: str = "lstm",
    units: int = 128,
    layers: int = 1,
    bidirectional: bool = True,
    residual: bool = False,
    layer_normalization: bool = False,
    dropout: float = 0.0,
    token_dropout: float = 0.0,
) -> keras.Model:
    """Tagger whose tags are one path: a recurrent stack under a conditional random field.

        s_1 .. s_S = many_to_many(x) (scores, not probabilities)
        p(y | x)   = exp(start[y_1] + sum_t s_t[y_t] + sum_t transitions[y_{t-1}, y_t] + end[y_S]) / Z(x)

    The loss, -log p(y | x) per real token, comes with the model: `model.compile("adam")` is enough. Targets are tags
    (B, S) int; the model masks padding itself. With `sample_weight` (B,) of sentences or (B, S) of tokens it is

        loss = sum_bs w_bs (-log p(y_bs | y_b1 .. y_b,s-1, x_b)) / sum_bs w_bs

    where a token of weight 0 is not learned, but the tags behind it are those that follow its own. Metrics of `compile`
    read the best path, its tags one-hot (B, S, C), on real tokens.

    Args:
        allowed: which tag may follow which (`zoo.layers.conditional_random_field.legal_transitions` makes it from the
            names of the tags); everything if None.
        outputs: number of tags C.
        vocabulary_size, character_vocabulary_size, features, variable_length, embedding_size, character_units, cell,
            units, layers, bidirectional, residual, layer_normalization, dropout, token_dropout: as in `many_to_many`.
    Shapes:
        inputs as in `many_to_many` -> {"tags" (B, S) int32, the best path; "scores" (B, S, C); "mask" (B, S) bool}.
    Raises:
        ValueError: as `many_to_many`; an `allowed` that does not fit `outputs`.
    Reference: arXiv:1508.01991 (Huang et al. 2015); arXiv:1603.01360 (Lample et al. 2016).
    """
    scorer = many_to_many(
        vocabulary_size=vocabulary_size,
        character_vocabulary_size=character_vocabulary_size,
        features=features,
        variable_length=variable_length,
        outputs=outputs,
        activation=None,
        embedding_size=embedding_size,
        character_units=character_units,
        cell=cell,
        units=units,
        layers=layers,
        bidirectional=bidirectional,
        residual=residual,
        layer_normalization=layer_normalization,
        dropout=dropout,
        token_dropout=token_dropout,
    )
    mask = scorer.get_layer("mask").output
    tags = ConditionalRandomField(outputs, allowed=allowed, name="crf")(scorer.output, mask)
    return CRFTagger(scorer.input, {"tags": tags, "scores": scorer.output, "mask": mask}, name="crf_tagger")


@keras.saving.register_keras_serializable(package="zoo")
class CRFTagger(TakesClassWeight, WithLoss, keras.Model):
    """The functional model that `crf_tagger` builds, with its own loss and the accuracy over real tokens."""

    def __init__(self, inputs, outputs, name=None, **kwargs):
        # Keras saves a functional subclass layer by layer as long as its constructor is a functional model's.
        super().__init__(inputs, outputs, name=name, **kwargs)
        self.nats, self.accuracy = mean_metric("nats", "down"), mean_metric("accuracy", "up")
        self.monitored = Monitored([self.nats, self.accuracy])

    def data_loss(self, x, y, y_pred, sample_weight, training):
        """Return the negative log-likelihood in nats per real token, and the weight of all tokens."""
        y, mask = ops.cast(y, "int32"), y_pred["mask"]
        tokens = weights_like(ops.cast(mask, "float32"), mask, sample_weight)
        log_likelihood = self.get_layer("crf").negative_log_likelihood(y_pred["scores"], y, mask, tokens)
        # Flat, so that a step of a long batch counts as much as one of a short batch.
        right = ops.cast(ops.equal(y, y_pred["tags"]), "float32")
        self.accuracy.update_state(ops.reshape(right, (-1,)), sample_weight=ops.reshape(tokens, (-1,)))
        self.nats.update_state(
            ops.sum(log_likelihood) / ops.maximum(ops.sum(tokens), 1e-9), sample_weight=ops.sum(tokens)
        )
        weight = all_reduce_sum(tokens)
        return ops.sum(log_likelihood) / ops.maximum(weight, 1e-9), weight

    def compute_metrics(self, x, y, y_pred, sample_weight=None):
        path = ops.one_hot(y_pred["tags"], self.get_layer("crf").classes)  # (B, S, C)
        weights = None if sample_weight is None else weights_like(path[..., 0], sample_weight)
        with keras_mask(path, y_pred["mask"]):
            return super().compute_metrics(x, y, path, weights)
