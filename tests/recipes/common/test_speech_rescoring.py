import numpy as np
import pytest

from tests.runs import SPOKEN, splits_of
from zoo.recipes.common import speech_rescoring
from zoo.training.metrics import text_metrics


@pytest.mark.slow
def test_lists_are_ranked_anew_as_the_command_does(spoken, tmp_path, command, capsys):
    heard, written, nbest = spoken["ctc"].folder, spoken["text"].folder, tmp_path / "nbest.txt"
    figures = speech_rescoring.rescore(heard, written, count=4, nbest=nbest)
    assert set(figures) == {"weight", "length_bonus", "digit_error", "rescored_digit_error", "least_digit_error"}
    assert figures["least_digit_error"] <= min(figures["digit_error"], figures["rescored_digit_error"])
    assert f"digit_error {figures['digit_error']:.4f}" in capsys.readouterr().out
    options = ("--weight", figures["weight"], "--length-bonus", figures["length_bonus"])
    output, errors, code = command("score", written, "--nbest", nbest, *options)
    assert (code, errors) == (0, "")
    best: dict[str, str] = {}
    for line in output.splitlines():
        number, text, _ = (part.strip() for part in line.split("|||"))
        best.setdefault(number, text)
    arguments = {name: value for name, value in SPOKEN.items() if name not in ("units", "layers")}
    splits = splits_of("speech", task="ctc", **arguments, grammar="counting")
    wanted = [text for _, text in splits.raw["test"]]
    assert text_metrics.token_error(list(best.values()), wanted) == pytest.approx(figures["rescored_digit_error"])


@pytest.mark.slow
def test_lists_of_a_speller(spoken):
    run = spoken["spell"]
    arguments = {name: value for name, value in SPOKEN.items() if name not in ("units", "layers", "examples")}
    splits = splits_of(
        "speech", task="spell", transcript="digits", **arguments, examples=20, vocabularies=run.vocabularies
    )
    found = speech_rescoring.n_best(run.model, splits, "test", 3)
    assert len(found) == len(splits.raw["test"]) == 4
    for outputs in found:
        assert 1 <= len(outputs) <= 3
        gains = [gain for _, gain in outputs]
        assert gains == sorted(gains, reverse=True)
        assert all(text == "" or text.isdigit() for text, _ in outputs)
    with pytest.raises(ValueError, match="Received: a run of the task digit"):
        speech_rescoring.n_best(spoken["digit"].model, splits_of("speech", takes=3, mel_bins=12), "test", 3)


def test_the_weight_is_that_of_the_fewest_errors(monkeypatch):
    class Score:
        def __init__(self, gain):
            self.log_probability, self.tokens = gain, 2

    known = {"one two": -1.0, "one nine": -6.0, "one": -3.0}
    monkeypatch.setattr(speech_rescoring.zoo, "score", lambda model, texts: [Score(known[text]) for text in texts])
    lists = [[("one nine", -1.0), ("one two", -2.5)], [("one", -0.5), ("one two", -9.0)]]
    weight, bonus = speech_rescoring.choose(None, lists, ["one two", "one"], text_metrics.token_error)
    # 1.5 nats of sound stand against 5 of language, and 8.5 against 2: the least weight that turns the first.
    assert (weight, bonus) == (0.5, 0.0)


def test_the_nearest_of_a_list_is_the_bound():
    lists = [[("one two", -1.0), ("one", -2.0)], [("nine", -1.0)]]
    assert speech_rescoring.firsts(lists) == ["one two", "nine"]
    assert speech_rescoring._nearest(lists, ["one", "two"], text_metrics.token_error) == ["one", "nine"]
    np.testing.assert_equal(speech_rescoring.firsts([[]]), [""])
