import numpy as np
from scipy.spatial import ConvexHull


def test_hulls_tours_and_orders(read):
    for row in read("zoo_convex_hull/30_examples"):
        assert set(row["target"]) == set(ConvexHull(row["source"]).vertices)
    for row in read("zoo_travelling_salesman/10_examples"):
        assert sorted(row["target"]) == list(range(len(row["source"])))
    for row in read("zoo_sorting/30_examples"):
        assert (np.diff(row["source"][row["target"], 0]) > 0).all()


def test_what_is_copied_is_asked(read):
    sizes = set()
    for row in read("zoo_algorithms/200_examples"):
        size = int(row["size"])
        sizes.add(size)
        assert row["weights"].sum() == size
        np.testing.assert_array_equal(row["targets"][row["weights"] > 0], row["inputs"][:size, :8])
    assert sizes == set(range(1, 21))
    assert max(row["size"] for row in read("zoo_algorithms/200_examples", "test")) == 40


def test_each_algorithm_has_its_width(read):
    for name, widths in (
        ("repeat_copy", (9, 9)),
        ("associative_recall", (8, 6)),
        ("ngrams", (1, 1)),
        ("priority_sort", (10, 8)),
    ):
        row = read(f"zoo_algorithms_{name}/40_examples")[0]
        assert (row["inputs"].shape[1], row["targets"].shape[1]) == widths
        assert len(row["inputs"]) == len(row["targets"]) == len(row["weights"])
