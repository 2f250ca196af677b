from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from tensorboard.plugins.hparams import metadata, plugin_data_pb2
from tensorboard.util.tensor_util import make_ndarray

from zoo.tuning.hparams import write_hparams
from zoo.tuning.trials import Trial

TRIALS = [
    Trial(
        0,
        {"units": 8, "cell": "gru"},
        "completed",
        0.25,
        history=[{"epoch": 1, "loss": 2.0, "nats": None}, {"epoch": 2, "loss": 1.0}],
    ),
    Trial(1, {"units": 16, "cell": None}, "failed"),
    Trial(2, {"units": 32}),
]


def read(folder):
    log = EventAccumulator(str(folder))
    log.Reload()
    return log


def test_values_epochs_and_scores_are_where_tensorboard_looks(tmp_path):
    for _ in range(2):  # what was there is replaced, not added to
        assert write_hparams(tmp_path / "logs", TRIALS, objective="val_loss")
    assert sorted(each.name for each in (tmp_path / "logs").iterdir()) == ["trial_0", "trial_1"]
    log = read(tmp_path / "logs" / "trial_0")
    content = log.SummaryMetadata(metadata.SESSION_START_INFO_TAG).plugin_data.content
    told = plugin_data_pb2.HParamsPluginData.FromString(content).session_start_info.hparams
    assert told["units"].number_value == 8 and told["cell"].string_value == "gru"
    assert {"loss", "score/val_loss"} <= set(log.Tags()["tensors"])
    steps = [event.step for event in log.Tensors("loss")]
    assert steps == [1, 2]
    assert make_ndarray(log.Tensors("score/val_loss")[0].tensor_proto) == 0.25


def test_without_tensorflow_nothing_is_written(tmp_path, monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None if name == "tensorflow" else object())
    assert not write_hparams(tmp_path / "logs", TRIALS, objective="val_loss")
    assert not (tmp_path / "logs").exists()
