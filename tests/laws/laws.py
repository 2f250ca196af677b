"""What every model must keep, one function a law, written for any entry. `test_laws.py` applies them."""

import keras
import numpy as np
from keras import ops

from tests.gradients import gradients, weight_gradients
from tests.laws.batches import END, LENGTHS, batch, company, in_steps, taken, tensors
from tests.laws.entry import BATCH, LETTERS, OUTPUTS, REGIONS, STEPS, UNITS
from tests.laws.reload import said
from tests.laws.trees import below
from zoo.backend.tracing import build_optimizer
from zoo.training.metrics.step_accuracy import StepAccuracy, StepBinaryAccuracy
from zoo.training.metrics.step_cross_entropy import StepBinaryCrossEntropy, StepCrossEntropy

PRECISION = {"rtol": 1e-5, "atol": 1e-5}
# What the laws of one entry share; the laws of an entry follow one another, so it goes when the next entry comes.
RESULTS: dict[int, tuple] = {}
COMPILED: dict[tuple, tuple] = {}
COPIED: set[type] = set()
# Metrics of what takes one of Keras' losses, by the kind of its targets.
METRICS = {
    "softmax": [StepAccuracy, StepCrossEntropy],
    "sigmoid": [StepBinaryAccuracy, StepBinaryCrossEntropy],
    None: [keras.metrics.MeanSquaredError],
}


def numpy(nested):
    return keras.tree.map_structure(ops.convert_to_numpy, nested)


def learned(model, data):
    """Loss and gradients as `fit` computes them, outside of training so that nothing is random."""
    x, y, weight = tensors((data.x, data.targets, data.sample_weight))

    def loss():
        return model.compute_loss(x, y, model(x, training=False), weight, training=False)

    return weight_gradients(loss, model.trainable_variables)


def results(entry):
    """The model, its batch, its outputs, and its loss with gradients: computed once for all laws of an entry."""
    model = entry.built()
    if id(entry) not in RESULTS:
        RESULTS.clear()
        data = batch(entry, model)
        RESULTS[id(entry)] = data, said(model, data.inputs), learned(model, data)
    return model, *RESULTS[id(entry)]


def shapes(entry):
    model, data, found, _ = results(entry)
    if entry.kind == "path":
        assert {name: array.shape for name, array in found.items()} == {
            "tags": (BATCH, STEPS),
            "scores": (BATCH, STEPS, OUTPUTS),
            "mask": (BATCH, STEPS),
        }
        assert (found["tags"].dtype, found["mask"].dtype) == ("int32", "bool")
        assert set(found["tags"].ravel()) <= set(range(OUTPUTS))
    elif entry.kind == "transcript":
        shapes = {name: array.shape for name, array in found.items()}
        assert shapes == {"scores": (BATCH, STEPS, OUTPUTS), "mask": (BATCH, STEPS)}
    elif entry.generates:
        units = entry.arguments.get("units", UNITS)
        expected = {"scores": (BATCH, STEPS, entry.width + STEPS * entry.open), "hidden": (BATCH, STEPS, units)}
        node_rows = REGIONS if "picture" in data.inputs else STEPS
        node_rows *= LETTERS if entry.arguments.get("memory_level") == "words" else 1
        expected |= {"alignment": (BATCH, STEPS, node_rows)} if "alignment" in model.output else {}
        expected |= {"memory_mask": (BATCH, node_rows)} if "memory_mask" in model.output else {}
        expected |= {"gate": (BATCH, STEPS)} if "gated" in entry.arguments else {}
        expected |= {"copy_gate": (BATCH, STEPS)} if "copying" in entry.arguments else {}
        assert {name: array.shape for name, array in found.items()} == expected
        assert model.distribution.size == entry.width
    else:
        assert found["probabilities"].shape == (*data.sample_weight.shape, entry.width)
        assert model.output_shape == (None, *([None] if entry.aligned else []), entry.width)
    if entry.kind == "softmax":
        np.testing.assert_allclose(found["probabilities"].sum(-1), 1, rtol=1e-5)
    if entry.kind == "sigmoid":
        assert ((found["probabilities"] > 0) & (found["probabilities"] < 1)).all()


