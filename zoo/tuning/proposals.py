"""The values to try next, by keras-tuner's oracles in memory."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from zoo.lookup import lookup

FIRST_HALVING = 3  # of epochs and of trials between the rounds of Hyperband
TUNERS = {
    "random": "values drawn from the space",
    "bayesian": "a Gaussian process over the trials so far",
    "hyperband": "many short trainings, the best of which continue",
    "grid": "every combination; a range without a step counts as ten points",
}


@dataclass(frozen=True)
class Proposal:
    """Values to try.

    Args:
        values: by the name of the hyperparameter.
        until: the epoch to stop after (Hyperband only).
        parent: number of the trial that this one continues (Hyperband only).
    """

    values: dict[str, Any]
    until: int | None = None
    parent: int | None = None


class Proposals:
    """Proposals by the ask-tell interface: the same calls give the same proposals.

    Nothing is written to the disk. A search that is resumed repeats the calls of its journal.

    Args:
        tuner: random, bayesian, hyperband or grid.
        space: keras_tuner.HyperParameters.
        rising: whether more of the score is better.
        seed: of what is drawn.
        trials: how many will be asked for, if it is known: a quarter of them, and 5 at least, are drawn before the
            Gaussian process proposes; Hyperband begins with trainings so long that some reach the end.
        epochs: the longest training (Hyperband).
    Attributes:
        adaptive: whether proposals depend on results. If not, `tell` need not be called.
    Raises:
        ValueError: an unknown tuner, or epochs too few for Hyperband.
    """

    def __init__(self, *, tuner: str, space: Any, rising: bool, seed: int, trials: int | None, epochs: int):
        lookup("tuner", tuner, TUNERS)
        self.tuner = tuner
        self.adaptive = tuner in ("bayesian", "hyperband")
        self._count, self._oracle = 0, _oracle(tuner, space, rising, seed, trials, epochs)

    @property
    def rounds(self) -> list[tuple[int, int]]:
        """Return the rounds of Hyperband: how many trials each has, and until which epoch."""
        if self.tuner != "hyperband":
            return []
        last = self._oracle._get_num_brackets() - 1
        return [(self._oracle._get_size(last, n), self._oracle._get_epochs(last, n)) for n in range(last + 1)]

    @property
    def least_halved(self) -> int:
        """The fewest trials of which Hyperband ends some early: its smallest bracket of two rounds."""
        return sum(self._oracle._get_size(1, n) for n in range(2))

    def ask(self) -> Proposal | bool:
        """Return the next proposal; True: a result must come first; False: no proposal is left."""
        trial = self._oracle.create_trial(str(self._count))
        if trial.status == "IDLE":
            return True
        if trial.status != "RUNNING":
            return False
        values = dict(trial.hyperparameters.values)
        own = {name: values.pop(name) for name in list(values) if name.startswith("tuner/")}
        number = self._count
        self._count += 1
        if not self.adaptive:
            self.tell(number, 0.0)
        parent = own.get("tuner/trial_id")
        return Proposal(values, own.get("tuner/epochs"), None if parent is None else int(parent))

    def tell(self, number: int, score: float | None) -> None:
        """Tell the score of a trial; None if it failed."""
        trial = next(trial for name, trial in self._oracle.trials.items() if int(name) == number)
        if score is None or not math.isfinite(score):
            trial.status = "FAILED"
        else:
            self._oracle.update_trial(trial.trial_id, {"score": score})
            trial.status = "COMPLETED"
        self._oracle.end_trial(trial)


def _oracle(tuner, space, rising, seed, trials, epochs):
    import keras_tuner

    makers: dict[str, Callable] = {
        "random": keras_tuner.oracles.RandomSearchOracle,
        "bayesian": keras_tuner.oracles.BayesianOptimizationOracle,
        "hyperband": keras_tuner.oracles.HyperbandOracle,
        "grid": keras_tuner.oracles.GridSearchOracle,
    }
    arguments: dict[str, Any] = {
        "objective": keras_tuner.Objective("score", "max" if rising else "min"),
        "hyperparameters": space.copy(),
        "seed": seed + 1,  # of 0 keras-tuner makes a number that differs every time
        "max_consecutive_failed_trials": -1,  # failures are counted by the search
    }
    if tuner == "hyperband":
        if epochs < FIRST_HALVING:
            raise ValueError(
                f"Hyperband halves trainings of {FIRST_HALVING} epochs and more: give --epochs. Received: {epochs}"
            )
        # Sweep after sweep as long as trials are wanted; one sweep without a number of trials.
        arguments |= {"max_epochs": epochs, "factor": FIRST_HALVING, "hyperband_iterations": 1 if trials is None else 0}
    else:
        # A search may be made longer, and its names stay: their width is that of the number of trials.
        arguments["max_trials"] = 10**6
    if tuner == "bayesian":
        arguments["num_initial_points"] = max(5, (trials or 0) // 4)

    class InMemoryOracle(makers[tuner]):  # type: ignore[misc]
        """The oracle without files: the journal holds its state."""

        def save(self):
            pass

        def _save_trial(self, trial):
            pass

        def _get_num_brackets(self):
            """Hyperband's, without those that would take more trials than there are until one trains to its end."""
            count = super()._get_num_brackets()
            while trials and count > 1 and sum(self._get_size(count - 1, n) for n in range(count)) > trials:
                count -= 1
            return count

    oracle = InMemoryOracle(**arguments)
    oracle.verbose = 0
    return oracle
