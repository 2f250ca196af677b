"""The search itself: proposals go to workers, results to the journal; killed at any moment, it goes on where it was."""

import math
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from zoo.experiments.trial import ConfigurationError
from zoo.tuning.journal import Journal
from zoo.tuning.progress import Progress
from zoo.tuning.proposals import Proposal, Proposals
from zoo.tuning.trials import FAILURES, TooManyFailedError, Trial, write_trials
from zoo.tuning.worker_pool import WorkerPool

# How often a trial is begun again after its process died.
ATTEMPTS = 3


class Search:
    """Trials on worker processes of this machine.

    A proposal may depend on results. It then knows of all trials but the last `workers - 1`, in their order and not in
    that in which they happened to end: the same seed and number of workers give the same trials, killed or not.
    Proposals that depend on nothing (random, grid) are the same for any number of workers.

    Args:
        folder: of the search.
        proposals: what proposes.
        arguments: makes a trial's arguments of proposed values.
        function, options: "module:name" of what a trial runs, and what all trials give it.
        workers: processes.
        objective, rising: what is scored, and whether more of it is better.
        trials, hours: how many trials, and how long to begin new ones, at most.
        max_failed: failures that are borne.
        verbose: 0 is silent.
    """

    def __init__(
        self,
        *,
        folder: Path,
        proposals: Proposals,
        arguments: Callable[[dict[str, Any]], dict[str, Any]],
        function: str,
        options: dict[str, Any],
        workers: int,
        objective: str,
        rising: bool,
        trials: int | None,
        hours: float | None,
        max_failed: int,
        verbose: int = 1,
    ):
        self.folder, self.proposals, self.arguments = folder, proposals, arguments
        self.function, self.options, self.workers = function, options, workers
        self.objective, self.rising = objective, rising
        self.most, self.hours, self.max_failed = trials, hours, max_failed
        self.progress = Progress(objective=objective, rising=rising, trials=trials, verbose=verbose)
        self.journal = Journal(folder / "journal.jsonl")
        self.trials: list[Trial] = []
        self._messages: list[dict[str, Any]] = []
        self._heard = 0  # trials that the proposals know the end of
        self._waiting: list[int] = []  # begun and not ended by a search that was killed
        self._deaths: dict[int, int] = {}
        self._exhausted = self._must_hear = False
        self._before = 0.0
        try:
            self._replay()
        except (KeyError, TypeError, IndexError) as error:
            raise ValueError(
                f"{self.journal.path} is damaged: an event lacks what belongs to it ({error}). Restore the file, or "
                "begin the search anew with --force."
            ) from error
        self._begun = time.monotonic()

    def run(self) -> list[Trial]:
        """Tries until there is nothing left to try, and gives back all trials.

        Raises:
            ConfigurationError: a mistake that no other trial would be without.
            TooManyFailedError: more failures than are borne.
        """
        self._write()
        self._must_bear()
        if not self._more() and not self._waiting:
            return self.trials
        pool = WorkerPool(workers=self.workers, folder=self.folder / "workers")
        try:
            while True:
                while (worker := pool.idle) is not None and (number := self._next()) is not None:
                    message = self._messages[number]
                    message["options"]["data"] = self.data
                    pool.give(worker, number, message)
                if not pool.busy:  # nothing runs, and nothing is left to begin
                    return self.trials
                for number, kind, content in pool.hear(1.0):
                    self._told(number, kind, content)
        finally:
            pool.close()
            self.progress.close()

    def _told(self, number: int, kind: str, content: Any) -> None:
        if kind == "epoch":
            self.progress.epoch(self.trials[number], content)
        elif kind == "result":
            self._end(number, content)
        else:
            self._deaths[number] = self._deaths.get(number, 0) + 1
            if self._deaths[number] < ATTEMPTS:
                self.progress.say(f"The process of trial {number} died ({content}); the trial goes on in another.")
                self._waiting.insert(0, number)
            else:
                told = f"its process died {ATTEMPTS} times, at last {content}; see {self.folder / 'workers'}"
                self._end(number, {"status": "crashed", "error": told})

    def _next(self) -> int | None:
        """The number of the trial to run now, or None: there is none, or another must end first."""
        if self._waiting:
            return self._waiting.pop(0)
        if not self._more():
            return None
        while True:
            late = len(self.trials) - self._heard >= self.workers
            if self.proposals.listens and (late or self._must_hear) and not self._hear_next():
                return None
            proposal = self.proposals.propose()
            if proposal is True:
                self._note("idle", heard=self._heard)
                self._must_hear = True
            elif proposal is False:
                self._exhausted = True
                return None
            else:
                return self._begin(proposal)

    def _more(self) -> bool:
        if self._exhausted or (self.most is not None and len(self.trials) >= self.most):
            return False
        return self.hours is None or self._seconds() < self.hours * 3600

    def _seconds(self) -> float:
        return self._before + time.monotonic() - self._begun

    def _note(self, event: str, **content: Any) -> None:
        self.journal.append(event, seconds=round(self._seconds(), 1), **content)

    def _hear_next(self) -> bool:
        """Tells the proposals of the next trial in order, if it has ended."""
        if self._heard == len(self.trials) or self.trials[self._heard].status == "running":
            return False
        self.proposals.hear(self._heard, self.trials[self._heard].score)
        self._heard, self._must_hear = self._heard + 1, False
        return True

    def _begin(self, proposal) -> int:
        number = len(self.trials)
        content = _content(proposal)
        self._note("begun", trial=number, heard=self._heard, proposal=content)
        self._take(number, content)
        return number

    def _take(self, number: int, content: dict[str, Any]) -> None:
        values = self.arguments(content["values"])
        self.trials.append(Trial(number, values))
        own = {"folder": str(self._folder(number)), "until": content["until"], "first": number == 0}
        if content["parent"] is not None:
            own["parent"] = str(self._folder(content["parent"]))
        self._messages.append({"function": self.function, "values": values, "options": {**self.options, **own}})

    def _folder(self, number: int) -> Path:
        return self.folder / "trials" / str(number)

    def _end(self, number: int, result: dict[str, Any]) -> None:
        if result["status"] == "misconfigured":
            # Not in the journal: mended and resumed, the trial is run again.
            if "traceback" not in result:
                raise ConfigurationError(result["error"])
            self.progress.say(result["traceback"])
            raise ConfigurationError(f"Trial {number} met an error that no other trial would avoid: {result['error']}")
        self._note("ended", trial=number, result=result)
        self._put(number, result)
        trial = self.trials[number]
        failed = [each for each in self.trials if each.status in FAILURES]
        if trial.status in FAILURES and len(failed) == 1 and "traceback" in result:
            self.progress.say(result["traceback"])
        self.progress.ended(trial, self.trials)
        self._write()
        if not self._promoted(number):
            (self._folder(number) / "checkpoint.npz").unlink(missing_ok=True)
        self._must_bear()

    def _promoted(self, number: int) -> bool:
        """Whether another trial may go on from this one."""
        return self._messages[number]["options"]["until"] is not None

    def _put(self, number: int, result: dict[str, Any]) -> None:
        trial = self.trials[number]
        trial.status, trial.score = result["status"], result.get("score")
        trial.seconds, trial.history = result.get("seconds"), result.get("history", [])
        trial.error, trial.parameters = result.get("error"), result.get("parameters")
        # The journal has null for a score that is not finite.
        if trial.status == "completed" and (trial.score is None or not math.isfinite(trial.score)):
            trial.status, trial.score = "nan", None

    @property
    def data(self) -> str | None:
        """The fingerprint of the data that the first trial saw."""
        return next((e["result"]["data"] for e in self.journal.events if "data" in e.get("result", {})), None)

    def _must_bear(self) -> None:
        failed = [trial for trial in self.trials if trial.status in FAILURES]
        if len(failed) > self.max_failed:
            raise TooManyFailedError(
                f"{len(failed)} trials failed, and {self.max_failed} are borne (--max-failed). The first, trial "
                f"{failed[0].number}: {failed[0].error}. Mend it, or resume with a larger --max-failed."
            )

    def _write(self) -> None:
        write_trials(self.folder, self.trials, objective=self.objective, rising=self.rising)

    def _replay(self) -> None:
        """Brings proposals and trials to where the journal ends."""
        for event in self.journal.events:
            self._before = max(self._before, event["seconds"])
            if event["event"] == "ended":
                self._put(event["trial"], event["result"])
                continue
            while self._heard < event["heard"]:
                self._hear_next()
            proposal = self.proposals.propose()
            again = None if isinstance(proposal, bool) else _content(proposal)
            if again != event.get("proposal"):
                raise ValueError(
                    f"The proposals of the search in {self.folder} cannot be made again: trial {len(self.trials)} was "
                    f"{event.get('proposal')}, and is now {again}. Resume with the version of keras-tuner that it was "
                    "begun with, or begin anew with --force."
                )
            if again is not None:
                self._take(event["trial"], again)
        self._waiting = [trial.number for trial in self.trials if trial.status == "running"]


def _content(proposal: Proposal) -> dict[str, Any]:
    """A proposal as the journal has it."""
    return {"values": proposal.values, "until": proposal.until, "parent": proposal.parent}
