"""The CRF layer: legal paths only, one likelihood for training, the same layer after a reload."""

import keras
import numpy as np
import pytest

from tests.reference import crf as reference
from zoo.layers import ConditionalRandomField, legal_transitions

BIO = ["O", "B-X", "I-X", "B-Y", "I-Y"]
BIOES = ["S-X", "I-X", "O", "E-X", "B-X", "B-Y", "E-Y", "I-Y", "S-Y"]


def numpy(tensor):
    return keras.ops.convert_to_numpy(tensor)


def batch(classes, *, lengths=(6, 4, 1, 0), scale=5.0, seed=0):
    random = np.random.default_rng(seed)
    steps = max(lengths)
    scores = random.normal(size=(len(lengths), steps, classes), scale=scale).astype("float32")
    tags = random.integers(0, classes, (len(lengths), steps)).astype("int32")
    return scores, tags, np.arange(steps) < np.array(lengths)[:, None]


def with_random_weights(layer, scores, mask, seed=1):
    random = np.random.default_rng(seed)
    layer(scores, mask)
    layer.set_weights([random.normal(size=weight.shape) for weight in layer.weights])
    return layer


def is_legal_bio(names):
    """Read from left to right, without a table: an I needs a B or I of its own kind before it."""
    before = "O"
    for name in names:
        if name.startswith("I") and before not in ("B" + name[1:], name):
            return False
        before = name
    return True


def is_legal_bioes(names):
    """The same for BIOES: `inside` is the kind of the open span, or None."""
    inside = None
    for name in names:
        prefix, kind = name[0], name[2:]
        if (prefix in "IE" and inside != kind) or (prefix in "OBS" and inside is not None):
            return False
        inside = kind if prefix in "BI" else None
    return inside is None


@pytest.mark.parametrize(
    ("scheme", "names", "is_legal"), [("BIO", BIO, is_legal_bio), ("BIOES", BIOES[:6], is_legal_bioes)]
)
def test_legal_transitions_allow_exactly_the_legal_paths(scheme, names, is_legal):
    table = np.array(legal_transitions(names, scheme))
    assert table.shape == (len(names) + 1, len(names) + 1)
    moves, start, end = table[:-1, :-1], table[-1, :-1], table[:-1, -1]
    for steps in (1, 2, 3, 4):
        for path in reference.paths(steps, len(names)):
            allowed = reference.is_legal(path, moves, start, end)
            assert allowed == is_legal([names[tag] for tag in path]), [names[tag] for tag in path]


def test_prefixes_without_a_kind_are_legal_names():
    assert legal_transitions(["B", "I"]) == [[1, 1, 1], [1, 1, 1], [1, 0, 0]]


@pytest.mark.parametrize("name", ["<pad>", "PER", "E-PER", "O-PER", "", "b-per"])
def test_a_name_outside_the_scheme_is_refused(name):
    with pytest.raises(ValueError, match="scheme BIO"):
        legal_transitions(["O", name])


def test_an_unknown_scheme_is_refused():
    with pytest.raises(ValueError, match="BIOES"):
        legal_transitions(["O"], scheme="IOB1")


@pytest.mark.parametrize(
    ("scheme", "names", "is_legal"), [("BIO", BIO, is_legal_bio), ("BIOES", BIOES, is_legal_bioes)]
)
def test_illegal_spans_are_never_decoded(scheme, names, is_legal):
    lengths = [12, 9, 7, 5, 3, 2, 1] * 10
    scores, _, mask = batch(len(names), lengths=lengths, scale=30.0)
    free = with_random_weights(ConditionalRandomField(len(names)), scores, mask)
    bound = with_random_weights(
        ConditionalRandomField(len(names), allowed=legal_transitions(names, scheme)), scores, mask
    )
    tags = numpy(bound(scores, mask))
    decoded = [[names[tag] for tag in row[:length]] for row, length in zip(tags, lengths, strict=True)]
    assert all(is_legal(row) for row in decoded)
    unbound = numpy(free(scores, mask))
    assert not all(is_legal([names[tag] for tag in row[:n]]) for row, n in zip(unbound, lengths, strict=True))


