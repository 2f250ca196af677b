"""Progress of a search in the terminal."""

import sys
from collections.abc import Mapping, Sequence
from typing import Any

from zoo.tuning.trials import Trial, best_of, show_values


class Progress:
    """A line for every trial that ends, and at a terminal one that changes while trials run.

    Args:
        objective, rising: what is scored, and whether more of it is better.
        trials: how many there will be, if it is known.
        verbose: 0 is silent.
    """

    def __init__(self, *, objective: str, rising: bool, trials: int | None, verbose: int):
        self.objective, self.rising, self.trials, self.verbose = objective, rising, trials, verbose
        self._live = bool(verbose) and sys.stdout.isatty()
        self._running: dict[int, str] = {}

    def print_line(self, text: str) -> None:
        """A line of its own, also where nothing else is printed: something went wrong."""
        self._wipe()
        print(text.rstrip(), file=sys.stderr, flush=True)

    def epoch(self, trial: Trial, metrics: Mapping[str, Any]) -> None:
        """An epoch of a trial has ended."""
        shown = f" {metrics[self.objective]:.4f}" if self.objective in metrics else ""
        self._running[trial.number] = f"trial {trial.number} epoch {metrics['epoch']}{shown}"
        if self._live:
            self._wipe()
            print("   ".join(self._running.values())[:100], end="\r", flush=True)

    def trial_finished(self, trial: Trial, trials: Sequence[Trial]) -> None:
        """A trial has ended."""
        self._running.pop(trial.number, None)
        if not self.verbose:
            return
        self._wipe()
        count, num_finished = len(trial.history), sum(each.status != "running" for each in trials)
        parts = [
            self._outcome(trial)[:120],
            self._rank(trial, best_of(trials, rising=self.rising)),
            f"{count} epoch{'s' * (count > 1)}" if count else "",
            f"{trial.seconds:.0f} s" if trial.seconds is not None else "",
        ]
        of = f" ({num_finished} of {self.trials})" if self.trials else ""
        print(f"trial {trial.number}{of}: {', '.join(filter(None, parts))}: {show_values(trial.values)}", flush=True)

    def _outcome(self, trial: Trial) -> str:
        if trial.score is not None:
            return f"{self.objective} {trial.score:.4f}"
        return f"{trial.status}: {trial.error}" if trial.error else trial.status

    def _rank(self, trial: Trial, best: Trial | None) -> str:
        if best is None:
            return ""
        if best.number == trial.number:
            return "the best so far"
        return f"best so far {best.score:.4f} (trial {best.number})"

    def close(self) -> None:
        """Leaves no half line behind."""
        self._wipe()

    def _wipe(self) -> None:
        if self._live:
            print(" " * 100, end="\r")
