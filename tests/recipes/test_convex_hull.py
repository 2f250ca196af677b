import numpy as np
import pytest

import zoo
from tests.runs import splits_of
from zoo.data.synthetic import convex_hulls
from zoo.experiments.run import train
from zoo.experiments.settings import Settings

SMALL = {"batches": 80, "batch_size": 64, "examples": 40, "units": 32, "smallest": 4, "largest": 5, "beyond": 7}


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """A short run, to be read only."""
    out = tmp_path_factory.mktemp("runs") / "hull"
    settings = Settings(quick=True, epochs=1, verbose=0)
    short = {**SMALL, "batches": 4, "batch_size": 8, "examples": 8, "units": 8, "largest": 4, "beyond": 5}
    return train("convex_hull", out=out, settings=settings, **short, encoder="forward", glimpses=0)


def test_a_short_run_is_measured_by_size_and_drawn(run):
    test = run.metrics["test"]
    names = ("exact", "area", "invalid")
    assert set(test) == {*names, *(f"{name}_{size}" for name in names for size in (4, 5))}
    assert np.isfinite(list(test.values())).all()
    assert (run.folder / "hulls.png").stat().st_size > 5000


@pytest.mark.slow
def test_a_quick_run_learns_and_is_measured_by_size(tmp_path):
    settings = Settings(quick=True, epochs=3, verbose=0)
    run = train("convex_hull", out=tmp_path / "hull", settings=settings, **(SMALL | {"batches": 120}))
    test = run.metrics["test"]
    names = ("exact", "area", "invalid")
    assert set(test) == {*names, *(f"{name}_{size}" for name in names for size in (4, 5, 7))}
    assert test["exact_4"] > 0.15  # one of 14 hulls of 4 points
    assert test["area_4"] > 0.5
    assert test["area_7"] > 0.3
    assert (run.folder / "hulls.png").stat().st_size > 5000


def test_typed_points_are_answered_and_drawn(run, command, tmp_path):
    text = "0.1 0.2  0.9 0.1  0.5 0.5  0.6 0.9"
    output, _, code = command("generate", run.folder, text, "--alignments", tmp_path / "hull.png")
    assert code == 0
    assert set(output.split()) <= set("0123")
    (found,) = zoo.generate(zoo.load(run.folder), [np.array(text.split(), "float32").reshape(-1, 2)])[0]
    assert found.text == output.strip()
    assert (tmp_path / "hull.png").stat().st_size > 5000


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("0.1 0.2 0.9 0.1", "3 points or more"),
        ("0 0 0.5 0.5 1 1", "all on one line"),
        ("0 0 1 1 0 0 0.5 0", "positions 0 and 2"),
        ("0 0 1 1 1", "Every point has 2 numbers"),
        ("here and there", "Points are numbers"),
    ],
)
def test_points_without_a_hull_are_refused(run, command, text, said):
    _, errors, code = command("generate", run.folder, text)
    assert code and said in errors


@pytest.mark.slow
def test_a_file_is_measured_as_a_whole(run, command, tmp_path):
    examples = convex_hulls.generate(20, points=(4, 5), seed=3)
    lines = [
        " ".join(
            [*map(str, one["source"].ravel()), "output", *(str(p + 1) for p in [*one["target"], one["target"][0]])]
        )
        for one in examples
    ]
    (tmp_path / "points.txt").write_text("\n".join(lines))
    output, _, code = command("evaluate", run.folder, "--data", tmp_path / "points.txt", "--split", "all")
    assert code == 0 and "exact_4" in output
    raw = splits_of("convex_hull", data=str(tmp_path / "points.txt")).raw
    assert sum(map(len, raw.values())) == 20
