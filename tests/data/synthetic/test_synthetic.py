"""What holds for every generator of the package."""

import numpy as np
import pytest

from zoo.data import synthetic
from zoo.data.trees import Tree

OTHERWISE = ("algorithms", "genes", "prose")  # more than one generator, whole batches, one text
GENERATORS = {
    **{name: getattr(synthetic, name).generate for name in synthetic.__all__ if name not in OTHERWISE},
    "splices": synthetic.genes.generate_splices,
    "genes": synthetic.genes.generate_genes,
    "entities": synthetic.tagged_sentences.generate_entities,
}
# What examples tell beside input and target.
NOTED = {"rules": "kind", "inflections": "lemma"}
STORY = ["story", "question", "answer", "supporting", "task"]
every_task = pytest.mark.parametrize("generate", GENERATORS.values(), ids=GENERATORS)


def parts(example):
    if isinstance(example, Tree):
        return example.tokens(), example.brackets()
    return tuple(example.values()) if isinstance(example, dict) else example


def hashable(example):
    return tuple(part.tobytes() if isinstance(part, np.ndarray) else str(part) for part in parts(example))


@every_task
def test_same_seed_same_examples(generate):
    assert list(map(hashable, generate(50, seed=7))) == list(map(hashable, generate(50, seed=7)))


# Few of those that take long to draw; as many of them as of the others is slow.
COUNTS = [
    (name, 300 if name in ("melodies", "notes", "world", "genes", "expressions") else 2000) for name in GENERATORS
]
COUNTS += [pytest.param(name, 2000, marks=pytest.mark.slow) for name, count in COUNTS if count < 2000]


@pytest.mark.parametrize(("name", "count"), COUNTS)
def test_other_seed_other_examples(name, count):
    first, second = ({hashable(example) for example in GENERATORS[name](count, seed=seed)} for seed in (1, 2))
    assert len(first) > 0.9 * count
    assert len(first & second) < 0.1 * count


@every_task
@pytest.mark.parametrize("count", [0, 1, 13])
def test_any_count(generate, count):
    examples = generate(count)
    assert isinstance(examples, list) and len(examples) == count


def test_examples_are_pairs_or_dicts_by_input_name():
    for name, generate in GENERATORS.items():
        for example in generate(13):
            if isinstance(example, tuple):
                assert len(example) == 2
            elif name == "expressions":
                assert isinstance(example, Tree)
            else:
                assert list(example) in (["source", "target"], ["target"], ["source", "target", NOTED.get(name)], STORY)


@every_task
def test_lengths_vary_where_the_task_has_no_fixed_one(generate):
    fixed = {"adding", "copy_memory", "patterns", "motions", "splices"}
    lengths = {len(inputs) for inputs, *_ in map(parts, generate(100))}
    assert (len(lengths) == 1) == (generate in [GENERATORS[name] for name in fixed])