def padding_changes_nothing(entry):
    """Neither values nor loss nor gradients; with more of it, and with whatever may stand in it."""
    model, short, plain, plain_learned = results(entry)
    padded = batch(entry, model, steps=STEPS + 3, poison=True)
    for weight in model.trainable_variables:
        # The vector of id 0 is nobody's; of a label it is the first class's, and tied it is what says padding.
        if entry.looked_up(weight) not in ([], ["label"]):
            weight.assign(np.where(np.arange(weight.shape[0])[:, None] == 0, 1e4, numpy(weight)))
    real = short.sample_weight > 0
    for name, array in said(model, padded.inputs).items():
        before = plain[name]
        now = array[tuple(map(slice, before.shape))]  # an alignment has a place for padding, too
        where = real if name != "memory_mask" else real.any(axis=1)
        np.testing.assert_allclose(now[where], before[where], **PRECISION, err_msg=name)
        assert np.isfinite(array).all(), name
    loss, gradient = learned(model, padded)
    np.testing.assert_allclose(loss, plain_learned[0], **PRECISION)
    for name, expected in plain_learned[1].items():
        np.testing.assert_allclose(gradient[name], expected, **PRECISION, err_msg=name)


def evaluation_does_not_depend_on_batching(entry):
    """Metrics, and the loss of a model that brings its own: of one batch, and of two with a row of filling each.

    The loss of one that takes Keras' is a mean over batches, which Keras weighs by their rows.
    """
    model = entry.built()
    metrics = {"weighted_metrics": [kind() for kind in METRICS[entry.kind]]} if entry.kind in METRICS else {}
    entry.compile(model, run_eagerly=True, **metrics)
    data = batch(entry, model)
    parts = [[0], [1, 2, 3]]
    if entry.over == "trees":  # packed into one axis: those of the other part are empty
        split = [batch(entry, model, [length * (row in rows) for row, length in enumerate(LENGTHS)]) for rows in parts]
        arrays = [(part.x, part.targets, part.sample_weight) for part in split]
    else:
        whole = data.x, data.targets, data.sample_weight
        arrays = [keras.tree.map_structure(lambda array, rows=rows: filled(array[rows]), whole) for rows in parts]
    one = evaluated(model, [(data.x, data.targets, data.sample_weight)])
    several = evaluated(model, arrays)
    entry.compile(model)
    assert set(one) == set(several) > {"loss"}
    # Penalties on attention are a mean over examples, not over tokens, and so not weighed like the rest of the loss.
    inexact = {"loss"} if metrics or entry.arguments.get("penalties") else set()
    for name in set(one) - inexact:
        np.testing.assert_allclose(several[name], one[name], **PRECISION, err_msg=name)


def filled(array):
    """One row more, of zeros."""
    return np.concatenate([array, np.zeros_like(array[:1])])


def evaluated(model, batches):
    logs = model.evaluate((one for one in batches), steps=len(batches), verbose=0, return_dict=True)
    return {name: float(value) for name, value in logs.items()}


def rows_do_not_see_each_other(entry):
    model, together, outputs, _ = results(entry)
    among_others, lone = (said(model, inputs) for inputs in company(entry, model, together))
    for name, array in outputs.items():
        np.testing.assert_allclose(among_others[name][0], array[0], **PRECISION)
        np.testing.assert_allclose(lone[name][0], array[0], **PRECISION)
        assert name in ("mask", "memory_mask") or not np.array_equal(among_others[name][1:], array[1:])


def an_empty_row_says_what_zeros_say(entry):
    model = entry.built()
    data = batch(entry, model, lengths=[*LENGTHS[:3], 0], poison=True)
    found = said(model, data.inputs)
    loss, gradient = learned(model, data)
    assert np.isfinite(loss)
    assert all(np.isfinite(array).all() for array in [*gradient.values(), *found.values()])
    if entry.generates:  # it says what it always says; of a source without a step it sees nothing
        if "alignment" in found and "picture" not in data.inputs:  # a picture has no padding
            steps = data.inputs["source"].reshape(BATCH, -1)
            read = data.inputs.get("source_lengths", (steps > 0).sum(axis=1)) > 0
            assert not read.all()
            assert (found["alignment"][~read] == 0).all()
            shares = found["alignment"].sum(-1)
            if entry.kind == "generated positions":  # the end has its share, too
                shares += np.exp(found["scores"][..., END] - np.logaddexp.reduce(found["scores"], axis=-1))
            np.testing.assert_allclose(shares[read], 1, rtol=1e-5)
        return
    head = model.get_layer("head")
    head = numpy(head(ops.zeros((1, head.input.shape[-1]))))[0]
    spoken = found[entry.spoken][-1]
    np.testing.assert_allclose(spoken, np.broadcast_to(head, spoken.shape), **PRECISION)
    if entry.kind in ("path", "transcript"):
        assert not found["mask"][-1].any()
    if entry.kind == "path":
        assert (found["tags"][~found["mask"]] == 0).all()