def test_legal_constraints_hold_in_the_likelihood_too():
    allowed = np.array(legal_transitions(BIO))
    scores, _, mask = batch(len(BIO), lengths=(4,))
    layer = with_random_weights(ConditionalRandomField(len(BIO), allowed=allowed.tolist()), scores, mask)
    legal = list(reference.legal_paths(4, allowed[:-1, :-1], allowed[-1, :-1], allowed[:-1, -1]))
    repeated = [np.repeat(array, len(legal), 0) for array in (scores, mask)]
    losses = numpy(layer.negative_log_likelihood(repeated[0], np.array(legal, "int32"), repeated[1]))
    # All probability stands on the legal paths, and an illegal one costs its penalty.
    np.testing.assert_allclose(np.exp(-losses.astype("float64")).sum(), 1.0, rtol=1e-4)
    illegal = numpy(layer.negative_log_likelihood(scores, np.array([[2, 0, 0, 0]], "int32"), mask))
    assert illegal[0] > 9e3


def test_likelihood_and_decoding_equal_enumeration():
    scores, tags, mask = batch(3)
    layer = with_random_weights(ConditionalRandomField(3), scores, mask)
    tables = [numpy(weight) for weight in (layer.transitions, layer.start, layer.end)]
    losses, decoded = numpy(layer.negative_log_likelihood(scores, tags, mask)), numpy(layer(scores, mask))
    for row, length in enumerate([6, 4, 1]):
        real = scores[row, :length]
        expected = reference.log_partition(real, *tables) - reference.path_score(
            real, tuple(tags[row, :length]), *tables
        )
        np.testing.assert_allclose(losses[row], expected, rtol=1e-5, atol=1e-5)
        assert tuple(decoded[row, :length]) == reference.best_path(real, *tables)[0]
    assert losses[3] == 0 and (decoded[~mask] == 0).all()


def test_a_new_field_is_a_softmax_at_each_step():
    scores, tags, mask = batch(4)
    layer = ConditionalRandomField(4)
    np.testing.assert_array_equal(numpy(layer(scores, mask)), np.where(mask, scores.argmax(-1), 0))
    shifted = scores.astype("float64") - scores.max(-1, keepdims=True)
    log_probabilities = shifted - np.log(np.exp(shifted).sum(-1, keepdims=True))
    expected = -np.where(mask, np.take_along_axis(log_probabilities, tags[..., None], -1)[..., 0], 0).sum(1)
    np.testing.assert_allclose(numpy(layer.negative_log_likelihood(scores, tags, mask)), expected, rtol=1e-5, atol=1e-5)


@keras.saving.register_keras_serializable(package="zoo_tests")
class Tagger(keras.Model):
    """The least model around the layer: scores are the inputs through one Dense; its loss is the field's."""

    def __init__(self, classes, allowed, **kwargs):
        super().__init__(**kwargs)
        self.classes, self.allowed = classes, allowed
        self.dense = keras.layers.Dense(classes)
        self.field = ConditionalRandomField(classes, allowed=allowed)

    def call(self, inputs, training=None):
        scores = self.dense(inputs["frames"])
        return {"scores": scores, "tags": self.field(scores, inputs["mask"])}

    def compute_loss(self, x=None, y=None, y_pred=None, sample_weight=None, training=True):
        return keras.ops.mean(self.field.negative_log_likelihood(y_pred["scores"], y, x["mask"]))

    def get_config(self):
        return {**super().get_config(), "classes": self.classes, "allowed": self.allowed}


