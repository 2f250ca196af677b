"""What is exported says the same in processes that cannot import this package."""

import json
import subprocess
import sys

import keras
import numpy as np
import pytest

import zoo
from tests.kills import each_kill
from zoo.data.vocabularies.vocabulary import Labels, Vocabulary
from zoo.inference import export as exporting
from zoo.special_ids import PAD, START

pytestmark = pytest.mark.tensorflow
LETTERS = Vocabulary(list("abcdef"), level="character")
VOCABULARIES = {"source": LETTERS, "target": LETTERS}
SOURCES = ["abcdef", "fa", "c"]
BEAM = {"beam_width": 4, "n_best": 3, "maximum_length": 7, "length_penalty": 0.6, "coverage_penalty": 0.2}
# Neither this package nor Keras can be imported there.
SERVE = """
import sys
import numpy as np, tensorflow as tf
sys.modules["zoo"] = sys.modules["keras"] = None
given = dict(np.load(sys.argv[2]))
model = tf.saved_model.load(sys.argv[1])
np.savez(sys.argv[3], **{name: tensor.numpy() for name, tensor in model.serve(given).items()})
"""


def served(model, inputs, folder):
    np.savez(folder / "in.npz", **inputs)
    command = [sys.executable, "-I", "-c", SERVE, str(model), str(folder / "in.npz"), str(folder / "out.npz")]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    return dict(np.load(folder / "out.npz"))


def padded(texts, length):
    ids = np.zeros((len(texts), length), "int32")
    for row, text in zip(ids, texts, strict=True):
        row[: len(text)] = LETTERS.encode(text)
    return ids


RECURRENT = {"attention": "additive", "attention_style": "bahdanau", "units": 6, "embedding_size": 4}


def build(name="encoder_decoder", **arguments):
    arguments = arguments or RECURRENT
    model = zoo.build(name, source_vocabulary_size=len(LETTERS), target_vocabulary_size=len(LETTERS), **arguments)
    draw = np.random.default_rng(0)
    for weight in model.trainable_weights:
        weight.assign(draw.normal(size=weight.shape, scale=0.8))
    return model


@pytest.mark.slow
@pytest.mark.parametrize(
    "model",
    [
        pytest.param({}, id="recurrent"),
        # Its state is what it keeps of every step.
        pytest.param({"name": "transformer", "units": 8, "heads": 2, "layers": 2}, id="transformer"),
    ],
)
def test_a_saved_model_gives_the_identical_n_best_without_this_package(tmp_path, model):
    model = build(**model)
    expected = zoo.generate(model, SOURCES, vocabularies=VOCABULARIES, decoder="beam_search", **BEAM)
    folder = zoo.export(model, tmp_path / "made", vocabularies=VOCABULARIES, decoder="beam_search", **BEAM)
    starts = np.full((len(SOURCES), 1), START, "int32")
    found = served(folder / "model", {"source": padded(SOURCES, 9), "target": starts}, tmp_path)
    assert Vocabulary.load(folder / "vocabularies" / "target.json").tokens == LETTERS.tokens
    for row, outputs in enumerate(expected):
        for rank, output in enumerate(outputs):
            length = found["lengths"][row, rank]
            assert [LETTERS.tokens[t] for t in found["tokens"][row, rank, :length]] == output.tokens
            assert found["scores"][row, rank] == pytest.approx(output.score, abs=1e-5)
            seen = found["alignment"][row, rank, : len(output.alignment), : len(SOURCES[row])]
            np.testing.assert_allclose(seen, output.alignment, atol=1e-5)


def test_a_prefix_is_continued(tmp_path):
    model = zoo.build("language_model", vocabulary_size=len(LETTERS), units=5, layers=1)
    expected = zoo.generate(model, ["ab", "f"], vocabularies=VOCABULARIES, maximum_length=6)
    folder = zoo.export(model, tmp_path / "made", decoder="greedy", maximum_length=6)
    prefixes = np.array([[2, *LETTERS.encode("ab")], [2, *LETTERS.encode("f"), 0]], "int32")
    found = served(folder / "model", {"target": prefixes}, tmp_path)
    for row, (output,) in enumerate(expected):
        length = found["lengths"][row, 0]
        assert [LETTERS.tokens[t] for t in found["tokens"][row, 0, :length]] == output.tokens


