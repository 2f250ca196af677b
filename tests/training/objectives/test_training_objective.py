"""What all regimes share: how they are compiled, what they tell, and that `fit` trains every kind of model."""

from types import SimpleNamespace

import keras
import numpy as np
import pytest
from keras import ops

import zoo
from tests.training.toys import batch, build, tensors
from zoo.training.objectives.mixer import Mixer
from zoo.training.objectives.sampling_schedules import Linear
from zoo.training.objectives.scheduled_sampling import ScheduledSampling
from zoo.training.objectives.sequence_level import SequenceLevel
from zoo.training.objectives.training_objective import TrainingObjective


def length(outputs, examples):
    return [len(output) for output in outputs]


# Together they use every kind of baseline, and everything of a sequence-level training.
SEQUENCE_LEVEL = {
    "language_model": {"baseline": "moving_average"},
    "one_to_many": {"baseline": "learned", "cross_entropy": 0.1},
    "copying": {"baseline": "other_samples", "forced_tokens": Mixer(4, 1, 1, 2)},
    "pointer_network": {"baseline": "self_critical"},
}


def fit(regime, data, **options):
    """Ten updates an epoch, each with the same batch."""
    inputs, targets, weights = keras.tree.map_structure(lambda array: np.concatenate([array] * 10), data)
    return regime.fit(inputs, targets, sample_weight=weights, batch_size=4, shuffle=False, verbose=0, **options).history


@pytest.mark.each_backend
@pytest.mark.parametrize(
    "name",
    [name if name == "language_model" else pytest.param(name, marks=pytest.mark.slow) for name in SEQUENCE_LEVEL],
)
def test_fit_makes_what_is_rewarded_likelier(name):
    """Long outputs, here; the model inside has learned it."""
    model = build(name, spread=0.1)
    options = {"maximum_length": 4, "samples": 8, "seed": 1} | SEQUENCE_LEVEL[name]
    regime = SequenceLevel(model, length, **options)
    regime.compile(keras.optimizers.Adam(0.05))
    history = fit(regime, batch(model), epochs=3)
    told = {"loss", "reward", "baseline", "reward_variance", "advantage_variance"}
    assert set(history) == told | ({"nats", "perplexity", "accuracy"} if "cross_entropy" in options else set())
    assert all(np.isfinite(figures).all() for figures in history.values())
    assert history["reward"][-1] > history["reward"][0] + 0.3
    assert int(regime.updates) == 30


@pytest.mark.each_backend
def test_fit_learns_the_truth_from_its_own_history():
    """Told by the model itself, and by the regime as its own validation."""
    model = build("encoder_decoder")
    inputs, targets, weights = batch(model)
    regime = ScheduledSampling(model, Linear(20), seed=1)
    regime.compile(keras.optimizers.Adam(0.05), jit_compile="auto" if keras.backend.backend() == "jax" else False)
    before = own_figures(model, inputs, targets, weights)
    history = fit(regime, (inputs, targets, weights), epochs=2, validation_data=(inputs, targets, weights))
    figures = {"loss", "nats", "perplexity", "accuracy"}
    assert set(history) == figures | {"teacher_forcing"} | {f"val_{figure}" for figure in figures}
    assert all(len(values) == 2 and np.isfinite(values).all() for values in history.values())
    after = own_figures(model, inputs, targets, weights)
    for figure, expected in after.items():
        np.testing.assert_allclose(history[f"val_{figure}"][-1], expected, rtol=1e-4, err_msg=figure)
    assert after["nats"] < before["nats"] - 0.3
    assert 1 > history["teacher_forcing"][0] > history["teacher_forcing"][1] > 0


def own_figures(model, inputs, targets, weights):
    scores = ops.convert_to_numpy(model(tensors(inputs))["scores"]).astype("float64")
    log_p = scores - np.log(np.exp(scores - scores.max(-1, keepdims=True)).sum(-1, keepdims=True))
    log_p -= scores.max(-1, keepdims=True)
    nats = -np.take_along_axis(log_p, targets[..., None], axis=-1)[..., 0][weights > 0].mean()
    right = (scores.argmax(-1) == targets)[weights > 0].mean()
    return {"loss": nats, "nats": nats, "perplexity": np.exp(nats), "accuracy": right}


