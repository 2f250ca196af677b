"""Trials on a Ray cluster: Ray Tune assigns each its processor or GPU, retries it, and with ASHA stops the worse.

docs/search_on_a_cluster.md describes how to start one.
"""

import logging
import math
import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

from zoo.experiments.trial import ConfigurationError
from zoo.storage.extras import import_extra
from zoo.tuning.job import SearchJob
from zoo.tuning.search import ATTEMPTS
from zoo.tuning.trials import FAILURES, Trial
from zoo.tuning.worker import attempt
from zoo.tuning.worker_pool import import_path

TUNERS = {
    "random": "values drawn from the space",
    "grid": "every combination",
    "asha": "random, and of trials at the same epoch the worse are ended",
}
# What a trial leaves in its folder for another process to go on from.
CHECKPOINT_FILES = ("checkpoint.npz", "history.csv", "data.json")

# This package reports the search, not Ray; and a trial's files lie where this package puts them.
QUIET = {
    "RAY_AIR_NEW_OUTPUT": "0",
    "RAY_CHDIR_TO_TRIAL_DIR": "0",
    "TUNE_DISABLE_SIGINT_HANDLER": "1",  # it would end the search as if all its trials had ended
    "TUNE_WARN_EXCESSIVE_EXPERIMENT_CHECKPOINT_SYNC_THRESHOLD_S": "0",
}


