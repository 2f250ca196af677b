"""The state of a search, a pure function of its journal: `functools.reduce(apply, events, SearchState())`.

Events, in the order in which they happened:

    asked     trial, reported, proposal, values    a trial was proposed, when the results of `reported` trials were
    known idle      reported                         the proposals waited for a result
    finished  trial, result                    a trial finished
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from zoo.tuning.trials import Trial


@dataclass(frozen=True)
class SearchState:
    """The trials of a search so far.

    Args:
        trials: in the order in which they were proposed.
        proposals: of each trial, as its event has it.
        num_reported: trials whose results the proposals know.
        seconds: that the search has taken, over all its processes.
        data: fingerprint of the data of the first trial that finished.
    """

    trials: tuple[Trial, ...] = ()
    proposals: tuple[dict[str, Any], ...] = ()
    num_reported: int = 0
    seconds: float = 0.0
    data: str | None = None

    @property
    def running(self) -> list[int]:
        """The numbers of trials that have not finished."""
        return [trial.number for trial in self.trials if trial.status == "running"]


def apply(state: SearchState, event: Mapping[str, Any]) -> SearchState:
    """Return the state after an event.

    Raises:
        KeyError, TypeError, IndexError: an event that lacks a part.
    """
    state = replace(state, seconds=max(state.seconds, event["seconds"]))
    if event["event"] == "finished":
        return _finish(state, event["trial"], event["result"])
    state = replace(state, num_reported=event["reported"])
    if event["event"] == "idle":
        return state
    trial = Trial(event["trial"], dict(event["values"]))
    return replace(state, trials=(*state.trials, trial), proposals=(*state.proposals, event["proposal"]))


def _finish(state: SearchState, number: int, result: Mapping[str, Any]) -> SearchState:
    status, score = result["status"], result.get("score")
    if status == "completed" and (score is None or not math.isfinite(score)):  # the journal has null for NaN
        status, score = "nan", None
    trial = replace(
        state.trials[number],
        status=status,
        score=score,
        seconds=result.get("seconds"),
        history=result.get("history", []),
        error=result.get("error"),
        parameters=result.get("parameters"),
    )
    trials = (*state.trials[:number], trial, *state.trials[number + 1 :])
    return replace(state, trials=trials, data=state.data or result.get("data"))
