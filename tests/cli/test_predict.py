import json

import pytest

import zoo
from zoo.data.vocabularies.vocabulary import Vocabulary


def test_predict_takes_texts_or_lines(command, trained):
    texts = ["a good film", "the plot is dull ."]
    expected = trained.predict(texts)
    output, _, code = command("predict", trained.folder, *texts)
    assert code == 0
    assert output.split("\n")[0] == f"{expected[0].output} {expected[0].probability:.3f}\ta good film"
    assert command("predict", trained.folder, standard_input="\n\n".join(texts))[0] == output
    lines = command("predict", trained.folder, "--json", standard_input="\n".join(texts))[0].splitlines()
    for line, text, prediction in zip(lines, texts, expected, strict=True):
        said = json.loads(line)
        assert said["input"] == text
        assert said["output"] == prediction.output
        assert said["probabilities"] == pytest.approx(prediction.probabilities, rel=1e-6)


def test_frames_are_given_as_json(command, tmp_path):
    zoo.save(tmp_path / "sums", zoo.build("many_to_one", features=2, outputs=1, activation=None, units=2))
    said = command("predict", tmp_path / "sums", "[[0.1, 0.2], [0.3, 0.4]]", "--json")[0]
    assert len(json.loads(said)["output"]) == 1
    rule = "input 0 must be the path of a .csv file, or JSON as [[0.1, 0.2], [0.3, 0.4]]. Received: "
    for text, message in (
        ("0.1 0.2", f"{rule}0.1 0.2"),
        ("[" * 5000 + "]" * 5000, rule),
        ("[[" + "9" * 5000 + ", 1]]", rule),
        ("[[NaN, 1]]", rule),
        ("[[" + "9" * 400 + ", 1]]", "example 0: frames must be"),
        ("[[1e400, 1]]", "frames must be finite"),
        ("[[1, 2, 3]]", "The model reads 2 numbers a step. Received: 3"),
        ("{}", "example 0: frames must be"),
    ):
        output, errors, code = command("predict", tmp_path / "sums", text)
        assert (output, code) == ("", 2) and message in errors and errors.count("\n") == 1, text[:20]


def test_a_model_that_generates_is_not_asked_to_predict(command, tmp_path):
    letters = Vocabulary(list("abc"), level="character")
    model = zoo.build("language_model", vocabulary_size=len(letters), units=2, layers=1)
    run = zoo.save(tmp_path / "my run", model, vocabularies={"target": letters})
    # Before it waits for lines of standard input.
    assert command("predict", run) == ("", f"zoo: {run} holds a model that generates: use zoo generate '{run}'\n", 2)
    assert f"use zoo generate '{run}' 'a b'\n" in command("predict", run, "a b")[1]
