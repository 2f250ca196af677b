from queue import SimpleQueue

import numpy as np
import pytest

from zoo.experiments.trial import ConfigurationError
from zoo.lookup import lookup
from zoo.training.callbacks.nan_guard import DivergedError
from zoo.tuning.worker import attempt, memory, receive, status_of


class ResourceExhaustedError(Exception):
    pass


def fails(values, *, report, kind):
    if kind == "name":
        lookup("cell", "lsmt", {"lstm": None})
    raise {"value": ValueError("x"), "type": TypeError("y")}[kind]


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (ValueError("units and heads"), "failed"),
        (RuntimeError("something"), "failed"),
        (DivergedError("NaN"), "nan"),
        (MemoryError(), "out_of_memory"),
        (ResourceExhaustedError("OOM when allocating tensor with shape[1,2]"), "out_of_memory"),
        (RuntimeError("RESOURCE_EXHAUSTED: Out of memory while trying to allocate 1 bytes"), "out_of_memory"),
        (RuntimeError("CUDA out of memory."), "out_of_memory"),
        (ConfigurationError("data"), "misconfigured"),
        (TypeError("unexpected keyword"), "misconfigured"),
        (ImportError("no module"), "misconfigured"),
    ],
)
def test_what_a_trial_that_raised_is_called(error, status):
    assert status_of(error) == status


@pytest.mark.parametrize(
    ("kind", "status"), [("value", "failed"), ("type", "misconfigured"), ("name", "misconfigured")]
)
def test_an_error_comes_with_its_traceback(kind, status):
    found = attempt("tests.tuning.test_worker:fails", {}, {"kind": kind})
    assert found["status"] == status and "in fails" in found["traceback"] and found["error"] in found["traceback"]


def test_memory_is_that_of_the_process():
    before = memory()
    held = np.ones(8_000_000)
    assert 50e6 < memory() - before < 90e6 and held.size


@pytest.mark.parametrize("line", ["[" * 5000 + "]" * 5000, "1" * 5000, "{", '{"values": NaN}'])
def test_a_line_that_is_no_trial_ends_the_process(capsys, line):
    trials = SimpleQueue()
    assert receive(['{"values": {}}\n', line], trials) == 2
    assert trials.get_nowait() == {"values": {}} and trials.empty()
    assert "standard input:1: expected a trial as JSON" in capsys.readouterr().err
    assert receive([], trials) == 0
