"""What all generating models share: the loss and the figures, by NumPy in float64; the protocol; saving."""

import keras
import numpy as np
import pytest
from keras import ops

import zoo
from tests.gradients import weight_gradients
from zoo.distributions.categorical import Categorical
from zoo.models.base.autoregressive_model import AutoregressiveModel, Perplexity
from zoo.models.language_model import LanguageModel
from zoo.special_ids import PAD, START

VOCABULARY, LENGTHS = 7, np.array([4, 2, 1])
TINY = {"units": 3, "layers": 1}


@pytest.fixture(scope="module")
def model():
    built = LanguageModel(vocabulary_size=VOCABULARY, **TINY, label_smoothing=0.1)
    for number, weight in enumerate(built.trainable_weights):
        weight.assign(np.random.default_rng(number).normal(size=weight.shape, scale=0.8))
    built.compile("sgd")
    return built


def data(steps=4, seed=0):
    random = np.random.default_rng(seed)
    real = np.arange(steps) < LENGTHS[:, None]
    drawn = random.integers(3, VOCABULARY, (2, 3, 4))
    padded = np.zeros((2, 3, steps), "int32")
    padded[..., :4] = drawn
    target, y = np.where(real, padded, 0).astype("int32")
    target[:, 0] = START
    return {"target": target}, y, real.astype("float32")


def log_probs(model, x):
    scores = ops.convert_to_numpy(model(x)["scores"]).astype("float64")
    scores -= scores.max(-1, keepdims=True)
    return scores - np.log(np.exp(scores).sum(-1, keepdims=True))


def figures(model, batches, smoothing=0.1):
    """Nats, perplexity and accuracy over all tokens of all batches; the loss of the last. Padding and start take no
    part in the smoothing."""
    nats, right, weight = 0.0, 0.0, 0.0
    for x, y, w in batches:
        found = log_probs(model, x)
        surprise = -np.take_along_axis(found, y[..., None], -1)[..., 0]
        nats, weight = nats + (surprise * w).sum(), weight + w.sum()
        right += ((found.argmax(-1) == y) * w).sum()
        emitted = np.delete(found, [PAD, START], axis=-1)
        loss = (((1 - smoothing) * surprise - smoothing * emitted.mean(-1)) * w).sum() / w.sum()
    return {"nats": nats / weight, "perplexity": np.exp(nats / weight), "accuracy": right / weight, "loss": loss}


@pytest.mark.each_backend
@pytest.mark.parametrize("kind", ["by step", "by row", "none"])
def test_loss_and_figures_are_those_of_the_real_tokens(model, kind):
    """With weights a step, with weights a row, and without any, where all that is not padding counts."""
    model.compile("sgd")  # another shape of weights is another function
    x, y, real = data()
    by_row = np.array([0.5, 2.0, 1.0], "float32")
    given = {"by step": real * by_row[:, None], "by row": by_row, "none": None}[kind]
    weights = real if kind == "none" else real * by_row[:, None]
    found = model.test_on_batch(x, y, sample_weight=given, return_dict=True)
    expected = figures(model, [(x, y, weights)])
    assert set(found) == set(expected)
    for name, value in expected.items():
        assert found[name] == pytest.approx(value, rel=1e-4), name
    model.reset_metrics()


@pytest.mark.each_backend
def test_figures_are_exact_over_batches_of_different_sizes(model):
    batches = [data(4), data(6, seed=1), tuple(data(4, seed=2))]
    batches[2] = ({"target": batches[2][0]["target"][:1]}, batches[2][1][:1], batches[2][2][:1])
    found = model.evaluate(((x, y, w) for x, y, w in batches), verbose=0, return_dict=True)
    expected = figures(model, batches)
    for name in ("nats", "perplexity", "accuracy"):
        assert found[name] == pytest.approx(expected[name], rel=1e-4), name


@pytest.mark.parametrize("weighted", [False, True])
def test_more_padding_changes_neither_loss_nor_gradients(model, weighted):
    found = []
    for steps in (4, 9):
        x, y, real = data(steps)
        w = real if weighted else None

        def loss(x=x, y=y, w=w):
            return model.compute_loss(x, ops.convert_to_tensor(y), model(x), w)

        found.append(weight_gradients(loss, model.trainable_variables))
    (short, gradients), (long, others) = found
    assert long == pytest.approx(short, rel=1e-5)
    for name, gradient in gradients.items():
        np.testing.assert_allclose(others[name], gradient, rtol=1e-4, atol=1e-6, err_msg=name)


