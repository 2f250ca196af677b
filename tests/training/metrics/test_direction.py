import pytest

from zoo.training.metrics.direction import higher_is_better


@pytest.mark.parametrize("figure", ["accuracy", "val_accuracy", "val_exact", "bleu", "longer_exact", "f1", "reward"])
def test_more_is_better(figure):
    assert higher_is_better(figure)


@pytest.mark.parametrize(
    "figure", ["loss", "val_loss", "nats", "perplexity", "phoneme_error", "val_word_error", "mase", "area_error"]
)
def test_less_is_better(figure):
    assert not higher_is_better(figure)
