"""Base class of the generated data sets of TFDS: number of examples, seed and splits."""

import dataclasses
import inspect
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, ClassVar

import numpy as np
import tensorflow_datasets as tfds

from zoo.data.splits import split_by_index

NAME = re.compile(r"(\d+)_examples(?:_seed_(\d+))?")
Rows = Sequence[dict[str, Any]]
Parts = Mapping[str, Rows]
TEXT, TEXTS = tfds.features.Text(), tfds.features.Sequence(tfds.features.Text())
NUMBERS = tfds.features.Sequence(np.int32)


@dataclasses.dataclass(eq=False)
class Drawn(tfds.core.BuilderConfig):
    """Configuration of a generated set: number of examples and seed.

    Args:
        examples: of all splits together; None: as many as the set's recipe generates.
        seed: of the draws.
    """

    examples: int | None = None
    seed: int = 0

    @classmethod
    def named(cls, name: str) -> "Drawn":
        """Return the configuration of a name such as "500_examples" or "500_examples_seed_3".

        Raises:
            ValueError: another name, or no examples.
        """
        match = NAME.fullmatch(name)
        if match is None or not int(match[1]):
            raise ValueError(
                "A generated set's configuration is `whole`, or names its examples as `500_examples` or "
                f"`500_examples_seed_3`. Received: {name!r}."
            )
        return cls(name=name, examples=int(match[1]), seed=int(match[2] or 0))


class Generated(tfds.core.GeneratorBasedBuilder, skip_registration=True):  # type: ignore[call-arg]
    """Base class of generated sets, which need no download; see `define`. Examples keep the order of generation."""

    VERSION = tfds.core.Version("1.0.0")
    BUILDER_CONFIGS: ClassVar[list] = [
        Drawn(name="whole", description="As many examples as the recipe generates, of seed 0.")
    ]
    FEATURES: ClassVar[Any]
    EXAMPLES: ClassVar[int]
    draw: ClassVar[Any]

    def _info(self) -> tfds.core.DatasetInfo:
        return tfds.core.DatasetInfo(
            builder=self,
            description=inspect.getdoc(type(self)) or "",
            features=tfds.features.FeaturesDict(dict(self.FEATURES())),
            disable_shuffling=True,
        )

    def _split_generators(self, dl_manager: Any) -> dict[str, Iterator]:
        config = self.builder_config
        parts = self.draw(config.examples or self.EXAMPLES, config.seed)
        empty = [split for split, rows in parts.items() if not rows]
        if empty:
            raise ValueError(
                f"Every split holds an example. Received: {config.examples} examples, none of which is for {empty[0]}. "
                "Ask for more."
            )
        return {split: self._generate_examples(rows) for split, rows in parts.items()}

    def _generate_examples(self, rows: Rows) -> Iterator[tuple[int, dict[str, Any]]]:
        for number, row in enumerate(rows):
            yield number, {name: row[name] for name in self.info.features}

    def _create_builder_config(self, builder_config: Any, version: Any) -> Any:
        """Takes names that no list could hold, too."""
        if isinstance(builder_config, str) and builder_config not in self.builder_configs:
            return Drawn.named(builder_config)
        return super()._create_builder_config(builder_config, version)


def define(
    name: str,
    description: str,
    features: Mapping[str, Any] | Callable[[], Mapping[str, Any]],
    examples: int,
    draw: Callable[[int, int], Parts],
) -> type[Generated]:
    """Define and register a generated set.

    Args:
        name: of the set, "zoo_reverse".
        description: one line about its examples.
        features: of an example, by name; a function where they need TensorFlow.
        examples: of the configuration `whole`.
        draw: function of the number of examples and the seed to examples by split.
    """
    members = {
        "__doc__": description,
        "__module__": __name__,
        "FEATURES": staticmethod(features if callable(features) else lambda: features),
        "EXAMPLES": examples,
        "draw": staticmethod(draw),
    }
    return type("".join(word.capitalize() for word in name.split("_")), (Generated,), members)


def by_index(generate: Callable[..., Iterable[Any]], *names: str, **arguments: Any) -> Callable[[int, int], Parts]:
    """Return a `draw` that splits the examples of a generator by index.

    Args:
        generate: of `zoo.data.synthetic`.
        names: of features, where examples are tuples.
        arguments: of the generator.
    """

    def draw(count: int, seed: int) -> Parts:
        examples = generate(count, seed=seed, **arguments)
        return split_by_index(rows(examples, *names) if names else list(examples))

    return draw


def renamed(generate: Callable[..., Iterable[Any]], **names: str) -> Callable[..., list[dict[str, Any]]]:
    """Return a generator whose examples are dicts with other names: feature=name in the example."""
    return lambda count, **arguments: [
        {feature: example[name] for feature, name in names.items()} for example in generate(count, **arguments)
    ]


def rows(examples: Iterable[Sequence[Any]], *names: str) -> list[dict[str, Any]]:
    """Return tuples as examples with named features."""
    return [dict(zip(names, example, strict=True)) for example in examples]