def test_a_batch_of_padding_alone_costs_nothing(model):
    x, y, real = data()
    found = model.test_on_batch(x, y, sample_weight=0 * real, return_dict=True)
    assert found["loss"] == 0
    assert all(np.isfinite(value) for value in found.values())
    model.reset_metrics()


def test_losses_of_the_weights_are_added():
    model = LanguageModel(vocabulary_size=VOCABULARY, **TINY)
    x, y, real = map(ops.convert_to_tensor, (data()[0]["target"], *data()[1:]))
    plain = model.compute_loss({"target": x}, y, model({"target": x}), real)
    kernel = model.read_out.kernel
    kernel.regularizer = keras.regularizers.L2(0.1)
    more = model.compute_loss({"target": x}, y, model({"target": x}), real)
    extra = 0.1 * (ops.convert_to_numpy(kernel) ** 2).sum()
    assert float(more) == pytest.approx(float(plain) + extra, rel=1e-5)


def test_frames_have_nats_alone():
    model = LanguageModel(features=2, **TINY)
    model.compile("sgd")
    frames = np.random.default_rng(0).integers(0, 2, (2, 3, 2)).astype("float32")
    found = model.test_on_batch({"target": frames}, frames, return_dict=True)
    assert set(found) == {"loss", "nats"}
    scores = ops.convert_to_numpy(model({"target": frames})["scores"]).astype("float64")
    nats = np.log1p(np.exp(-scores * (2 * frames - 1))).sum(-1).mean()
    assert found["loss"] == pytest.approx(nats, rel=1e-5)
    assert found["nats"] == pytest.approx(nats, rel=1e-5)


def test_perplexity_is_the_exponential_of_the_mean():
    metric = Perplexity(name="perplexity")
    metric.update_state([1.0, 2.0, 9.0], sample_weight=[1.0, 3.0, 0.0])
    assert float(metric.result()) == pytest.approx(np.exp(1.75))


def test_its_configuration_is_the_arguments_of_its_constructor():
    arguments = {"vocabulary_size": VOCABULARY, "cell": "gru", "tied": True, "embedding_size": 2, **TINY}
    model = LanguageModel(**arguments)
    config = model.get_config()
    assert arguments.items() <= config.items()
    again = LanguageModel.from_config(config)
    assert again.get_config() == config
    assert [weight.shape for weight in again.weights] == [weight.shape for weight in model.weights]


def test_a_model_without_steps_says_so():
    inputs = keras.Input((None,), dtype="int32", name="target")
    scores = keras.layers.Embedding(VOCABULARY, VOCABULARY)(inputs)
    model = AutoregressiveModel(
        {"target": inputs}, {"scores": scores}, distribution=Categorical(VOCABULARY), arguments={}
    )
    for call in (lambda: model.encode({}), lambda: model.start({}, 3), lambda: model.step(None, None, {})):
        with pytest.raises(NotImplementedError):
            call()


@pytest.mark.usefixtures("either_way")
def test_a_loaded_model_computes_in_the_precision_it_was_made_in(tmp_path):
    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy("mixed_bfloat16")
    try:
        model = zoo.build("encoder_decoder", source_vocabulary_size=8, target_vocabulary_size=8, units=4, layers=2)
    finally:
        keras.config.set_dtype_policy(before)
    model.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras")
    inputs = {"source": np.array([[4, 5, 6]], "int32"), "target": np.array([[2, 7]], "int32")}
    assert loaded.decoder.compute_dtype == loaded.reading.stack.compute_dtype == "bfloat16"
    assert keras.config.dtype_policy() is before
    for one, other in zip(model(inputs).values(), loaded(inputs).values(), strict=True):
        np.testing.assert_array_equal(keras.ops.convert_to_numpy(one), keras.ops.convert_to_numpy(other))


