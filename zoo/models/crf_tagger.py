import keras
from keras import ops

from zoo.layers.conditional_random_field import ConditionalRandomField
from zoo.models.many_to_many import many_to_many
from zoo.models.with_loss import Monitored, WithLoss, mean_metric
from zoo.ops.replicas import total


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
    """Reads a sequence and chooses its tags as one path: a recurrent stack under a conditional random field.

        s_1 .. s_S = many_to_many(x) (scores, not probabilities)
        p(y | x)   = exp(start[y_1] + sum_t s_t[y_t] + sum_t transitions[y_{t-1}, y_t] + end[y_S]) / Z(x)

    The loss, -log p(y | x) per real token, comes with the model: `model.compile("adam")` is enough. Targets are tags
    (B, S) int; the model masks padding itself.

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
class CRFTagger(WithLoss, keras.Model):
    """The functional model that `crf_tagger` builds, with its own loss and the accuracy over real tokens."""

    def __init__(self, inputs, outputs, name=None, **kwargs):
        # Keras saves a functional subclass layer by layer as long as its constructor is a functional model's.
        super().__init__(inputs, outputs, name=name, **kwargs)
        self.accuracy = mean_metric("accuracy", "up")
        self.monitored = Monitored([self.accuracy])

    def data_loss(self, x, y, y_pred, sample_weight, training):
        """Negative log-likelihood in nats per real token. Weights (B,) count examples; weights (B, S) mark padding,
        which the model already knows."""
        y = ops.cast(y, "int32")
        mask = y_pred["mask"]
        likelihood = self.get_layer("crf").negative_log_likelihood(y_pred["scores"], y, mask)
        tokens = ops.cast(mask, "float32")
        if sample_weight is not None and len(sample_weight.shape) == 1:
            likelihood = likelihood * ops.cast(sample_weight, "float32")
            tokens = tokens * ops.cast(sample_weight, "float32")[:, None]
        # Flat, so that a step of a long batch counts as much as one of a short batch.
        right = ops.cast(ops.equal(y, y_pred["tags"]), "float32")
        self.accuracy.update_state(ops.reshape(right, (-1,)), sample_weight=ops.reshape(tokens, (-1,)))
        return ops.sum(likelihood) / ops.maximum(total(tokens), 1.0)

    def compute_metrics(self, x, y, y_pred, sample_weight=None):
        return super().compute_metrics(x, y, y_pred["tags"], sample_weight)
