import keras
import numpy as np
from keras import ops

from zoo.backend.replicas import all_reduce_sum
from zoo.lookup import lookup
from zoo.models.base.sequence_inputs import sequence_inputs
from zoo.models.base.with_loss import Monitored, WithLoss, mean_metric
from zoo.ops.masking import mask_to_lengths
from zoo.recurrent.pyramid_stack import PyramidStack
from zoo.recurrent.recurrent_stack import RecurrentStack

ENCODERS = {
    "pyramid": "both ways; each layer but the first halves the time",
    "bidirectional": "both ways, a score for every frame",
    "forward": "from the first frame to the last: no output depends on later frames",
}
BLANK = 0


def ctc_recognizer(
    *,
    features: int,
    outputs: int = 2,
    encoder: str = "bidirectional",
    cell: str = "lstm",
    units: int = 128,
    layers: int = 1,
    layer_normalization: bool = False,
    dropout: float = 0.0,
) -> keras.Model:
    """Recogniser of symbols in unaligned frames: connectionist temporal classification (CTC).

        s_1 .. s_P = stack(x_1 .. x_S) W + b                    P = S, under a pyramid ceil(S / 2^(layers-1))
        p(path)    = prod_t softmax(s_t)[path_t]                a path has a symbol or the blank at every step
        p(y | x)   = sum of p(path) over the paths that are y once repeats are merged and then blanks left out

    The loss, -log p(y | x) per symbol of y (`keras.ops.ctc_loss`), comes with the model: `model.compile("adam")` is
    enough. The blank is id 0, as in Keras' own loss (`mask_index`); as in every vocabulary of this house it pads
    transcripts, too, so a `zoo.data.vocabularies.vocabulary.Vocabulary` names the outputs as it is. `zoo.predict`
    gives transcripts (`keras.ops.ctc_decode`).

    A transcript needs a step for every symbol, and one for the blank between equal neighbours. One that has too few
    cannot be emitted; it does not count in the loss, and `check_lengths` raises for it.

    Args:
        features: numbers in a frame.
        outputs: symbols with the blank, 0.
        encoder: "bidirectional", "forward", or "pyramid" (bidirectional, each layer but the first halves the time).
        cell: a name of `zoo.cells.CELLS`.
        units: width of each direction of each layer.
        layers: recurrent layers on top of each other.
        layer_normalization: normalise each layer's input (not of a pyramid).
        dropout: rate on the frames and on each layer's output.
    Shapes:
        {"frames" (B, S, features), "lengths" (B,) int} -> {"scores" (B, P, outputs), "mask" (B, P) bool}; targets
        (B, L) int, padded with 0; weights (B,).
    Raises:
        ValueError: an unknown name, with the closest; layer normalisation in a pyramid.
    Reference: Graves et al. 2006, Connectionist Temporal Classification: Labelling Unsegmented Sequence Data with
        Recurrent Neural Networks.
    """
    lookup("encoder", encoder, ENCODERS)
    front = sequence_inputs(None, features, variable_length=True, dropout=dropout)
    if encoder == "pyramid":
        if layer_normalization:
            raise ValueError("A pyramid has no layer normalisation: choose layer_normalization=False.")
        stack = PyramidStack(cell, units, layers=layers, dropout=dropout, name="stack")
        sequences, mask, _ = stack(front.sequences, front.mask)
    else:
        stack = RecurrentStack(
            cell,
            units,
            layers=layers,
            bidirectional=encoder == "bidirectional",
            dropout=dropout,
            layer_normalization=layer_normalization,
            name="stack",
        )
        sequences, _ = stack(front.sequences, front.mask)
        mask = front.mask
    scores = keras.layers.Dense(outputs, dtype="float32", name="head")(sequences)
    return CTCRecognizer(front.inputs, {"scores": scores, "mask": mask}, name="ctc_recognizer")


@keras.saving.register_keras_serializable(package="zoo")
class CTCRecognizer(WithLoss, keras.Model):
    """The functional model that `ctc_recognizer` builds, with its own loss and the nats per symbol over an epoch."""

    def __init__(self, inputs, outputs, name=None, **kwargs):
        # Keras saves a functional subclass layer by layer as long as its constructor is a functional model's.
        super().__init__(inputs, outputs, name=name, **kwargs)
        self.nats = mean_metric("nats", "down")
        self.monitored = Monitored([self.nats])

    def data_loss(self, x, y, y_pred, sample_weight, training):
        """-log p(y | x) in nats per symbol. Weights (B,) count examples."""
        y = ops.cast(y, "int32")
        steps = mask_to_lengths(y_pred["mask"])
        symbols = mask_to_lengths(ops.not_equal(y, BLANK))
        possible = room(y) <= steps
        weights = ops.cast(possible, "float32")
        if sample_weight is not None:
            weights = weights * ops.cast(sample_weight, "float32")
        # What has no path is asked for nothing: its loss would be infinite, and its gradient no number.
        y = ops.where(ops.expand_dims(possible, -1), y, ops.zeros_like(y))
        nats = ops.ctc_loss(y, y_pred["scores"], ops.where(possible, symbols, 0), steps, mask_index=BLANK)
        nats = ops.sum(ops.where(weights > 0, nats, 0.0) * weights)
        counted = ops.sum(weights * ops.cast(symbols, "float32"))
        self.nats.update_state(nats / ops.maximum(counted, 1.0), sample_weight=counted)
        weight = all_reduce_sum(counted)
        return nats / ops.maximum(weight, 1.0), weight

    def compute_metrics(self, x, y, y_pred, sample_weight=None):
        return super().compute_metrics(x, y, y_pred["scores"], sample_weight)

    @property
    def reduction(self) -> int:
        """Return the number of frames for each step of the scores."""
        stack = self.get_layer("stack")
        return 2 ** (len(stack.stacks) - 1) if isinstance(stack, PyramidStack) else 1

    def check_lengths(self, lengths, transcripts) -> None:
        """Raises ValueError for the first transcript (L,) that has more symbols than its frames leave steps for."""
        for number, (length, transcript) in enumerate(zip(lengths, transcripts, strict=True)):
            needed, steps = int(room(np.asarray(transcript)[None])[0]), -(-int(length) // self.reduction)
            if needed > steps:
                raise ValueError(
                    f"A transcript needs a step for every symbol and one between equal neighbours. Received: example "
                    f"{number}, which needs {needed} and has {steps} ({length} frames, {self.reduction} a step). "
                    "Lower the stride of the frames, or take fewer layers of the pyramid."
                )


def room(transcripts):
    """The fewest steps in which transcripts (B, L), padded with 0, can be emitted. -> (B,)."""
    is_symbol = ops.cast(ops.not_equal(transcripts, BLANK), "int32")
    again = ops.cast(ops.equal(transcripts[:, 1:], transcripts[:, :-1]), "int32") * is_symbol[:, 1:]
    return ops.sum(is_symbol, axis=1) + ops.sum(again, axis=1)
