import numpy as np
import pytest

from zoo.data.synthetic.counters import generate, truth


def numbers(example):
    return np.array(example["target"].split(), int)


def test_counters_by_hand():
    assert truth("start 17 step 3", 5) == [17, 20, 23, 26, 29]
    assert truth("start 95 step 4", 4) == [95, 99, 3, 7]


def test_without_noise_the_target_is_the_counter():
    for example in generate(200, noise=0.0):
        _, start, _, step = example["source"].split()
        found = numbers(example)
        assert found[0] == int(start) and len(found) == 50
        assert set(np.diff(found) % 100) == {int(step)}


def test_noise_replaces_its_share_and_the_counter_goes_on():
    examples = generate(1000, noise=0.3)
    wrong = np.array([numbers(example) != truth(example["source"], 50) for example in examples])
    # One random number in a hundred is the right one.
    np.testing.assert_allclose(wrong.mean(axis=0), 0.3 * 0.99, atol=0.06)
    assert wrong.mean() == pytest.approx(0.3 * 0.99, abs=0.01)
    # No place depends on whether the one before was wrong.
    assert wrong[:, 1:][wrong[:, :-1]].mean() == pytest.approx(0.297, abs=0.015)
    replaced = np.concatenate([numbers(example)[row] for example, row in zip(examples, wrong, strict=True)])
    assert np.bincount(replaced, minlength=100).min() > 80


def test_every_word_is_a_number_and_occurs():
    examples = generate(2000)
    assert {word for example in examples for word in example["target"].split()} == set(map(str, range(100)))
    assert {int(example["source"].split()[3]) for example in examples} == set(range(1, 10))
    assert {int(e["source"].split()[3]) for e in generate(500, largest_step=3)} == {1, 2, 3}


def test_mixed_lengths():
    lengths = np.bincount([len(numbers(example)) for example in generate(2000, lengths=(10, 50))])
    assert len(lengths) == 51 and not lengths[:10].any() and lengths[10:].min() > 20
    assert {len(numbers(example)) for example in generate(50, length=7)} == {7}


def test_baselines():
    examples = generate(1000)
    counters = np.array([truth(example["source"], 50) for example in examples])
    targets = np.array([numbers(example) for example in examples])
    steps = np.array([int(example["source"].split()[3]) for example in examples])
    assert np.mean(counters == counters[:, :1]) == pytest.approx(0.03, abs=0.01)
    assert np.mean((targets[:, :-1] + steps[:, None]) % 100 == counters[:, 1:]) == pytest.approx(0.90, abs=0.01)


@pytest.mark.parametrize(
    "arguments", [{"lengths": (5, 4)}, {"length": 0}, {"noise": 1.1}, {"largest_step": 100}, {"largest_step": 0}]
)
def test_arguments_out_of_range(arguments):
    name, value = next(iter(arguments.items()))
    with pytest.raises(ValueError) as raised:
        generate(1, **arguments)
    assert f"{name}={value}" in str(raised.value)


@pytest.mark.parametrize("source", ["17 3", "start x step 3", "start 3 step", "start -3 step 2"])
def test_what_is_no_counter(source):
    with pytest.raises(ValueError, match="Received: '"):
        truth(source, 3)