def nothing_behind_a_step_is_read(entry):
    """By change: another future leaves the past alone; where both directions read, it does not."""
    model = entry.built()
    full = np.full(BATCH, STEPS)
    one, other = (batch(entry, model, lengths=full, seed=seed).inputs for seed in (0, 5))
    change = STEPS // 2
    other = one | {name: np.concatenate([one[name][:, :change], other[name][:, change:]], 1) for name in in_steps(one)}
    before, after = (said(model, i)[entry.spoken] for i in (one, other))
    difference = np.abs(before - after).max(axis=(0, 2))
    assert (difference[change:] > 1e-4).all()
    assert (difference[:change] == 0).all() if entry.causal else (difference[:change] > 1e-7).all()


def no_derivative_by_the_future(entry):
    """The same by derivative, of what recurs at a step by all that it reads."""
    model = entry.built()
    layer, step, random = model.get_layer(entry.recurrent), STEPS // 2, np.random.default_rng(0)
    tensors_in = keras.tree.flatten(layer.input)
    alone = keras.Model(tensors_in, keras.tree.flatten(layer.output)[0])

    def drawn(tensor):
        shape = [1, *(STEPS if size is None else size for size in tensor.shape[1:])]
        return np.ones(shape, "bool") if tensor.dtype == "bool" else random.normal(size=shape).astype("float32")

    vectors, *others = map(drawn, tensors_in)
    others = tensors(others)
    _, (gradient,) = gradients(lambda v: ops.sum(alone([v, *others])[:, step]), vectors)
    reach = np.abs(gradient).max(axis=(0, 2))
    assert (reach[: step + 1] > 0).all()
    assert (reach[step + 1 :] == 0).all() if entry.causal else (reach[step + 1 :] > 0).all()


def a_node_reads_what_is_below_it(entry):
    """By change: another word changes what is said of the phrases that hold it, and of no other."""
    model = entry.built()
    inputs = batch(entry, model).inputs
    holds, before = below(inputs), said(model, inputs)["probabilities"]
    for word, token in enumerate(inputs["tokens"]):
        changed = inputs["tokens"].copy()
        changed[word] = token % 8 + 1
        after = said(model, inputs | {"tokens": changed})["probabilities"]
        np.testing.assert_array_equal(np.abs(after - before).max(axis=-1) > 0, holds[..., word])


def every_weight_learns(entry):
    """But for the vectors of padding and of ids that the batch does not hold."""
    model, data, _, (loss, gradient) = results(entry)
    assert np.isfinite(loss)
    assert loss > 0
    for variable in model.trainable_variables:
        array = gradient[variable.path]
        assert np.isfinite(array).all(), variable.path
        if entry.idle and variable.path.endswith(entry.idle):
            assert (array == 0).all(), variable.path
        elif names := entry.looked_up(variable):
            ids = np.concatenate([data.inputs[name].ravel() for name in names])
            ids = np.where(ids < len(array), ids, 1)  # what a source lent is read as unknown
            present = np.isin(np.arange(len(array)), ids if names == ["label"] else ids[ids > 0])
            np.testing.assert_array_equal(np.abs(array).max(axis=-1) > 0, present, err_msg=variable.path)
        else:
            assert np.abs(array).max() > 1e-8, variable.path


def a_seed_decides_the_weights(entry):
    def weights(seed):
        keras.utils.set_random_seed(seed)
        return entry.plain().get_weights()

    first, again, other = weights(7), weights(7), weights(8)
    for one, two in zip(first, again, strict=True):
        np.testing.assert_array_equal(one, two)
    assert any(not np.array_equal(one, two) for one, two in zip(first, other, strict=True))


