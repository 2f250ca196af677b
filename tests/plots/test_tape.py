import numpy as np
import pytest
from matplotlib.image import imread

from tests.plots.figures import boxes, overlaps
from zoo.plots.tape import plot_tape

STEPS = 6


def tape(slots=5, heads=(1, 1), **changed):
    """Six steps of three inputs, two outputs and four numbers in a slot; heads that stay at slot 1."""
    random = np.random.default_rng(0)
    weights = np.zeros((STEPS, max(heads), slots))
    weights[:, :, 1] = 1
    return {
        "inputs": random.integers(0, 2, (STEPS, 3)),
        "outputs": random.random((STEPS, 2)),
        "targets": random.integers(0, 2, (STEPS, 2)),
        "added": random.normal(size=(STEPS, 4)),
        "read": random.normal(size=(STEPS, 4)),
        "write_weights": weights[:, : heads[0]],
        "read_weights": weights[:, : heads[1]],
        **changed,
    }


def at(slots, *places):
    """Weights of one head that is at these slots, one after the other, and stays at the last."""
    weights = np.zeros((STEPS, 1, slots))
    for step in range(STEPS):
        weights[step, 0, places[min(step, len(places) - 1)]] = 1
    return weights


def panels(figure):
    """By title; the others are scales of colours or empty."""
    return {axes.get_title(loc="left"): axes for axes in figure.axes if axes.get_title(loc="left")}


def slots_of(axes):
    """Which slot each row is of, as the ticks say it."""
    rows = axes.images[0].get_array().shape[0]
    return [int(axes.yaxis.get_major_formatter()(row, None)) for row in range(rows)]


def test_every_panel_holds_its_numbers_with_time_to_the_right(drawn, tmp_path):
    given = tape()
    plot_tape(given, tmp_path / "tape.png")
    (figure,) = drawn
    found = panels(figure)
    wanted = {name: given[name] for name in ("inputs", "outputs", "targets", "added", "read")}
    wanted["outputs minus targets"] = given["outputs"] - given["targets"]
    wanted |= {f"{name} weights": given[f"{name}_weights"][:, 0] for name in ("write", "read")}
    assert found.keys() == wanted.keys()
    for name, axes in found.items():
        np.testing.assert_array_equal(axes.images[0].get_array(), wanted[name].T)
        assert axes.get_xlim() == (-0.5, STEPS - 0.5) and axes.get_ylim() == (wanted[name].shape[1] - 0.5, -0.5)
    assert len(figure.axes) == 2 * len(wanted)  # each with its scale
    # Side by side: given and said, wanted and missed, added and read, written and read.
    left = ["inputs", "targets", "added", "write weights"]
    right = ["outputs", "outputs minus targets", "read", "read weights"]
    for one, other in zip(left, right, strict=True):
        here, there = found[one].get_subplotspec(), found[other].get_subplotspec()
        assert here.rowspan == there.rowspan and (here.colspan[0], there.colspan[0]) == (0, 1)
    assert [name for name, axes in found.items() if axes.get_xlabel() == "step"] == ["write weights", "read weights"]


def test_scales(drawn, tmp_path):
    given = tape()
    plot_tape(given | {"inputs": given["inputs"] * -3.0, "outputs": given["targets"] * 0.99}, tmp_path / "tape.png")
    limits = {name: axes.images[0].get_clim() for name, axes in panels(drawn[0]).items()}
    assert limits["inputs"] == (-3, 3)
    assert limits["outputs"] == limits["targets"] == limits["write weights"] == (0, 1)
    assert limits["outputs minus targets"] == (-1, 1)
    assert limits["added"][1] == -limits["added"][0] == abs(given["added"]).max()


def test_without_targets_and_with_several_heads(drawn, tmp_path):
    given = tape(heads=(1, 3), targets=None)
    given["read_weights"][:] = np.eye(3, 5)
    plot_tape(given, tmp_path / "tape.png")
    found = panels(drawn[0])
    heads = [f"read weights of head {head}" for head in range(3)]
    assert [*found] == ["inputs", "outputs", "added", "read", "write weights", *heads]
    for head, name in enumerate(heads):
        assert set(found[name].images[0].get_array().argmax(axis=0)) == {head}
    assert [name for name, axes in found.items() if axes.get_xlabel()] == ["write weights", heads[-1]]


