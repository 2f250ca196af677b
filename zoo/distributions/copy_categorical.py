from dataclasses import dataclass

from zoo.distributions.categorical import Categorical


@dataclass(frozen=True)
class CopyCategorical(Categorical):
    """One of V tokens, or of what the source at hand offers behind them: id V + k is its k-th offer.

        p(y) = softmax(scores)[y]

    A copying model offers the words of its source that the vocabulary lacks, a pointer network the positions of its
    source behind the four special ids (V = 4). How many columns `scores` have is known with the batch; what an example
    does not offer has a score of `zoo.ops.logits.LOWEST`.

    Args:
        size: V, without what a source offers.
    Shapes:
        scores (..., V + S), values (...) int32.
    Raises:
        ValueError: label smoothing, which would spread to what is not offered.
    """

    has_copy_ids = True

    def __post_init__(self):
        if self.label_smoothing:
            raise ValueError(
                "Label smoothing spreads over all tokens, and here some are not on offer: use label_smoothing=0. "
                f"Received: {self.label_smoothing}"
            )