@pytest.mark.slow
def test_onnx_steps_write_what_greedy_writes(tmp_path):
    import onnxruntime

    model = build()
    expected = zoo.generate(model, SOURCES, vocabularies=VOCABULARIES, maximum_length=6)
    folder = zoo.export(model, tmp_path / "made", format="onnx", vocabularies=VOCABULARIES)
    steps = json.loads((folder / "steps.json").read_text())
    encode, step = (onnxruntime.InferenceSession(folder / f"{name}.onnx") for name in ("encode", "step"))
    token = np.full(len(SOURCES), steps["start"], "int32")
    given = {"source": padded(SOURCES, 8), "target": token[:, None]}
    known = dict(zip(steps["encode"]["outputs"], encode.run(steps["encode"]["outputs"], given), strict=True))
    said, done = [[] for _ in SOURCES], [False] * len(SOURCES)
    for _ in range(6):
        feed = {name: (known | {"token": token})[name] for name in steps["step"]["inputs"]}
        scores, *state = step.run(steps["step"]["outputs"], feed)
        known |= {name.removeprefix("next_"): s for name, s in zip(steps["step"]["outputs"][1:], state, strict=True)}
        scores[:, [PAD, START]] = -np.inf
        token = scores.argmax(-1).astype("int32")
        for row, one in enumerate(token):
            done[row] = done[row] or one == steps["end"]
            if not done[row]:
                said[row].append(LETTERS.tokens[one])
    assert said == [outputs[0].tokens for outputs in expected]


def test_a_model_that_maps_is_exported_whole(tmp_path):
    model = zoo.build("many_to_one", vocabulary_size=10, outputs=2, units=3, embedding_size=3)
    folder = zoo.export(model, tmp_path / "made", vocabularies={"tokens": LETTERS, "labels": Labels(["a", "b"])})
    ids = padded(SOURCES, 6)
    import tensorflow as tf

    exported = tf.saved_model.load(folder / "model")
    said = exported.serve(ids)
    np.testing.assert_allclose(said.numpy(), keras.ops.convert_to_numpy(model(ids)), atol=1e-6)


def test_an_export_is_replaced_and_nothing_else_is(tmp_path):
    model = zoo.build("language_model", vocabulary_size=8, units=3, layers=1)
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter.txt").write_text("dear")
    with pytest.raises(ValueError, match="is no export"):
        zoo.export(model, tmp_path / "mine", decoder="greedy")
    assert (tmp_path / "mine" / "letter.txt").read_text() == "dear"
    zoo.export(model, tmp_path / "made", decoder="greedy", maximum_length=3)
    with pytest.raises(ValueError, match="beam_width"):
        zoo.export(model, tmp_path / "made", decoder="beam_search", beam_width=50)
    assert (tmp_path / "made" / "export.json").is_file()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["made", "mine"]
    with pytest.raises(ValueError, match="saved_model, onnx"):
        zoo.export(model, tmp_path / "other", format="pickle")


def test_a_kill_costs_no_export(tmp_path, monkeypatch):
    """At each file operation; what TensorFlow writes is replaced by one file."""
    model = zoo.build("many_to_one", vocabulary_size=8, outputs=2, units=2, embedding_size=2)
    content = ["old"]
    monkeypatch.setattr(exporting, "_write_mapping", lambda model, folder, _: (folder / "m").write_text(content[0]))

    def export(root):
        zoo.export(model, root / "made")

    def prepare(root):
        content[0] = "old"
        export(root)
        content[0] = "new"

    left = []
    for root, killed in each_kill(prepare, export, tmp_path):
        left.append((root / "made" / "m").read_text())
        assert (root / "made" / "export.json").is_file(), killed
        export(root)
        assert (root / "made" / "m").read_text() == "new", killed
        assert [path.name for path in root.iterdir()] == ["made"], killed
    assert left == sorted(left, reverse=True) and set(left) == {"old", "new"}


def test_another_backend_is_told_the_remedy(tmp_path, monkeypatch):
    monkeypatch.setattr(keras.backend, "backend", lambda: "jax")
    with pytest.raises(ValueError, match="KERAS_BACKEND=tensorflow"):
        zoo.export(zoo.build("language_model", vocabulary_size=8, units=3), tmp_path / "made")
