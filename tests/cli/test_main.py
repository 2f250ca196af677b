import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import zoo

ENTRY = Path(sys.executable).with_name("zoo")


def test_version(command):
    assert command("--version") == (f"{zoo.__version__}\n", "", 0)


@pytest.mark.tensorflow
def test_a_fresh_process_says_the_same_and_nothing_else(trained):
    texts = ["a good film", "the plot is dull ."]
    environment = {name: value for name, value in os.environ.items() if name != "TF_CPP_MIN_LOG_LEVEL"}
    done = subprocess.run(
        [ENTRY, "predict", trained.folder, "--json", *texts],
        env=environment,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.stderr == ""
    said = [json.loads(line)["probabilities"] for line in done.stdout.splitlines()]
    assert said == [prediction.probabilities for prediction in trained.predict(texts)]


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["trian", "sentiment"], 'Unknown command "trian". Did you mean "train"?'),
        (["train", "sentimet"], "Unknown recipe: 'sentimet'. Did you mean 'sentiment'"),
        (["train", "sentiment", "--unit", "3"], "takes no argument 'unit'. Did you mean 'units'?"),
        (["train", "sentiment", "--units", "many"], 'unable to convert "many" into int'),
        (["train", "sentiment", "--data", "nowhere.tsv"], "No such file or folder: nowhere.tsv"),
        (["train", "sentiment", "--examples", "200", "--cell", "lstmm"], "Unknown cell: 'lstmm'. Did you mean 'lstm'"),
        (["evaluate", "nowhere"], "A run is a folder that holds model.keras. Received: nowhere, which does not."),
        (
            ["evaluate", "RUN", "--split", "tset"],
            'Choose from: "train", "validation", "test", "all". Did you mean "test"?',
        ),
        (["evaluate", "RUN", "--data", "stars.tsv"], "label '5' was never seen in training; the closest of 2 is"),
        (["evaluate", "RUN", "--data", "empty.tsv"], "an empty file"),
        (["evaluate", "RUN", "--data", "latin.tsv"], "latin.tsv:3: expected utf-8 text (convert the file to UTF-8"),
        (["evaluate", "RUN", "--data", "one.tsv"], "split holds no examples: give more data"),
        (["predict", "RUN", ""], "example 0: tokens needs at least one token, received: ''"),
        (["predict", "RUN"], "There is nothing to work on: give texts, or lines on standard input."),
    ],
)
def test_errors_are_one_line(command, arguments, line, trained, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("stars.tsv").write_text("text\tlabel\n" + "a good film\t5\n" * 10)
    Path("empty.tsv").write_text("")
    Path("one.tsv").write_text("text\tlabel\na good film\tpos\n")
    Path("latin.tsv").write_bytes("text\tlabel\na good film\tpos\na déjà vu\tneg\n".encode("latin-1"))
    output, errors, code = command(*(str(trained.folder) if part == "RUN" else part for part in arguments))
    assert code == 2
    assert output == ""
    assert errors.startswith("zoo: ")
    assert errors.count("\n") == 1
    assert line in errors


def test_a_model_that_maps_is_not_asked_to_write(command, trained):
    for name in ("generate", "score"):
        output, errors, code = command(name, trained.folder)
        assert (output, code) == ("", 2) and "zoo predict" in errors and errors.count("\n") == 1
    errors = command("generate", trained.folder, "a good film")[1]
    assert errors.endswith(f"use zoo predict {trained.folder} 'a good film'\n")


def test_texts_that_begin_with_a_hyphen_stand_behind_two(command, trained):
    for text in ("-5 degrees", "-ing", "--- a film ---", "-1.5 films"):
        output, errors, code = command("predict", trained.folder, text)
        assert (output, code) == ("", 2) and errors.count("\n") == 1
        assert "behind --, after all options: zoo predict RUN -- TEXT" in errors, text
        assert command("predict", trained.folder, "--json", "--", text)[2] == 0
    # A misspelt option is one all the same.
    errors = command("predict", trained.folder, "a film", "--jsno")[1]
    assert "Unknown option: --jsno" in errors and "-- TEXT" not in errors


def test_a_command_that_is_interrupted_says_so(command, trained, monkeypatch):
    def interrupt(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr("zoo.inference.predict.Batches", interrupt)
    assert command("predict", trained.folder, "a film") == ("", "zoo: interrupted.\n", 130)
