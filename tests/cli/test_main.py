import json
import os
import runpy
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import zoo
from zoo.data.vocabularies.vocabulary import Vocabulary
from zoo.experiments.recipe import RECIPES
from zoo.experiments.run import arguments_of
from zoo.recipes import sentiment

ENTRY = Path(sys.executable).with_name("zoo")


def test_version(command):
    assert command("--version") == (f"{zoo.__version__}\n", "", 0)


def test_list_names_models_presets_and_recipes(command):
    output, _, code = command("list")
    assert code == 0
    for name in [*zoo.list_models(), *RECIPES]:
        assert name in output


def test_show(command):
    assert "p          = activation(pool(y) W + b)" in command("show", "many_to_one")[0]
    assert "arXiv:1603.01354" in command("show", "ma_2016_bilstm_cnn_crf")[0]
    output = command("show", "sentiment")[0]
    assert "Seeing Stars (ACL 2005)" in output
    for name, parameter in arguments_of(sentiment).items():
        assert f"--{name.replace('_', '-')} {parameter.default!r}\n" in output
    assert command("show", "sentimet") == (
        "",
        "zoo: Unknown model or recipe: 'sentimet'. Did you mean 'sentiment' or 'tree_sentiment' or 'surnames'?\n",
        2,
    )


def test_train_without_a_recipe_lists_them(command):
    for arguments in (["train"], ["train", "--help"]):
        output, _, code = command(*arguments)
        assert code == 0
        assert all(name in output for name in RECIPES)


def test_help_tells_every_argument_with_its_documentation_and_default(command, monkeypatch):
    monkeypatch.setenv("COLUMNS", "200")
    output, _, code = command("train", "sentiment", "--help")
    assert code == 0
    lines = output.split("\n")
    for name, parameter in arguments_of(sentiment).items():
        (line,) = [line for line in lines if f"--{name.replace('_', '-')} " in line]
        assert parameter.default is None or f"[default: {parameter.default}]" in line
        assert len(line.split("[default:")[0].strip("│ ").split()) > 3, f"{name} is not documented"
    for name in ("out", "seed", "epochs", "patience", "quick", "precision", "resume", "force", "verbose"):
        assert f"--{name} " in output


def test_train_evaluate_predict(command, tmp_path, tiny):
    out = tmp_path / "run"
    arguments = [f"--{name.replace('_', '-')}={value}" for name, value in tiny.items() if name != "bidirectional"]
    arguments += ["--no-bidirectional", "--epochs", "1", "--seed", "2", "--out", out]
    output, errors, code = command("train", "sentiment", *arguments)
    assert (errors, code) == ("", 0)
    assert f"Saved in {out}" in output
    run = zoo.load(out)
    assert {name: run.recipe["arguments"][name] for name in tiny} == tiny
    assert run.recipe["seed"] == 2

    output, _, code = command("train", "sentiment", "--out", out)
    assert code == 2
    rows = [f"a good film {number}\tpos\na dull plot {number}\tneg\n" for number in range(10)]
    (tmp_path / "mine.tsv").write_text("text\tlabel\n" + "".join(rows))
    output, _, code = command("evaluate", out, "--json")
    assert json.loads(output.strip().split("\n")[-1]) == pytest.approx(run.metrics["test"])
    figures = {}
    for split in ("train", "validation", "test", "all"):
        output = command("evaluate", out, "--data", tmp_path / "mine.tsv", "--split", split, "--json")[0]
        figures[split] = json.loads(output)["nats"]
    parts = [16 * figures["train"], 2 * figures["validation"], 2 * figures["test"]]
    assert figures["all"] == pytest.approx(sum(parts) / 20, rel=1e-5)


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


def test_a_recipe_is_a_module_that_runs(tmp_path, monkeypatch, capsys):
    quick = ["--quick", "--epochs", "1", "--examples", "100", "--units", "4", "--verbose", "2"]
    monkeypatch.setattr(sys, "argv", ["sentiment.py", *quick, "--out", str(tmp_path / "run")])
    with pytest.raises(SystemExit) as ended:
        runpy.run_module("zoo.recipes.sentiment", run_name="__main__")
    assert not ended.value.code
    assert "test: accuracy" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["trian", "sentiment"], 'Unknown command "trian". Did you mean "train"?'),
        (["train", "sentimet"], "Unknown recipe: 'sentimet'. Did you mean 'sentiment'"),
        (["train", "sentiment", "--unit", "3"], "Unknown option: --unit. Did you mean --units?"),
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
        (["predict", "RUN", ""], "every example needs at least one token, received: example 0 is ''"),
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


def test_a_folder_without_a_recipe_cannot_be_evaluated(command, trained, tmp_path):
    out = shutil.copytree(trained.folder, tmp_path / "run")
    (out / "recipe.json").unlink()
    assert "was not made by a recipe" in command("evaluate", out)[1]
    (out / "model.keras").write_bytes((out / "model.keras").read_bytes()[:5000])
    _, errors, code = command("predict", out, "a good film")
    assert code == 2
    assert "model.keras is not the file that was saved with this run" in errors
    assert errors.count("\n") == 1


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
        ("[[" + "9" * 400 + ", 1]]", "example 0 must be frames"),
        ("[[1e400, 1]]", "frames must be finite"),
        ("[[1, 2, 3]]", "The model reads 2 numbers a step. Received: 3"),
        ("{}", "example 0 must be frames"),
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