class Plain(TrainingObjective):
    def training_loss(self, inputs, targets, sample_weight):
        return ops.sum(self.model(inputs)["scores"])


def test_it_takes_an_optimizer_of_the_kind_of_its_model():
    """A new one: that of the model remembers what it was doing."""
    model = build()
    model.compile(keras.optimizers.RMSprop(0.0125, rho=0.8, global_clipnorm=2.0))
    regime = Plain(model)
    regime.compile()
    assert regime.optimizer is not model.optimizer
    assert type(regime.optimizer) is keras.optimizers.RMSprop
    configured = [optimizer.get_config() for optimizer in (regime.optimizer, model.optimizer)]
    assert configured[0] == configured[1]
    model.compile(keras.optimizers.LossScaleOptimizer(keras.optimizers.SGD(0.5)))
    regime.compile()
    assert type(regime.optimizer) is keras.optimizers.SGD
    regime.compile("adam")
    assert type(regime.optimizer) is keras.optimizers.Adam
    with pytest.raises(ValueError, match=r"The model was not compiled: pass an optimizer, such as"):
        Plain(build()).compile()


def test_its_loss_and_figures_are_its_own():
    for wrong in ({"loss": "mse"}, {"metrics": ["accuracy"]}, {"weighted_metrics": ["accuracy"]}):
        with pytest.raises(
            ValueError, match="A training objective has its own loss and metrics: compile\\(optimizer\\) is eno"
        ):
            Plain(build()).compile("sgd", **wrong)


def test_it_is_not_what_is_saved(tmp_path):
    with pytest.raises(ValueError, match="save its model, `objective.model`"):
        Plain(build()).save(tmp_path / "a.keras")


@pytest.mark.parametrize(
    "model",
    [
        lambda: zoo.build("language_model", features=2, units=2, layers=1),
        lambda: zoo.build("many_to_one", vocabulary_size=6, embedding_size=2, units=2, outputs=2),
    ],
)
def test_a_model_must_say_tokens(model):
    with pytest.raises(
        ValueError, match="Plain feeds a model its own tokens: it needs an autoregressive model of tokens"
    ):
        Plain(model())


def test_a_model_must_be_one():
    """It is asked before anything is read from it."""
    with pytest.raises(ValueError, match="Plain feeds a model its own tokens.* Received: a recipe"):
        Plain(SimpleNamespace(name="a recipe"))


REGIMES = {
    "scheduled_sampling": lambda model: ScheduledSampling(model, Linear(10, begin=0.5), seed=1),
    "sequence_level": lambda model: SequenceLevel(model, length, maximum_length=4, seed=1),
}


@pytest.mark.each_backend
@pytest.mark.parametrize("name", REGIMES)
def test_regularizers_are_part_of_the_loss(name):
    model = build("encoder_decoder")
    inputs, targets, weights = tensors(batch(model))

    def loss():
        return float(REGIMES[name](model).compute_loss(inputs, targets, None, weights, training=True))

    plain = loss()
    kernel = model.get_layer("target_embedding").trainable_weights[0]
    kernel.regularizer = keras.regularizers.L2(0.5)
    assert loss() == pytest.approx(plain + 0.5 * np.square(ops.convert_to_numpy(kernel)).sum(), rel=1e-4)


@pytest.mark.each_backend
@pytest.mark.parametrize("name", REGIMES)
def test_validation_does_not_depend_on_batching(name):
    model = build("encoder_decoder")
    regime = REGIMES[name](model)
    regime.compile("sgd", run_eagerly=True)
    inputs, targets, weights = batch(model)
    logs = [
        regime.evaluate(inputs, targets, sample_weight=weights, batch_size=size, verbose=0, return_dict=True)
        for size in (4, 3, 1)
    ]
    for other in logs[1:]:
        assert other == pytest.approx(logs[0], rel=1e-5)
    assert logs[0]["loss"] == pytest.approx(logs[0]["nats"], rel=1e-5)
