"""Every law for every entry."""

from collections.abc import Collection

import keras
import pytest

from tests.laws import laws
from tests.laws.entries import EACH, ENTRIES, GENERATING, LAST
from tests.laws.stepping import teacher_forcing_is_stepping
from tests.test_registry import parameters
from zoo.cells import CELLS
from zoo.cells.tree import COMPOSITIONS
from zoo.layers.memory_hops import TYINGS
from zoo.recurrent.turing_machine import CONTROLLERS
from zoo.registry import MODELS

ONE_A_MODEL = pytest.mark.parametrize(
    "entry", [pytest.param(list(forms.values())[-1], id=name) for name, forms in ENTRIES.items()]
)
# The loops of our own: every form of them once, where a compiler makes each form dear.
LOOPS = [name for name, _ in EACH if name.endswith(("_frames", "_causal"))]
# Once what goes over no steps.
COMPILED = [*LOOPS, *(name for name, entry in EACH if entry.over != "steps" and name in LAST)]
# What a model takes by name.
PARTS: dict[str, Collection[str]] = {
    "cell": CELLS,
    "controller": CONTROLLERS,
    "composition": COMPOSITIONS,
    "tying": TYINGS,
}
# Two cells that recur in our scan, by their output and by two states, are tried in every model (the entries have
# Keras' own layers), and every part in the first model that takes it; what is left is slow.
KINDS = ("jordan", "peephole_lstm")
TAKERS = [(model, part) for model in ENTRIES for part in PARTS if part in parameters(MODELS[model])]
FIRST = {part: model for model, part in reversed(TAKERS)}
EACH_PART = [
    pytest.param(
        list(ENTRIES[model].values())[-1],
        part,
        name,
        id=f"{model}-{name}",
        marks=[] if FIRST[part] == model or name in KINDS else [pytest.mark.slow],
    )
    for model, part in TAKERS
    for name in PARTS[part]
]


def marks(name, *others):
    """Of one form of each model; of the other forms in `make test-all`, but for padding and stepping: those of all."""
    return [*others] if name in LAST else [*others, pytest.mark.slow]


EACH_ENTRY = pytest.mark.parametrize("entry", [pytest.param(entry, id=name, marks=marks(name)) for name, entry in EACH])


def over(what):
    """The entries that go over steps, or over trees."""
    return pytest.mark.parametrize(
        "entry", [pytest.param(entry, id=name, marks=marks(name)) for name, entry in EACH if entry.over == what]
    )


FOR_XLA = [*COMPILED, "encoder_decoder_copying", "captioner_gated"]


def test_every_registered_model_is_held_to_the_laws():
    assert set(ENTRIES) == set(MODELS)
    assert all(ENTRIES.values())


@EACH_ENTRY
def test_shapes_are_the_documented_ones(entry):
    laws.shapes(entry)


@pytest.mark.parametrize(
    "entry",
    [pytest.param(entry, id=name, marks=[pytest.mark.each_backend] * (name in COMPILED)) for name, entry in EACH],
)
def test_padding_changes_neither_values_nor_loss_nor_gradients(entry):
    laws.padding_changes_nothing(entry)


@ONE_A_MODEL
def test_evaluation_does_not_depend_on_batching(entry):
    laws.evaluation_does_not_depend_on_batching(entry)


@EACH_ENTRY
def test_rows_do_not_see_each_other(entry):
    laws.rows_do_not_see_each_other(entry)


@EACH_ENTRY
def test_an_empty_row_says_what_zeros_say(entry):
    laws.an_empty_row_says_what_zeros_say(entry)


@over("steps")
def test_nothing_behind_a_step_is_read(entry):
    if entry.aligned:
        laws.nothing_behind_a_step_is_read(entry)
    laws.no_derivative_by_the_future(entry)


@over("trees")
def test_a_node_reads_what_is_below_it(entry):
    laws.a_node_reads_what_is_below_it(entry)


@EACH_ENTRY
def test_every_weight_learns(entry):
    laws.every_weight_learns(entry)


@pytest.mark.parametrize(
    "entry",
    [pytest.param(entry, id=name, marks=[pytest.mark.each_backend] * (name in LAST)) for name, entry in GENERATING],
)
def test_teacher_forcing_is_stepping(entry):
    teacher_forcing_is_stepping(entry)


@ONE_A_MODEL
def test_a_seed_decides_the_weights(entry):
    laws.a_seed_decides_the_weights(entry)


@pytest.mark.parametrize(
    ("entry", "name"),
    [
        pytest.param(entry, name, id=name, marks=marks(name, *[pytest.mark.each_backend] * (name in LAST)))
        for name, entry in EACH
        if name in LAST or (name, entry) not in GENERATING
    ],
)
def test_one_batch_is_learned_by_heart(entry, name):
    """With the step that the law of XLA compiles, where there is one."""
    jit = name in FOR_XLA and keras.backend.backend() == "tensorflow"
    laws.one_batch_is_learned_by_heart(entry, **({"jit_compile": True} if jit else {}))


@EACH_ENTRY
def test_half_precision_stays_close(entry):
    laws.half_precision_stays_close(entry, "mixed_float16", 5e-3)


@pytest.mark.slow
@ONE_A_MODEL
def test_brain_precision_stays_close(entry):
    laws.half_precision_stays_close(entry, "mixed_bfloat16", 5e-2)


@pytest.mark.parametrize(
    "entry", [pytest.param(entry, id=name, marks=marks(name)) for name, entry in EACH if name in FOR_XLA]
)
@pytest.mark.tensorflow
def test_xla_changes_nothing(entry):
    laws.xla_changes_nothing(entry)


@EACH_ENTRY
def test_copies_are_the_same_model(entry, tmp_path):
    laws.copies_are_the_same_model(entry, tmp_path)


@EACH_ENTRY
def test_each_layer_is_copied_alone(entry, tmp_path):
    laws.each_layer_is_copied_alone(entry, tmp_path)


@ONE_A_MODEL
@pytest.mark.tensorflow
def test_every_kind_of_data_trains_alike(entry):
    laws.every_kind_of_data_trains_alike(entry)


@ONE_A_MODEL
def test_a_model_is_a_part_of_another(entry):
    laws.a_model_is_a_part_of_another(entry)


@EACH_ENTRY
def test_no_mask_rides_on_an_output(entry):
    laws.no_mask_rides_on_an_output(entry)


@pytest.mark.parametrize(("entry", "part", "name"), EACH_PART)
def test_every_cell_trains_in_every_model_that_takes_it(entry, part, name):
    laws.trains_with(entry, part, name)
