import pytest

from zoo.data.synthetic import reversal


def test_the_target_is_the_source_backwards():
    examples = reversal.generate(300, length=9, minimum_length=2)
    assert {len(example["source"]) for example in examples} == set(range(2, 10))
    assert all(list(example["target"]) == list(reversed(example["source"])) for example in examples)
    assert len({letter for example in examples for letter in example["source"]}) == 26


def test_a_copy_is_no_answer():
    examples = reversal.generate(1000)
    assert sum(example["source"] == example["target"] for example in examples) < 10


@pytest.mark.parametrize("lengths", [(0, 4), (5, 4)])
def test_lengths_out_of_order(lengths):
    with pytest.raises(ValueError, match=f"minimum_length={lengths[0]}, length={lengths[1]}"):
        reversal.generate(1, minimum_length=lengths[0], length=lengths[1])