def compiled(entry, **options):
    """A model with a training step, back at its start: tracing and compiling the step is most of what a law costs."""
    key = id(entry), *options.items()
    if key not in COMPILED:
        for other in [other for other in COMPILED if other[0] != id(entry)]:
            del COMPILED[other]
        model = entry.build(units=8)
        entry.compile(model, **options)
        build_optimizer(model)
        variables = [*model.variables, *model.optimizer.variables]
        COMPILED[key] = model, [(variable, numpy(variable)) for variable in variables]
    model, start = COMPILED[key]
    for variable, value in start:
        variable.assign(value)
    return model


def one_batch_is_learned_by_heart(entry, steps=150, **options):
    model = compiled(entry, **options)
    data = batch(entry, model, seed=2)  # no two rows begin alike: a causal model can tell them from the first step on
    losses = []
    for _ in range(steps):
        losses.append(model.train_on_batch(data.x, data.targets, data.sample_weight, return_dict=True)["loss"])
        if losses[-1] < entry.best:
            break
        model.reset_metrics()
    assert losses[-1] < entry.best < losses[0] / 4, (losses[0], losses[-1])


def half_precision_stays_close(entry, policy, tolerance):
    plain, data, expected, (loss, _) = results(entry)
    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy(policy)
    try:
        model = entry.build()
    finally:
        keras.config.set_dtype_policy(before)
    model.set_weights(plain.get_weights())
    assert model.get_layer(entry.recurrent).compute_dtype == policy.removeprefix("mixed_")
    found = said(model, data.inputs)[entry.spoken]
    assert found.dtype == "float32"
    stretched = tolerance * max(1.0, entry.arguments.get("clip", 0.0))  # by C of C tanh(u), and the error with it
    np.testing.assert_allclose(found, expected[entry.spoken], atol=stretched, rtol=tolerance)
    half_loss, gradient = learned(model, data)
    np.testing.assert_allclose(half_loss, loss, rtol=tolerance)
    assert all(np.isfinite(array).all() for array in gradient.values())


def xla_changes_nothing(entry):
    """One training step with XLA, and one without any compilation."""
    after, start = [], None
    for options in ({"run_eagerly": True}, {"jit_compile": True}):
        model = compiled(entry, **options)
        start = start or model.get_weights()
        model.set_weights(start)
        data = batch(entry, model, seed=2)
        model.reset_metrics()
        loss = model.train_on_batch(data.x, data.targets, data.sample_weight, return_dict=True)["loss"]
        after.append((loss, dict(zip([w.path for w in model.weights], model.get_weights(), strict=True))))
    (loss, weights), (xla_loss, xla_weights) = after
    np.testing.assert_allclose(xla_loss, loss, **PRECISION)
    for name, expected in weights.items():
        np.testing.assert_allclose(xla_weights[name], expected, rtol=1e-4, atol=1e-4, err_msg=name)


def copies_are_the_same_model(entry, folder):
    """Loaded and cloned, both through its configuration: the same class, outputs, frozen layers and optimizer."""
    model, data, outputs, _ = results(entry)
    try:
        # Every second layer, and in the others the first of their sublayers.
        for number, layer in enumerate(layer for layer in model.layers if layer.trainable_weights):
            inner = [sublayer for sublayer in layer._flatten_layers(include_self=False) if sublayer.trainable_weights]
            for frozen in [layer] if number % 2 or not inner else inner[:1]:
                frozen.trainable = False
        entry.compile(model)
        build_optimizer(model)
        for variable in model.optimizer.variables:
            variable.assign(variable + 1)
        trainable = [weight.path for weight in model.trainable_weights]
        assert len(trainable) < len(model.weights)
        model.save(folder / "model.keras")
        loaded, clone = keras.saving.load_model(folder / "model.keras"), keras.models.clone_model(model)
        for copy in (loaded, clone):
            assert type(copy) is type(model) and copy.compiled
            assert [weight.path for weight in copy.trainable_weights] == trainable
        clone.set_weights(model.get_weights())
        for name, array in said(clone, data.inputs).items():  # what is loaded is held to it in `test_reload.py`
            np.testing.assert_allclose(array, outputs[name], **PRECISION, err_msg=name)
        for one, other in zip(loaded.optimizer.variables, model.optimizer.variables, strict=True):
            np.testing.assert_array_equal(numpy(one), numpy(other), err_msg=other.path)
    finally:
        model.trainable = True
        entry.compile(model)


