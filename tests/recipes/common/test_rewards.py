import pytest

from tests.runs import splits_of
from zoo.recipes.common.rewards import TEXT_REWARDS, position_reward


def test_metrics_of_texts_are_rewards():
    splits = splits_of("reverse", examples=100, length=3, minimum_length=3)
    ids = splits.vocabularies["target"].encode(splits.raw["train"][0]["target"])
    for name in ("exact", "character_error", "token_error"):
        assert list(TEXT_REWARDS[name](splits)([ids], [{"target": ids}])) == [1.0]
    assert list(TEXT_REWARDS["character_error"](splits)([ids[:2]], [{"target": ids}])) == pytest.approx([2 / 3])
    assert list(TEXT_REWARDS["exact"](splits)([ids[:2]], [{"target": ids}])) == [0.0]


def test_metrics_of_positions_are_rewards_of_each_output():
    reward = position_reward(lambda outputs, examples: float(outputs[0] == examples[0]["target"]))
    assert list(reward([[4, 6], [5, 4]], [{"target": [4, 6]}, {"target": [4, 5]}])) == [1.0, 0.0]
    (seen,) = position_reward(lambda outputs, examples: (outputs, examples[0]["target"]))([[4, 6]], [{"target": [5]}])
    assert seen == ([[0, 2]], [1])  # positions from 0
