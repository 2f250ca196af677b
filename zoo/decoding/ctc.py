"""From the scores of a model under connectionist temporal classification to transcripts."""

from collections.abc import Sequence
from typing import Any

import keras
import numpy as np
from keras import ops

from zoo.models.ctc_recognizer import BLANK, CTCRecognizer

ROWS, STEPS = 64, 32  # few shapes: what is decoded is compiled for each
# Nats: transcripts less likely than the best by more are left out; the cost of an impossible one.
MAX_LOG_PROB_GAP, IMPOSSIBLE = 50.0, 100.0


def transcribes(model: keras.Model) -> bool:
    """Return whether the scores of a model are decoded by CTC."""
    return isinstance(model, CTCRecognizer)


def transcripts(
    outputs: Sequence[dict[str, np.ndarray]], vocabulary: Any = None, *, beam_width: int = 16, n_best: int = 1
) -> list[list[tuple[Any, float]]]:
    """The likeliest transcripts of each output, best first, each with its log-probability.

    A beam of 1 is greedy: the likeliest symbol of every step, repeats merged and blanks left out; its log-probability
    is that of this one path. Wider beams add up the paths of a transcript, and find others than the greedy one. Where
    fewer transcripts exist than are wanted, or the others are e^50 times less likely than the best, fewer are returned.

    Args:
        outputs: of a `ctc_recognizer`, one an example: {"scores" (P, outputs), "mask" (P,)}.
        vocabulary: what names the symbols; their ids without.
        beam_width: hypotheses kept at every step.
        n_best: transcripts for each output, at most `beam_width`.
    Raises:
        ValueError: a beam below 1, or of which more are wanted than it is wide.
    """
    if not 1 <= n_best <= beam_width:
        raise ValueError(
            f"A beam is 1 or wider, and holds n_best at most. Received: beam_width={beam_width}, n_best={n_best}"
        )
    transcripts_of: list[list[tuple[Any, float]]] = []
    for start in range(0, len(outputs), ROWS):
        part = outputs[start : start + ROWS]
        lengths = np.array([int(output["mask"].sum()) for output in part], "int32")
        # Behind each row stand steps of blanks: TensorFlow's search fails where it has fewer prefixes than n_best.
        more = 2 * n_best
        steps = -(-(lengths.max() + more) // STEPS) * STEPS
        scores = np.full((len(part), steps, part[0]["scores"].shape[-1]), -IMPOSSIBLE, "float32")
        scores[..., BLANK] = 0.0
        for row, output in enumerate(part):
            scores[row, : lengths[row]] = _log_softmax(output["scores"][: lengths[row]])
        options = (
            {"strategy": "greedy"}
            if beam_width == 1
            else {"strategy": "beam_search", "beam_width": beam_width, "top_paths": n_best}
        )
        ids, gains = map(ops.convert_to_numpy, ops.ctc_decode(scores, lengths + more, mask_index=BLANK, **options))
        gains = -gains if beam_width == 1 else gains
        for row in range(len(part)):
            hypotheses = [
                ([int(i) for i in ids[rank, row] if i >= 0], float(gains[row, rank])) for rank in range(len(ids))
            ]
            hypotheses = [
                (symbols, gain) for symbols, gain in hypotheses if gain >= hypotheses[0][1] - MAX_LOG_PROB_GAP
            ]
            transcripts_of.append(hypotheses if vocabulary is None else _named(hypotheses, vocabulary))
    return transcripts_of


def _named(hypotheses, vocabulary) -> list[tuple[str, float]]:
    """As texts; special symbols are not seen in them, and what they tell apart is one text."""
    texts: dict[str, float] = {}
    for symbols, gain in hypotheses:
        text = vocabulary.decode(symbols)
        texts[text] = float(np.logaddexp(texts.get(text, -np.inf), gain))
    return sorted(texts.items(), key=lambda pair: -pair[1])


def _log_softmax(scores: np.ndarray) -> np.ndarray:
    scores = scores.astype("float64")
    return scores - np.logaddexp.reduce(scores, axis=-1, keepdims=True)