@pytest.mark.parametrize(
    ("written", "read", "shown", "title"),
    [
        ((3, 4, 5), (9,), range(3, 10), "slots 3 to 9 of 50"),
        ((48, 49, 0), (2,), [48, 49, 0, 1, 2], "slots 48 to 49 and 0 to 2 of 50"),
        ((0,), (0,), [0], "slots 0 to 0 of 50"),
        ((49,), (47,), [47, 48, 49], "slots 47 to 49 of 50"),
    ],
)
def test_of_a_large_memory_the_part_that_is_used(drawn, tmp_path, written, read, shown, title):
    given = tape(write_weights=at(50, *written), read_weights=at(50, *read))
    given["read_weights"] = 0.6 * given["read_weights"] + 0.4 / 50  # what is spread evenly is no use
    plot_tape(given, tmp_path / "tape.png")
    found = panels(drawn[0])
    for name in ("write", "read"):
        axes = found[f"{name} weights, {title}"]
        assert slots_of(axes) == [*shown]
        np.testing.assert_array_equal(axes.images[0].get_array(), given[f"{name}_weights"][:, 0, [*shown]].T)


@pytest.mark.parametrize("weights", [np.full((STEPS, 1, 50), 1 / 50), at(40, 3)])
def test_all_slots_of_a_small_memory_or_of_one_that_is_used_nowhere(drawn, tmp_path, weights):
    plot_tape(tape(write_weights=weights, read_weights=weights), tmp_path / "tape.png")
    axes = panels(drawn[0])["write weights"]
    assert slots_of(axes) == [*range(weights.shape[2])]


def test_steps_that_are_not_counted_are_veiled(drawn, tmp_path):
    plot_tape(tape(), tmp_path / "tape.png", answer_steps=np.array([0, 0, 1, 1, 0, 1.0]))
    found = panels(drawn[0])
    veiled = {name: [patch.get_x() + 0.5 for patch in axes.patches] for name, axes in found.items() if axes.patches}
    told = "(grey: not counted)"
    assert veiled == {f"outputs {told}": [0, 1, 4], f"outputs minus targets {told}": [0, 1, 4]}
    plot_tape(tape(), tmp_path / "tape.png", answer_steps=np.ones(STEPS))
    assert not any(axes.patches or "grey" in name for name, axes in panels(drawn[1]).items())


@pytest.mark.parametrize("steps", [1, 250])
def test_the_file_is_a_picture(tmp_path, steps):
    given = {name: np.repeat(values[:1], steps, axis=0) for name, values in tape().items()}
    plot_tape(given, tmp_path / "tape.png")
    assert imread(tmp_path / "tape.png").std() > 0.01


def test_titles_do_not_run_into_each_other(drawn, tmp_path):
    given = tape(write_weights=at(128, 120, 5), read_weights=at(128, 121, 5))
    plot_tape(given, tmp_path / "tape.png", answer_steps=np.zeros(STEPS))
    (figure,) = drawn
    figure.draw_without_rendering()
    placed = boxes(figure, [axes.title for axes in figure.axes] + [axes._left_title for axes in figure.axes])
    assert len(placed) == 8 and not overlaps(placed)


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"added": np.zeros((STEPS, 4, 2))}, r"'added' of one sequence, of the shape \(T, W\). Received: \(6, 4, 2\)"),
        ({"read_weights": np.zeros((STEPS, 5))}, r"'read_weights' .* \(T, heads, N\). Received: \(6, 5\)"),
        ({"read": np.zeros((5, 4))}, "the same steps. Received: .*'read': 5"),
        ({"targets": np.zeros((STEPS, 3))}, r"'outputs' and 'targets' must be of one width. .*\(6, 2\) and \(6, 3\)"),
        ({"read_weights": at(7, 0)}, "'write_weights' and 'read_weights' must be of one width"),
        ({"read_weights": 2 * at(5, 0)}, "'read_weights' must lie between 0 and 1. Received: 0 to 2"),
        ({"outputs": np.full((STEPS, 2), np.nan)}, "finite numbers. Received: 'outputs' with nan at step 0"),
    ],
)
def test_what_is_no_tape(tmp_path, changed, message):
    with pytest.raises(ValueError, match=message):
        plot_tape(tape(**changed), tmp_path / "tape.png")


def test_what_a_tape_lacks(tmp_path):
    given = tape()
    del given["read"]
    with pytest.raises(ValueError, match="A tape holds 'read' .* Received: none"):
        plot_tape(given, tmp_path / "tape.png")
    with pytest.raises(ValueError, match="the same steps. Received: .*'answer_steps': 2"):
        plot_tape(tape(), tmp_path / "tape.png", answer_steps=np.ones(2))
