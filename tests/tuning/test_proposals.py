import itertools
import math

import pytest

from tests.tuning import toys
from zoo.tuning.proposals import TUNERS, Proposals
from zoo.tuning.space import read_space


def proposals(tuner, space=toys.space, *, seed=0, trials=20, epochs=9, rising=False):
    return Proposals(tuner=tuner, space=read_space(space), rising=rising, seed=seed, trials=trials, epochs=epochs)


def asked(source, most=1000, score=toys.truth):
    """All proposals of one that is told each score before the next is asked."""
    found = []
    while len(found) < most and not isinstance(proposal := source.ask(), bool):
        found.append(proposal)
        if source.adaptive:
            source.tell(len(found) - 1, score(proposal.values))
    return found


# A Gaussian process takes its time; continued searches in test_search.py need the same of it.
@pytest.mark.parametrize(
    "tuner", [pytest.param(name, marks=[pytest.mark.slow] * (name == "bayesian")) for name in TUNERS]
)
def test_the_same_seed_proposes_the_same(tuner):
    most = 8 if tuner == "bayesian" else 12  # five are drawn; a Gaussian process takes its time over each of the others
    first, again = (asked(proposals(tuner), most) for _ in range(2))
    assert first == again and len(first) == most
    if tuner != "grid":
        assert asked(proposals(tuner, seed=1), most) != first


def test_the_seed_0_is_a_seed():
    assert asked(proposals("random", seed=0), 3) == asked(proposals("random", seed=0), 3)


def test_grid_is_every_combination_once():
    def space(hp):
        return {
            "a": hp.Choice("a", [1, 2, 3]),
            "b": hp.Boolean("b"),
            "c": hp.Int("c", 2, 8, step=2),
        }

    found = [tuple(each.values[name] for name in "abc") for each in asked(proposals("grid", space, trials=None))]
    assert sorted(found) == sorted(itertools.product([1, 2, 3], [False, True], [2, 4, 6, 8]))


def test_hyperband_continues_the_best_of_those_that_trained_as_long():
    """One sweep over 9 epochs with thirds (Li et al. 2018): a third of the trials, three times as long."""
    source = proposals("hyperband", trials=None)
    found = asked(source)
    assert {each.until for each in found} == {1, 3, 9}
    promoted = [(number, each) for number, each in enumerate(found) if each.parent is not None]
    assert promoted
    for number, each in promoted:
        parent = found[each.parent]
        assert each.parent < number and each.values == parent.values and each.until == 3 * parent.until
        rivals = [
            toys.truth(other.values)
            for place, other in enumerate(found[:number])
            if other.until == parent.until and place not in {p.parent for _, p in promoted if _ < number}
        ]
        assert toys.truth(each.values) <= sorted(rivals)[0] + 1e-12


@pytest.mark.parametrize(("trials", "first"), [(52, 34), (51, 15), (22, 15), (21, 8), (11, 8), (10, 5)])
def test_hyperband_begins_so_that_some_train_to_the_end(trials, first):
    """A bracket of 40 epochs takes 34 + 12 + 4 + 2 trials, or 15 + 5 + 2, or 8 + 3, or 5 to the end each."""
    source = proposals("hyperband", trials=trials, epochs=40)
    assert source.rounds[0][0] == first and source.rounds[-1][1] == 40
    found = asked(source, trials)
    assert max(each.until for each in found) == 40
    assert [each.until for each in found[:first]] == [source.rounds[0][1]] * first


@pytest.mark.parametrize("epochs", [3, 9, 40])
def test_the_fewest_trials_that_hyperband_halves(epochs):
    """Counted in the brackets: with one trial less all are trained to their end."""
    least = proposals("hyperband", trials=1, epochs=epochs).least_halved
    assert len(proposals("hyperband", trials=least - 1, epochs=epochs).rounds) == 1
    assert len(proposals("hyperband", trials=least, epochs=epochs).rounds) == 2
    unhalved = asked(proposals("hyperband", trials=least - 1, epochs=epochs), least - 1)
    assert {each.until for each in unhalved} == {epochs}


def test_hyperband_waits_for_those_it_compares():
    source = proposals("hyperband", trials=None)
    begun = 0
    while (proposal := source.ask()) is not True:
        assert proposal.parent is None
        begun += 1
    assert begun > 9
    for number in range(begun):
        source.tell(number, float(number))
    assert source.ask().parent == 0


def test_bayesian_learns_from_what_it_hears():
    found = asked(proposals("bayesian", trials=16), 16)
    drawn, later = found[:5], found[5:]
    assert min(toys.truth(each.values) for each in later) < 0.02
    deaf = asked(proposals("bayesian", trials=16), 8, score=lambda values: -toys.truth(values))
    assert deaf[:5] == drawn and deaf[5:] != later[:3]


@pytest.mark.parametrize("tuner", ["bayesian", "hyperband"])
@pytest.mark.parametrize("nothing", [None, math.nan, math.inf])
def test_trials_that_came_to_nothing_are_borne(tuner, nothing):
    most = 8 if tuner == "bayesian" else 12
    found = asked(proposals(tuner), most, score=lambda values: nothing if values["kind"] == "b" else toys.truth(values))
    assert len(found) == most
    assert all(found[each.parent].values["kind"] == "a" for each in found if each.parent is not None)


def test_what_cannot_be():
    with pytest.raises(ValueError, match="Unknown tuner: 'randm'. Did you mean 'random'"):
        proposals("randm")
    with pytest.raises(ValueError, match="Hyperband halves trainings of 3 epochs and more.*Received: 2"):
        proposals("hyperband", epochs=2)
