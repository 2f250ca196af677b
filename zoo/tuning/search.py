"""A search on worker processes: proposals are asked for and get results, events go to the journal, trials to the
workers.
"""

import time
from functools import reduce
from pathlib import Path
from typing import Any

from zoo.experiments.trial import ConfigurationError
from zoo.tuning.job import SearchJob
from zoo.tuning.journal import Journal
from zoo.tuning.proposals import Proposal
from zoo.tuning.state import SearchState, apply
from zoo.tuning.trials import FAILURES, Trial
from zoo.tuning.worker_pool import WorkerPool

# How often a trial is started again after its process died.
ATTEMPTS = 3


class Search:
    """Trials on worker processes of this machine.

    A proposal may depend on results. It then knows those of all trials but the last `workers - 1`, in the order of the
    trials and not in that in which they happened to finish: the same seed and number of workers give the same trials,
    killed or not. Proposals that depend on no result (random, grid) are the same for any number of workers.

    Args:
        job: its trials and limits.
    Raises:
        ValueError: a damaged journal, or one whose proposals cannot be reproduced.
    """

    def __init__(self, job: SearchJob):
        self.job, self.folder, self.proposals = job, job.folder, job.proposals
        self.progress = job.make_progress()
        self.journal = Journal(job.folder / "journal.jsonl")
        self._num_reported = 0  # trials whose results the proposals know
        self._deaths: dict[int, int] = {}
        self._is_exhausted = self._waits_for_result = False
        try:
            self.state = reduce(apply, self.journal.events, SearchState())
            self._replay()
        except (KeyError, TypeError, IndexError) as error:
            raise ValueError(
                f"{self.journal.path} is damaged: an event lacks a part ({error}). Restore the file, or start the "
                "search over with --force."
            ) from error
        self._waiting = self.state.running  # started and not finished by a search that was killed
        self._seconds_before, self._start_time = self.state.seconds, time.monotonic()

    def run(self) -> list[Trial]:
        """Run trials until none is left, and return all of them.

        Raises:
            ConfigurationError: an error that no other trial would avoid.
            TooManyFailedError: more failures than are allowed.
        """
        self.job.write(self.state.trials)
        self.job.check_failures(self.state.trials)
        if not self._has_more() and not self._waiting:
            return list(self.state.trials)
        pool = WorkerPool(workers=self.job.workers, folder=self.folder / "workers")
        try:
            while True:
                while (worker := pool.idle) is not None and (number := self._next_trial()) is not None:
                    pool.submit(worker, number, self._message(number))
                if not pool.busy:  # no trial runs, and none is left
                    return list(self.state.trials)
                for number, kind, content in pool.poll(1.0):
                    self._handle(number, kind, content)
        finally:
            pool.close()
            self.progress.close()

    def _handle(self, number: int, kind: str, content: Any) -> None:
        """Handle a message of the worker that runs a trial."""
        if kind == "epoch":
            self.progress.epoch(self.state.trials[number], content)
        elif kind == "result":
            self._finish(number, content)
        else:
            self._deaths[number] = self._deaths.get(number, 0) + 1
            if self._deaths[number] < ATTEMPTS:
                self.progress.print_line(
                    f"The process of trial {number} died ({content}); another continues the trial."
                )
                self._waiting.insert(0, number)
            else:
                error = f"its process died {ATTEMPTS} times, the last time {content}; see {self.folder / 'workers'}"
                self._finish(number, {"status": "crashed", "error": error})

    def _next_trial(self) -> int | None:
        """The number of the trial to run now; None: there is none, or a result must come first."""
        if self._waiting:
            return self._waiting.pop(0)
        if not self._has_more():
            return None
        while True:
            is_behind = len(self.state.trials) - self._num_reported >= self.job.workers
            if self.proposals.adaptive and (is_behind or self._waits_for_result) and not self._tell_next():
                return None
            proposal = self.proposals.ask()
            if proposal is True:
                self._record("idle", reported=self._num_reported)
                self._waits_for_result = True
            elif isinstance(proposal, Proposal):
                number, content = len(self.state.trials), _content(proposal)
                values = self.job.arguments(proposal.values)
                self._record("asked", trial=number, reported=self._num_reported, proposal=content, values=values)
                return number
            else:
                self._is_exhausted = True
                return None

    def _has_more(self) -> bool:
        """Return whether another trial may be started."""
        if self._is_exhausted or (self.job.trials is not None and len(self.state.trials) >= self.job.trials):
            return False
        return self.job.hours is None or self._seconds() < self.job.hours * 3600

    def _seconds(self) -> float:
        return self._seconds_before + time.monotonic() - self._start_time

    def _record(self, event: str, **content: Any) -> None:
        """Append an event to the journal and to the state."""
        self.journal.append(event, seconds=round(self._seconds(), 1), **content)
        self.state = apply(self.state, self.journal.events[-1])

    def _tell_next(self) -> bool:
        """Tell the proposals the result of the next trial in order, if it has finished."""
        if self._num_reported == len(self.state.trials) or self.state.trials[self._num_reported].status == "running":
            return False
        self.proposals.tell(self._num_reported, self.state.trials[self._num_reported].score)
        self._num_reported, self._waits_for_result = self._num_reported + 1, False
        return True

    def _message(self, number: int) -> dict[str, Any]:
        """What a worker needs to run a trial."""
        proposal = self.state.proposals[number]
        options = {
            **self.job.options,
            "folder": str(self._folder(number)),
            "until": proposal["until"],
            "first": number == 0,
            "data": self.state.data,
        }
        if proposal["parent"] is not None:
            options["parent"] = str(self._folder(proposal["parent"]))
        return {"function": self.job.function, "values": self.state.trials[number].values, "options": options}

    def _folder(self, number: int) -> Path:
        return self.folder / "trials" / str(number)

    def _finish(self, number: int, result: dict[str, Any]) -> None:
        if result["status"] == "misconfigured":
            # Not in the journal: the trial runs again when the error is fixed and the search resumed.
            if "traceback" not in result:
                raise ConfigurationError(result["error"])
            self.progress.print_line(result["traceback"])
            raise ConfigurationError(f"Trial {number} met an error that no other trial would avoid: {result['error']}")
        self._record("finished", trial=number, result=result)
        trial = self.state.trials[number]
        if trial.status in FAILURES and self._num_failed == 1 and "traceback" in result:
            self.progress.print_line(result["traceback"])
        self.progress.trial_finished(trial, self.state.trials)
        self.job.write(self.state.trials)
        if self.state.proposals[number]["until"] is None:  # no other trial continues this one
            (self._folder(number) / "checkpoint.npz").unlink(missing_ok=True)
        self.job.check_failures(self.state.trials)

    @property
    def _num_failed(self) -> int:
        return sum(trial.status in FAILURES for trial in self.state.trials)

    def _replay(self) -> None:
        """Ask and tell the proposals as the journal did, and check that they propose the same."""
        number = 0
        for event in self.journal.events:
            if event["event"] == "finished":
                continue
            while self._num_reported < event["reported"]:
                self._tell_next()
            proposal = self.proposals.ask()
            content = _content(proposal) if isinstance(proposal, Proposal) else None
            if content != event.get("proposal"):
                raise ValueError(
                    f"The proposals of the search in {self.folder} cannot be reproduced: trial {number} was "
                    f"{event.get('proposal')}, and is now {content}. Resume with the version of keras-tuner that it "
                    "was started with, or start over with --force."
                )
            number += event["event"] == "asked"


def _content(proposal: Proposal) -> dict[str, Any]:
    """A proposal as the journal has it."""
    return {"values": proposal.values, "until": proposal.until, "parent": proposal.parent}