def each_layer_is_copied_alone(entry, folder):
    """Each class of our layers, once, in a functional model of its own: saved and loaded, and cloned."""
    model = entry.built()
    data = batch(entry, model).inputs
    for layer in model.layers:
        if not type(layer).__module__.startswith("zoo.") or type(layer) in COPIED:
            continue
        COPIED.add(type(layer))
        tensors_in = list({id(tensor): tensor for tensor in keras.tree.flatten(layer.input)}.values())
        before = keras.Model(model.inputs, tensors_in)
        inputs = keras.tree.flatten(before(tensors([data[tensor.name] for tensor in model.inputs])))
        alone = keras.Model(tensors_in, layer.output)
        alone.save(folder / "layer.keras")
        clone = keras.models.clone_model(alone)
        clone.set_weights(alone.get_weights())
        expected = keras.tree.flatten(numpy(alone(inputs)))
        for copy in (keras.saving.load_model(folder / "layer.keras"), clone):
            for one, other in zip(keras.tree.flatten(numpy(copy(inputs))), expected, strict=True):
                np.testing.assert_allclose(one, other, **PRECISION, err_msg=layer.name)


def every_kind_of_data_trains_alike(entry):
    """Arrays (but of trees, which share one axis), a generator and a tf.data.Dataset: one step of `fit` is the same."""
    import tensorflow as tf

    model = entry.built()
    data = batch(entry, model)
    whole = data.x, data.targets, data.sample_weight
    kinds = {"tf.data": {"x": tf.data.Dataset.from_tensors(whole)}, "generator": {"x": (whole for _ in range(1))}}
    if entry.over != "trees":
        arrays = {"x": data.x, "y": data.targets, "sample_weight": data.sample_weight}
        kinds["arrays"] = {**arrays, "batch_size": BATCH, "shuffle": False}
    start, trained = [numpy(variable) for variable in model.variables], {}
    for kind, options in kinds.items():
        for variable, value in zip(model.variables, start, strict=True):
            variable.assign(value)
        entry.compile(model, run_eagerly=True)
        model.fit(**options, verbose=0)
        trained[kind] = model.get_weights()
    for kind, weights in trained.items():
        for one, other in zip(weights, trained["generator"], strict=True):
            np.testing.assert_allclose(one, other, **PRECISION, err_msg=kind)
    if "arrays" in kinds:
        logs = model.fit(**kinds["arrays"], validation_split=0.5, verbose=0).history
        assert np.isfinite(logs["val_loss"]).all()
    entry.compile(model)


def a_model_is_a_part_of_another(entry):
    """Called on inputs of a functional model it gives the same outputs there; its summary names its layers."""
    model, data, outputs, _ = results(entry)
    inputs = {
        tensor.name: keras.Input(batch_shape=tensor.shape, dtype=tensor.dtype, name=tensor.name)
        for tensor in model.inputs
    }
    outer = keras.Model(inputs, model(taken(inputs)))
    found = numpy(outer({name: tensors(data.inputs[name]) for name in inputs}))
    for name, array in (found if isinstance(found, dict) else {entry.spoken: found}).items():
        np.testing.assert_allclose(array, outputs[name], **PRECISION, err_msg=name)
    lines = []
    model.summary(print_fn=lambda line, **_: lines.append(line))
    assert any(model.layers[-1].name in line for line in "\n".join(lines).splitlines())


def no_mask_rides_on_an_output(entry):
    model = entry.built()
    data = batch(entry, model)
    spoken = model(tensors(data.x))
    made = [tensor for layer in model.layers for tensor in keras.tree.flatten(layer.output)]
    for tensor in [*keras.tree.flatten(spoken), *made]:
        assert getattr(tensor, "_keras_mask", None) is None, tensor


def trains_with(entry, part, name):
    model = entry.build(**{part: name})
    entry.compile(model, run_eagerly=True)
    data = batch(entry, model)
    before = model.get_weights()
    loss = model.train_on_batch(data.x, data.targets, data.sample_weight, return_dict=True)["loss"]
    assert np.isfinite(loss)
    after = model.get_weights()
    assert all(np.isfinite(array).all() for array in after)
    for weight, one, other in zip(model.weights, before, after, strict=True):
        idle = entry.idle is not None and weight.path.endswith(entry.idle)
        moves = (weight.trainable and not idle) or weight.name == "updates"
        assert np.array_equal(one, other) != moves, weight.path
