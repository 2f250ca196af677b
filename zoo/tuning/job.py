"""What a search runs, whichever engine runs it: worker processes or Ray."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from zoo.tuning.progress import Progress
from zoo.tuning.proposals import Proposals
from zoo.tuning.trials import FAILURES, TooManyFailedError, Trial, write_trials


@dataclass(frozen=True, kw_only=True)
class SearchJob:
    """The trials of a search and their limits.

    Args:
        folder: of the search.
        proposals: asked for values, given results.
        arguments: makes a trial's arguments of proposed values.
        function, options: "module:name" of the function that a trial runs, and its arguments that all trials share.
        workers: trials at the same time.
        objective, rising: the metric of the score, and whether more of it is better.
        trials, hours: how many trials at most, and until when new ones are started.
        max_failed: failed trials that are allowed.
        verbose: 0 is silent.
    """

    folder: Path
    proposals: Proposals
    arguments: Callable[[dict[str, Any]], dict[str, Any]]
    function: str
    options: dict[str, Any]
    workers: int
    objective: str
    rising: bool
    trials: int | None
    hours: float | None
    max_failed: int
    verbose: int = 1

    def make_progress(self) -> Progress:
        """Return what reports the trials to a person."""
        return Progress(objective=self.objective, rising=self.rising, trials=self.trials, verbose=self.verbose)

    def write(self, trials: Sequence[Trial]) -> None:
        """Write the tables of trials."""
        write_trials(self.folder, trials, objective=self.objective, rising=self.rising)

    def check_failures(self, trials: Sequence[Trial]) -> None:
        """Make sure that no more trials failed than are allowed.

        Raises:
            TooManyFailedError: more did.
        """
        failed = [trial for trial in trials if trial.status in FAILURES]
        if len(failed) > self.max_failed:
            raise TooManyFailedError(
                f"{len(failed)} trials failed, and {self.max_failed} are allowed (--max-failed). The first, trial "
                f"{failed[0].number}: {failed[0].error}. Fix it, or resume with a larger --max-failed."
            )