def test_a_loss_beside_its_own_is_refused():
    with pytest.raises(ValueError, match="brings its own loss. Received: .*Omit"):
        zoo.build("language_model", vocabulary_size=8, units=3, layers=1).compile("adam", "mse")


@pytest.mark.each_backend
@pytest.mark.parametrize("kind", ["by step", "by row", "none"])
def test_metrics_of_compile_read_scores_of_real_tokens(model, kind):
    """Beside its own; those that are to be weighted are, the others count every real token once."""
    x, y, real = data()
    by_row = np.array([0.5, 2.0, 1.0], "float32")
    weights = {"by step": real * by_row[:, None], "by row": by_row, "none": None}[kind]
    model.compile(
        "sgd",
        metrics=["acc", keras.metrics.SparseCategoricalCrossentropy(name="plain", from_logits=True)],
        weighted_metrics=[keras.metrics.SparseCategoricalCrossentropy(name="weighted", from_logits=True)],
    )
    measured = model.test_on_batch(x, y, sample_weight=weights, return_dict=True)
    plain = figures(model, [(x, y, real)])
    weighted = plain if kind == "none" else figures(model, [(x, y, real * by_row[:, None])])
    expected = {**weighted, "acc": plain["accuracy"], "plain": plain["nats"], "weighted": weighted["nats"]}
    assert measured == pytest.approx(expected, rel=1e-4)
    model.reset_metrics()


@pytest.mark.usefixtures("either_way")
def test_metrics_of_compile_are_logged_and_loaded(tmp_path):
    model = zoo.build("encoder_decoder", source_vocabulary_size=8, target_vocabulary_size=8, units=4, attention="dot")
    model.compile("adam", metrics=[keras.metrics.SparseTopKCategoricalAccuracy(k=2, name="top2")])
    x, y = {"source": np.array([[4, 5]]), "target": np.array([[2, 5, 6]], "int32")}, np.array([[5, 6, 3]], "int32")
    history = model.fit(x, y, validation_data=(x, y), verbose=0).history
    assert {"top2", "val_top2", "val_nats"} <= set(history)
    model.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras")
    assert "top2" in loaded.evaluate(x, y, verbose=0, return_dict=True)


IDS = np.array([[2, 5, 6, 3]], "int32")


@pytest.mark.usefixtures("either_way")
@pytest.mark.parametrize("use", ["call", "fit", "predict"])
@pytest.mark.parametrize(
    ("name", "arguments", "inputs", "received"),
    [
        ("language_model", {"vocabulary_size": 8}, IDS, "no dict"),
        ("transformer_decoder", {"vocabulary_size": 8, "heads": 1}, IDS, "no dict"),
        (
            "encoder_decoder",
            {"source_vocabulary_size": 8, "target_vocabulary_size": 8},
            {"target": IDS},
            r"a dict of \['target'\]",
        ),
    ],
)
def test_inputs_of_another_form_name_the_expected_one(name, arguments, inputs, received, use):
    model = zoo.build(name, units=4, layers=1, **arguments)
    model.compile("sgd")
    rule = rf"{name} reads a dict of arrays, {{.*'target': int32 \(None, None\)}}. Received: .*{received}. "
    run = model if use == "call" else getattr(model, use)
    with pytest.raises(ValueError, match=rf"{rule}.* ids\[:, 1:\]. zoo.data.batches.teacher_forcing"):
        run(inputs, **({} if use == "call" else {"verbose": 0}))


@pytest.mark.usefixtures("either_way")
def test_a_loaded_model_is_compiled_and_trains_on(tmp_path):
    model = zoo.build("language_model", vocabulary_size=8, units=3, layers=1)
    model.compile(keras.optimizers.Adam(0.02, global_clipnorm=1.0))
    x, y = {"target": np.array([[2, 5, 6]], "int32")}, np.array([[5, 6, 3]], "int32")
    model.fit(x, y, verbose=0)
    model.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras")
    assert loaded.evaluate(x, y, verbose=0, return_dict=True) == model.evaluate(x, y, verbose=0, return_dict=True)
    for one in (model, loaded):
        one.fit(x, y, epochs=3, verbose=0)
    for one, other in zip(model.get_weights(), loaded.get_weights(), strict=True):
        np.testing.assert_allclose(one, other, atol=1e-6)
