"""How recipes make a model that copies what it reads, and the same model without that, to compare."""

from collections.abc import Callable

import keras

import zoo
from zoo.data.splits import Splits
from zoo.experiments.optimizers import compile_generator


def of(*, attention: str, coverage_penalty: float, dropout: float) -> Callable[..., keras.Model]:
    """A recipe's `model`. The command line reads its arguments, of which these are the recipe's own defaults."""

    def model(
        splits: Splits,
        *,
        copying: str | None = "pointer_generator",
        attention: str = attention,
        input_feeding: bool = True,
        coverage_penalty: float = coverage_penalty,
        penalty_from: int = 10,
        penalty_full: int = 12,
        cell: str = "lstm",
        units: int = 128,
        layers: int = 1,
        embedding_size: int = 64,
        dropout: float = dropout,
        learning_rate: float = 2e-3,
    ) -> keras.Model:
        """An encoder-decoder that copies, compiled.

        Args:
            copying: pointer_generator; none for attention alone.
            attention: coverage (it reads where it has looked), location (it reads where the step before looked),
                additive, general or another.
            input_feeding: what was said enters the next step, with where it came from.
            coverage_penalty: weight of looking again where attention has looked; 0: none.
            penalty_from: epochs after which the penalty begins to grow.
            penalty_full: epochs after which all of it counts.
            cell: a name of zoo.cells.CELLS.
            units: width of the decoder, and of the encoder's directions together.
            layers: recurrent layers on each side.
            embedding_size: width of a token's vector.
            dropout: rate on vectors and outputs.
            learning_rate: of Adam; halved when validation gets no better.
        """
        model = zoo.build(
            "encoder_decoder",
            source_vocabulary_size=len(splits.vocabularies["source"]),
            target_vocabulary_size=len(splits.vocabularies["target"]),
            attention=attention,
            input_feeding=input_feeding,
            copying=copying,
            penalties={"coverage": coverage_penalty} if coverage_penalty else None,
            penalty_ramp=(penalty_from * len(splits.train), penalty_full * len(splits.train)),
            cell=cell,
            units=units,
            layers=layers,
            embedding_size=embedding_size,
            dropout=dropout,
        )
        return compile_generator(model, learning_rate)

    return model