def search_on_ray(job: SearchJob, *, epochs: int, asha: bool = False) -> list[Trial]:
    """Run trials on the cluster that RAY_ADDRESS names, or on this machine as one, and return all of them.

    The values are those that worker processes would try: they are drawn before the first trial begins.

    Args:
        job: the trials, with proposals that do not depend on results; all machines of the cluster must see its folder.
        epochs: the longest training.
        asha: end trials early that are worse than others were at the same epoch; the objective must then be logged.
    Raises:
        ConfigurationError: an error that no other trial would avoid.
        TooManyFailedError: more failures than are allowed.
        ModuleNotFoundError: Ray is not installed.
    """
    folder, objective, rising = job.folder, job.objective, job.rising
    ray, tune = import_extra("ray", "ray"), import_extra("ray.tune", "ray")

    for name, value in QUIET.items():
        os.environ.setdefault(name, value)
    logging.getLogger("ray.tune").setLevel(logging.ERROR)
    is_own_cluster = not ray.is_initialized()
    if is_own_cluster:
        variables = {name: os.environ[name] for name in ("KERAS_BACKEND", "TF_CPP_MIN_LOG_LEVEL") if name in os.environ}
        environment = {"env_vars": {"PYTHONPATH": import_path(), **variables}}
        # Who reaches Ray's ports can run code: a cluster that was not started on purpose listens to this machine alone.
        local: dict[str, Any] = {"address": "local", "_node_ip_address": "127.0.0.1", "include_dashboard": False}
        cluster = {} if os.environ.get("RAY_ADDRESS") else local
        ray.init(log_to_driver=False, logging_level=logging.ERROR, runtime_env=environment, **cluster)
    try:
        resources = ray.cluster_resources()
        processors, gpus = int(resources.get("CPU", 1)), int(resources.get("GPU", 0))
        share: dict[str, float] = {"cpu": max(1, processors // job.workers), "gpu": min(1, gpus)}
        watch = _watch(job.make_progress(), objective)
        trainable = tune.with_resources(
            tune.with_parameters(
                _run,
                function=job.function,
                options=job.options,
                objective=objective,
                worst=-math.inf if rising else math.inf,
            ),
            share,
        )
        where = str((folder / "ray").resolve())
        if tune.Tuner.can_restore(where):
            _check_owner(folder / "ray")
            tuner = tune.Tuner.restore(where, trainable, resume_errored=True)
        else:
            config = tune.TuneConfig(
                max_concurrent_trials=job.workers,
                time_budget_s=None if job.hours is None else job.hours * 3600,
                scheduler=_asha(objective, rising, epochs) if asha else None,
            )
            run = tune.RunConfig(
                name="ray",
                storage_path=str(folder.resolve()),
                failure_config=tune.FailureConfig(max_failures=ATTEMPTS - 1),
                checkpoint_config=tune.CheckpointConfig(num_to_keep=1),
                callbacks=[watch],
                verbose=0,
            )
            space = {"trial": tune.grid_search(_all(job))}
            tuner = tune.Tuner(trainable, param_space=space, tune_config=config, run_config=run)
        results_of = tuner.fit()
        results = [_trial(results_of[index], objective, rising, epochs) for index in range(len(results_of))]
    finally:
        if is_own_cluster:
            ray.shutdown()
    results.sort(key=lambda trial: trial.number)
    job.write(results)
    wrong = next((trial for trial in results if trial.status == "misconfigured"), None)
    if wrong is not None:
        raise ConfigurationError(
            f"Trial {wrong.number} met an error that no other trial would avoid: {wrong.error} Fix it, and start "
            "over with --force."
        )
    job.check_failures(results)
    return results


def _check_owner(folder):
    """Ray unpickles what it left there, and pickles run code.

    Raises:
        ValueError: the folder, or something in it, belongs to another user.
    """
    if not hasattr(os, "getuid"):
        return
    for path in [folder, *folder.rglob("*")]:
        if path.lstat().st_uid not in (os.getuid(), 0):
            raise ValueError(
                f"{path} belongs to another user, and Ray would run code from it: resume only searches of your own, or "
                "start over with --force."
            )


def _all(job: SearchJob) -> list[dict[str, Any]]:
    trials: list[dict[str, Any]] = []
    while job.trials is None or len(trials) < job.trials:
        proposal = job.proposals.ask()
        if isinstance(proposal, bool):
            break
        trials.append({"number": len(trials), "values": job.arguments(proposal.values)})
    return trials


def _asha(objective, rising, epochs):
    from ray.tune.schedulers import ASHAScheduler

    # One epoch more than there are: at the longest it would end a trial that has its result still to tell.
    return ASHAScheduler(
        time_attr="epoch",
        metric=objective,
        mode="max" if rising else "min",
        max_t=epochs + 1,
        grace_period=1,
        reduction_factor=3,
    )


def _run(config: dict[str, Any], *, function: str, options: dict[str, Any], objective: str, worst: float) -> None:
    """What Ray runs: the function that worker processes run, between Ray's checkpoints."""
    from ray import tune

    number, values = config["trial"]["number"], config["trial"]["values"]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        before = tune.get_checkpoint()
        if before is not None:
            with before.as_directory() as directory:
                for file in CHECKPOINT_FILES:
                    shutil.copyfile(Path(directory) / file, folder / file)

        def report(metrics):
            with tempfile.TemporaryDirectory() as copied:
                for file in CHECKPOINT_FILES:
                    shutil.copyfile(folder / file, Path(copied) / file)
                tune.report({"status": "running", **metrics}, checkpoint=tune.Checkpoint.from_directory(copied))

        result = attempt(function, values, {**options, "folder": name, "first": number == 0}, report)
        history = result.get("history") or [{}]
        # A scheduler needs a result of every trial: one without a result is the worst.
        last = {objective: history[-1].get(objective, worst), "epoch": history[-1].get("epoch", 0)}
        tune.report({**last, **result})


def _trial(result, objective, rising, epochs) -> Trial:
    """A trial as this package knows it, from what Ray knows of one."""
    metrics, own = result.metrics or {}, result.config["trial"]
    trial = Trial(own["number"], own["values"], status=metrics.get("status", "running"))
    trial.parameters, trial.error = metrics.get("parameters"), metrics.get("error")
    trial.seconds = metrics.get("seconds") or metrics.get("time_total_s")
    trial.score, trial.history = metrics.get("score"), metrics.get("history") or []
    if trial.status != "running":
        return trial
    if result.error is not None:
        trial.status, trial.error = "crashed", f"{result.error}".strip().splitlines()[-1]
        return trial
    frame = result.metrics_dataframe
    rows = [] if frame is None else frame.to_dict("records")
    shown = {"epoch", *(name for name in metrics if name.startswith("val_"))}
    trial.history = [{name: row[name] for name in shown if name in row} for row in rows]
    scores = [row[objective] for row in rows if objective in row]
    if scores:
        trial.status, trial.score = "stopped", (max if rising else min)(scores)
    return trial


def _watch(progress, objective):
    from ray import tune

    class Watch(tune.Callback):
        """Reports the progress of trials."""

        def __init__(self):
            self.trials: dict[str, Trial] = {}

        def _known(self, trial) -> Trial:
            own = trial.config["trial"]
            return self.trials.setdefault(trial.trial_id, Trial(own["number"], own["values"]))

        def on_trial_result(self, iteration, trials, trial, result, **info):
            progress.epoch(self._known(trial), {"epoch": 0, **result})

        def on_trial_error(self, iteration, trials, trial, **info):
            progress.print_line(f"The process of trial {self._known(trial).number} died.")

        def on_trial_complete(self, iteration, trials, trial, **info):
            known, results_of = self._known(trial), trial.last_result
            known.status = "stopped" if results_of.get("status") == "running" else results_of.get("status", "stopped")
            known.score = results_of.get("score", results_of.get(objective))
            known.seconds, known.error = results_of.get("time_total_s"), results_of.get("error")
            failed = sum(each.status in FAILURES for each in self.trials.values())
            if "traceback" in results_of and (failed == 1 or known.status == "misconfigured"):
                progress.print_line(results_of["traceback"])
            progress.trial_finished(known, list(self.trials.values()))

    return Watch()
