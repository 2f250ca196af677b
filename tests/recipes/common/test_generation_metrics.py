import numpy as np
import pytest

from tests.runs import model_of, splits_of
from zoo.decoding import Greedy
from zoo.recipes import captioning, dialogue, video
from zoo.recipes.common import generation_metrics


def test_a_model_is_watched_measured_and_drawn_by_one_search(monkeypatch, tmp_path):
    """Which sees what the model has become; what is drawn begins anew with its seed."""
    made, initialize = [], Greedy.__init__

    def count(self, model, **arguments):
        made.append((model, type(self).__name__))
        initialize(self, model, **arguments)

    monkeypatch.setattr(Greedy, "__init__", count)
    splits = splits_of("reverse", examples=60, length=3, minimum_length=3)
    some = splits.raw["test"][:3]
    one, other = (model_of("reverse", splits, units=4, embedding_size=4) for _ in range(2))
    draw = np.random.default_rng(0)
    one.set_weights([draw.normal(size=weight.shape) for weight in one.weights])
    before = generation_metrics.decode_texts(one, splits, some, maximum_length=4)
    assert (
        generation_metrics.decoded_metrics(one, splits, some, some, {"count": len}, maximum_length=4).decode(one)
        == before
    )
    generation_metrics.plot_test_alignments(one, splits, tmp_path / "alignments.png", maximum_length=4)
    assert made == [(one, "Greedy")]
    one.set_weights([weight[..., ::-1] for weight in one.get_weights()])
    after = generation_metrics.decode_texts(one, splits, some, maximum_length=4)
    other.set_weights(one.get_weights())
    assert after == generation_metrics.decode_texts(other, splits, some, maximum_length=4) != before
    assert made == [(one, "Greedy"), (other, "Greedy")]
    drawn = [
        generation_metrics.decode_texts(one, splits, some, decoder="sampling", seed=5, maximum_length=4)
        for _ in range(2)
    ]
    assert drawn[0] == drawn[1]


@pytest.mark.parametrize("recipe", [captioning, dialogue, video])
def test_bleu_of_lower_cased_text_is_said_where_it_is_printed(recipe):
    assert "lower-cased text as the vocabulary splits and joins it" in recipe.format_report({"bleu": 8.6})
    assert recipe.format_report({"accuracy": 0.9}) == ""