def test_fit_learns_the_transitions_and_every_weight_moves():
    random = np.random.default_rng(0)
    # The tag is the sign of the input one step before, which no step's own scores can tell.
    frames = random.normal(size=(64, 5, 3)).astype("float32")
    tags = np.concatenate([np.zeros((64, 1)), frames[:, :-1, 0] > 0], axis=1).astype("int32")
    mask = np.ones((64, 5), bool)
    keras.utils.set_random_seed(0)
    model = Tagger(2, None)
    model.compile(keras.optimizers.Adam(0.05))
    history = model.fit({"frames": frames, "mask": mask}, tags, epochs=8, batch_size=32, verbose=0).history["loss"]
    assert history[-1] < 0.9 * history[0]
    assert all(np.abs(numpy(weight)).max() > 1e-3 for weight in model.field.weights)


def test_a_saved_model_decodes_the_same(tmp_path):
    scores, _, mask = batch(len(BIO))
    frames = keras.Input((None, len(BIO)), name="frames")
    real = keras.Input((None,), dtype="bool", name="mask")
    field = ConditionalRandomField(len(BIO), allowed=legal_transitions(BIO), name="field")
    model = keras.Model([frames, real], field(frames, real))
    assert model.output.dtype == "int32" and model.output_shape == (None, None)
    field.set_weights([np.random.default_rng(2).normal(size=weight.shape) for weight in field.weights])
    model.save(tmp_path / "model.keras")
    reloaded = keras.models.load_model(tmp_path / "model.keras")
    assert reloaded.get_layer("field").allowed == legal_transitions(BIO)
    expected = model.predict([scores, mask], verbose=0)
    assert expected.dtype == "int32"
    np.testing.assert_array_equal(reloaded.predict([scores, mask], verbose=0), expected)
    for left, right in zip(field.get_weights(), reloaded.get_layer("field").get_weights(), strict=True):
        np.testing.assert_array_equal(left, right)


def test_config_keeps_every_argument():
    layer = ConditionalRandomField(2, allowed=[[1, 0, 1], [1, 1, 1], [1, 1, 0]], name="field", dtype="mixed_bfloat16")
    copy = ConditionalRandomField.from_config(layer.get_config())
    assert (copy.classes, copy.allowed, copy.name) == (2, [[1, 0, 1], [1, 1, 1], [1, 1, 0]], "field")
    assert copy.dtype_policy.name == "mixed_bfloat16"


def test_mixed_precision_changes_nothing():
    scores, tags, mask = batch(4, scale=50.0)
    plain = with_random_weights(ConditionalRandomField(4), scores, mask)
    mixed = with_random_weights(ConditionalRandomField(4, dtype="mixed_bfloat16"), scores, mask)
    np.testing.assert_array_equal(numpy(plain(scores, mask)), numpy(mixed(scores, mask)))
    losses = [numpy(layer.negative_log_likelihood(scores, tags, mask)) for layer in (plain, mixed)]
    np.testing.assert_array_equal(*losses)


def test_no_keras_mask_is_left_on_the_output():
    scores, _, mask = batch(4)
    assert getattr(ConditionalRandomField(4)(scores, mask), "_keras_mask", None) is None


def test_a_field_without_weights_names_the_remedy():
    scores, tags, mask = batch(4)
    with pytest.raises(ValueError, match="Call it on scores and mask first"):
        ConditionalRandomField(4).negative_log_likelihood(scores, tags, mask)


@pytest.mark.parametrize(
    ("classes", "allowed", "message"),
    [
        (0, None, "at least 1"),
        (2, [[1, 1], [1, 1]], "3 lists of 3 numbers"),
        (2, [[1, 1, 1], [1, 1], [1, 1, 0]], "3 lists of 3 numbers"),
        (1, [[1, 2], [1, 0]], "only 0 and 1"),
        (1, [[1, 1], [0, 0]], "one tag start"),
        (1, [[1, 0], [1, 0]], "one tag end"),
    ],
)
def test_bad_arguments_are_refused(classes, allowed, message):
    with pytest.raises(ValueError, match=message):
        ConditionalRandomField(classes, allowed=allowed)


def test_scores_of_another_width_are_refused():
    scores, _, mask = batch(4)
    with pytest.raises(ValueError, match=r"Dense\(3\)"):
        ConditionalRandomField(3)(scores, mask)
