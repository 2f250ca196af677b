"""The contract of recipes: the facts and functions that a recipe's module may define, each with its default."""

import importlib
import importlib.util
import inspect
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

import keras

from zoo.data.batches.teacher_forcing import make_generation_splits
from zoo.data.splits import Splits, make_splits
from zoo.experiments.entry_points import list_recipes
from zoo.lookup import lookup


class Recipe:
    """A task of the literature: its data, its models with the settings that suit it, and its metrics.

    A recipe is a module that defines some of the names below; what it does not define is as defined here. `MODELS`,
    `FIT`, `data` and `evaluate` it must define. Keyword arguments of `data`, `vocabularies` and `batches` are the
    recipe's own: with those of the model, of `zoo.experiments.optimizers.compile_model` and of
    `zoo.experiments.objectives.make_objective` they are what `zoo.train` and the command line take.

    Args:
        name: by which the recipe is known.
        module: that defines it.
    Raises:
        TypeError: a module that lacks one of the four.
    """

    MODELS: Mapping[str, tuple[str, Mapping[str, Any]]] = {}
    """The models to choose from; the first is the default. Name -> (name in the registry, arguments that differ)."""

    CHOICE: str = "model"
    """Name of the argument that chooses among `MODELS`: "task" where each task has a model of its own."""

    OPTIMIZERS: Mapping[str, Mapping[str, Any]] = {}
    """By name of `MODELS`: the arguments of `compile_model` that differ from its defaults."""

    FIT: Mapping[str, Any] = {}
    """`epochs`, `patience`, `monitor` (a metric, or one for each name of `MODELS`), and arguments of `batches`."""

    QUICK: Mapping[str, Any] = {}
    """What a quick training changes, `epochs` among it; under a name of `MODELS`, what it changes for that model."""

    SIZES: Mapping[str, Callable[..., Any]] = {}
    """Arguments of the models that the data decide, beside those of `zoo.experiments.sizes`: name -> function of the
    splits, whose keyword arguments are the recipe's own."""

    REWARDS: Mapping[str, Callable[[Splits], Any]] | None = None
    """What outputs can be rewarded by, from splits to a reward; None: the recipe trains by the targets alone."""

    VECTORS: Mapping[str, Any] = {}
    """By name of `MODELS`: the `zoo.experiments.word_vectors.WordVectors` that `--vectors` initializes."""

    OUTPUT_FILE: str | None = None
    """The name of a file that `zoo generate` writes, with {} for its number, where outputs are no text."""

    def __init__(self, name: str, module: ModuleType):
        self.name, self.module = name, module
        self.description = (inspect.getdoc(module) or "").split("\n")[0]
        self._defined = {hook for hook in HOOKS if hook in vars(module)}
        for hook in self._defined:
            setattr(self, hook, vars(module)[hook])
        if missing := {"MODELS", "FIT", "data", "evaluate"} - self._defined:
            raise TypeError(
                f"A recipe defines MODELS, FIT, data and evaluate. Received: {module.__name__}, which lacks "
                f"{', '.join(sorted(missing))}."
            )

    def defines(self, hook: str) -> bool:
        """Return whether the recipe's module defines a name of this class itself."""
        return hook in self._defined

    @staticmethod
    def data(*, seed: int = 0) -> dict[str, list] | Splits:
        """Read or generate the examples: by split a list of (input, target) or of dicts by input name.

        Where batches are drawn while training, or encoding is not what `batches` does, the `Splits` themselves. May
        take `vocabularies`, those of a trained model or None, and the argument named by `CHOICE`.
        """
        raise NotImplementedError

    @staticmethod
    def vocabularies(raw: dict[str, list]) -> dict[str, Any]:
        """Make what encodes the examples: vocabularies and featurizers by the name of what they encode."""
        return {}

    @staticmethod
    def batches(
        raw: dict[str, list],
        vocabularies: dict[str, Any],
        *,
        batch_size: int = 32,
        seed: int = 0,
    ) -> Splits:
        """Encode the examples and batch them: dicts for teacher forcing, pairs for a model that maps.

        Args:
            raw, vocabularies: what `data` and `vocabularies` return.
            batch_size: examples of a step.
            seed: of shuffling.
        """
        make = make_generation_splits if isinstance(raw["train"][0], dict) else make_splits
        return make(raw, vocabularies, batch_size=batch_size, seed=seed)

    @staticmethod
    def initialize(model: keras.Model, splits: Splits) -> None:
        """Prepare a new model for the data, before it is compiled."""

    @staticmethod
    def callbacks(model: keras.Model, splits: Splits) -> list[keras.callbacks.Callback]:
        """Return callbacks of this task, for metrics of what is decoded above all."""
        return []

    @staticmethod
    def evaluate(model: keras.Model, splits: Splits, split: str = "test") -> dict[str, float | None]:
        """Return the metrics of a split."""
        raise NotImplementedError

    @staticmethod
    def baseline(splits: Splits) -> dict[str, float]:
        """Return metrics of a simple method on the test split."""
        return {}

    @staticmethod
    def plot(model: keras.Model, splits: Splits, folder: Path) -> None:
        """Draw what the model does on test examples into the run's folder."""

    @staticmethod
    def space(hp: Any) -> dict[str, Any]:
        """Return the arguments that a search varies, drawn from keras-tuner's `HyperParameters`."""
        raise NotImplementedError

    @staticmethod
    def format_report(metrics: Mapping[str, float]) -> str:
        """Return a table of test metrics to be printed after training."""
        return ""

    @staticmethod
    def parse_input(text: str, run: Any) -> Any:
        """Return the model's input that a text on the command line stands for."""
        return text

    @staticmethod
    def predict(run: Any, inputs: Sequence[Any], **arguments: Any) -> list[Any]:
        """Return answers that are no hypotheses (a forecast with its interval), for `zoo generate`."""
        raise NotImplementedError

    @staticmethod
    def format_answer(answer: Any) -> list[str]:
        """Return the lines that show an answer of `predict`."""
        raise NotImplementedError

    @staticmethod
    def format_prediction(prediction: Any) -> str:
        """Return the text that shows a prediction of `zoo.predict`."""
        raise NotImplementedError

    @staticmethod
    def plot_predictions(predictions: Sequence[Any], path: Path) -> None:
        """Draw predictions of `zoo.predict` into a file."""
        raise NotImplementedError

    @staticmethod
    def plot_outputs(hypotheses: Sequence[Any], inputs: Sequence[Any], path: Path, run: Any) -> None:
        """Draw hypotheses of `zoo.generate` into a file."""
        raise NotImplementedError

    @staticmethod
    def write_output(hypothesis: Any, path: Path, run: Any) -> str:
        """Write an output that is no text into a file, and return a line about it."""
        raise NotImplementedError

    @staticmethod
    def format_output(hypothesis: Any, run: Any) -> str:
        """Return an output that is no text as characters for a terminal."""
        raise NotImplementedError


