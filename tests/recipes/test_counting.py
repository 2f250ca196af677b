import numpy as np
import pytest

import zoo
from tests.runs import splits_of
from zoo.experiments.run import train
from zoo.experiments.settings import Settings
from zoo.recipes import counting


def test_a_short_run_is_measured_and_answers(tmp_path, command):
    settings = Settings(quick=True, epochs=1, verbose=0)
    arguments = {"examples": 60, "length": 3, "largest_step": 1, "noise": 0.0, "batch_size": 32, "units": 8}
    run = train("counting", out=tmp_path / "run", settings=settings, **arguments)
    test = run.metrics["test"]
    assert set(test) == {"free_running_error", "sampled_error", "nats", "perplexity", "accuracy"}
    assert np.isfinite(list(test.values())).all()
    assert run.metrics["baseline"] == {"sampled_error": 0.0}
    assert "val_free_running_error" in (run.folder / "history.csv").read_text().splitlines()[0]
    (best,) = run.generate(["start 17 step 1"])[0]
    assert best.tokens == best.text.split()
    assert command("generate", run.folder, "start 17 step 1")[0] == best.text + "\n"


@pytest.mark.slow
def test_a_quick_run_counts(tmp_path, command):
    run = train("counting", out=tmp_path / "run", settings=Settings(quick=True, verbose=0))
    test = run.metrics["test"]
    assert set(test) == {"free_running_error", "sampled_error", "nats", "perplexity", "accuracy"}
    assert test["free_running_error"] < 0.6  # of counters that training has not; the start at every place: 0.95
    assert test["free_running_error"] <= test["sampled_error"]
    assert 0.05 < run.metrics["baseline"]["sampled_error"] < 0.15  # the noise
    assert "val_free_running_error" in (run.folder / "history.csv").read_text().splitlines()[0]
    (best,) = zoo.generate(zoo.load(run.folder), ["start 17 step 1"])[0]
    assert best.tokens == best.text.split() and len(best.tokens) > 15  # 20 in training
    assert command("generate", run.folder, "start 17 step 1")[0] == best.text + "\n"


def test_wrong_numbers_by_hand():
    assert counting.wrong_numbers(["1 2 3", "5 7"], ["1 2 3", "5 6"]) == 1 / 5
    assert counting.wrong_numbers(["1 3 2", "5", "1 2 9 9"], ["1 2 3", "5 6", "1 2"]) == 3 / 7
    assert counting.wrong_numbers([""], ["1 2"]) == 1
    # A number that is left out moves all that follow.
    assert counting.wrong_numbers(["1 3 4"], ["1 2 3 4"]) == 3 / 4


def test_the_data_are_as_wrong_as_they_are_noisy():
    splits = splits_of("counting", examples=2000, noise=0.3)
    # A hundredth of what is drawn anew is right by chance.
    assert counting.baseline(splits)["sampled_error"] == pytest.approx(0.3 * 0.99, abs=0.02)


def test_the_right_numbers_are_50_at_most():
    assert counting.undisturbed([{"source": "start 97 step 2", "target": "0 0 0"}]) == ["97 99 1"]
    (long,) = counting.undisturbed([{"source": "start 0 step 1", "target": "0 " * 70}])
    assert long == " ".join(map(str, range(50)))


def test_what_the_model_says_is_not_compared_with_the_noise(monkeypatch):
    splits = splits_of("counting", examples=300, noise=0.5)
    right, asked = counting.undisturbed(splits.raw["test"]), []

    def write(model, splits, examples, **decoding):
        asked.append(decoding)
        return right if decoding["decoder"] == "greedy" else [""] * len(right)

    monkeypatch.setattr(counting.generation_metrics, "decode_texts", write)
    monkeypatch.setattr(counting.generation_metrics, "likelihood", lambda *_: {})
    assert counting.evaluate(None, splits) == {"free_running_error": 0, "sampled_error": 1}
    assert asked[1] == {"decoder": "sampling", "seed": 0, "maximum_length": 50}


def test_there_are_no_other_data():
    with pytest.raises(ValueError, match="--data synthetic, or tfds:zoo_counting. Received: 'mine.txt'"):
        splits_of("counting", data="mine.txt")
