import json
import shutil

import pytest

import zoo


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


def test_a_folder_without_a_recipe_cannot_be_evaluated(command, trained, tmp_path):
    out = shutil.copytree(trained.folder, tmp_path / "run")
    (out / "recipe.json").unlink()
    assert "was not made by a recipe" in command("evaluate", out)[1]
    (out / "model.keras").write_bytes((out / "model.keras").read_bytes()[:5000])
    _, errors, code = command("predict", out, "a good film")
    assert code == 2
    assert "model.keras is not the file that was saved with this run" in errors
    assert errors.count("\n") == 1
