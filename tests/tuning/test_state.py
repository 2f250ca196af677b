import math
from functools import reduce

import pytest

from zoo.tuning.state import SearchState, apply

PROPOSAL = {"values": {"x": 1.0}, "until": None, "parent": None}
EVENTS = [
    {"event": "asked", "seconds": 1.0, "trial": 0, "reported": 0, "proposal": PROPOSAL, "values": {"units": 4}},
    {"event": "idle", "seconds": 2.0, "reported": 0},
    {
        "event": "finished",
        "seconds": 5.0,
        "trial": 0,
        "result": {"status": "completed", "score": 0.5, "history": [{"epoch": 1}], "data": "abc"},
    },
    {"event": "asked", "seconds": 6.0, "trial": 1, "reported": 1, "proposal": PROPOSAL, "values": {"units": 8}},
]


def test_the_state_is_a_fold_over_the_events():
    state = reduce(apply, EVENTS, SearchState())
    assert [(trial.number, trial.status, trial.score, trial.values) for trial in state.trials] == [
        (0, "completed", 0.5, {"units": 4}),
        (1, "running", None, {"units": 8}),
    ]
    assert (state.running, state.num_reported, state.seconds, state.data) == ([1], 1, 6.0, "abc")
    assert state.proposals == (PROPOSAL, PROPOSAL)


def test_applying_an_event_changes_no_state_before_it():
    first = reduce(apply, EVENTS[:1], SearchState())
    reduce(apply, EVENTS[1:], first)
    assert first.running == [0] and first.trials[0].score is None


@pytest.mark.parametrize("score", [None, math.inf, math.nan])
def test_a_score_that_is_not_finite_is_a_failure_of_the_training(score):
    event = {"event": "finished", "seconds": 2.0, "trial": 0, "result": {"status": "completed", "score": score}}
    (trial,) = reduce(apply, [EVENTS[0], event], SearchState()).trials
    assert (trial.status, trial.score) == ("nan", None)


@pytest.mark.parametrize("event", [{"event": "asked"}, {"event": "finished", "seconds": 1.0, "trial": 3, "result": {}}])
def test_an_event_that_lacks_a_part_is_an_error(event):
    with pytest.raises((KeyError, IndexError)):
        apply(SearchState(), event)