HOOKS = tuple(name for name in vars(Recipe) if not name.startswith("_") and name not in ("defines",))


def load_recipe(recipe: str | Path | ModuleType | Recipe) -> Recipe:
    """Return a recipe by its name, by the path of a Python file, by the name of a module, or of a module.

    Raises:
        UnknownNameError: no recipe of that name; the message names the closest.
        FileNotFoundError: no such file.
        TypeError: a module that is no recipe.
    """
    if isinstance(recipe, Recipe):
        return recipe
    if isinstance(recipe, ModuleType):
        return Recipe(_name_of(recipe.__name__), recipe)
    text = str(recipe)
    if text.endswith(".py"):
        path = Path(text).expanduser().resolve()
        if not path.is_file():
            raise FileNotFoundError(f"A recipe is a Python file, a module or a name. Received: {recipe}, no such file.")
        return Recipe(str(path), _import_file(path))
    known = list_recipes()
    if text not in known and "." in text:
        return Recipe(text, importlib.import_module(text))
    return Recipe(text, importlib.import_module(lookup("recipe", text, known)))


def _name_of(module: str) -> str:
    """The name under which a module is declared, or that of the module."""
    return next((name for name, value in list_recipes().items() if value == module), module)


def _import_file(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None and spec.loader is not None  # the name ends in .py
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
