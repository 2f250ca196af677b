"""What `--model transformer` makes of a recipe: another architecture, with the same data, decoders and figures.

A recipe says which Transformer stands beside its recurrent model, and which of its arguments then differ:

    @transformers.beside(transformers.encoder_decoder, units=128, layers=2, decay_epochs=EPOCHS)
    def model(splits, *, attention="general", units=256, ...):

They train with a warm-up, behind which the learning rate falls along a cosine.
"""

import inspect
from collections.abc import Callable, Mapping
from types import ModuleType
from typing import Any

import keras

from zoo.build import build
from zoo.data.splits import Splits
from zoo.experiments.optimizers import compile_classifier, compile_generator
from zoo.lookup import lookup

MODELS = {"recurrent": "what the recipe is about", "transformer": "attention alone"}
# What every recipe gains, with what is told of it.
ADDED = {
    "model": ("recurrent", str, "recurrent, or transformer, which has attention alone"),
    "heads": (4, int, "of a Transformer's attention; they share the units"),
    "warmup_steps": (500, int, "of a Transformer, updates in which the learning rate rises to its highest"),
    "decay_epochs": (
        0,
        int,
        "of a Transformer, epochs in which the learning rate falls to 0 along a cosine; 0: it falls with a root",
    ),
}
# With --quick, whatever the recurrent model does there.
QUICK = {"units": 64, "layers": 2, "dropout": 0.0, "learning_rate": 3e-3, "warmup_steps": 50}


def beside(build: Callable[..., keras.Model], **own: Any) -> Callable:
    """Makes of a recipe's `model` one that builds a Transformer, too, from what it can use of the same arguments.

    What the chosen model has no use for is refused where it is not left at its default.

    Args:
        build: one of the functions below; what it reads of the recipe's arguments a Transformer has a use for.
        own: what holds for a Transformer where it is not given.
    """

    def decorate(recurrent: Callable[..., keras.Model]) -> Callable[..., keras.Model]:
        known, read = _keywords(recurrent), _keywords(build)
        added = {
            name: inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=kind)
            for name, (default, kind, _) in ADDED.items()
            if name not in known
        }
        defaults = {name: parameter.default for name, parameter in {**known, **added}.items()}
        reads = {"recurrent": set(known), "transformer": {name for name in read if name in defaults}}

        def model(splits: Splits, *, model: str = "recurrent", **arguments: Any) -> keras.Model:
            lookup("model", model, MODELS)
            for name, value in arguments.items():
                if name not in reads[model] and value != defaults[name]:
                    raise ValueError(
                        f"A {model} model has no use for {name}={value!r}: it reads {', '.join(sorted(reads[model]))}. "
                        f"Leave {name} out, or choose the other model."
                    )
            arguments = defaults | (own if model == "transformer" else {}) | arguments
            function = build if model == "transformer" else recurrent
            return function(splits, **{name: arguments[name] for name in reads[model]})

        *others, _ = inspect.signature(model).parameters.values()  # splits, model, and not whatever arguments
        more = [parameter for name, parameter in added.items() if name != "model"]
        model.__signature__ = inspect.Signature([*others, *known.values(), *more])  # type: ignore[attr-defined]
        model.__doc__ = _documented(recurrent, added, reads["transformer"])
        model.reads, model.own = reads["transformer"], own  # type: ignore[attr-defined]
        return model

    return decorate


def instead(recipe: ModuleType, quick: Mapping[str, Any], arguments: Mapping[str, Any]) -> dict[str, Any]:
    """What holds instead of a recipe's defaults where nothing is given: of a quick run, and of a Transformer.

    Args:
        recipe: the recipe.
        quick: what its quick run sets; {} of another run.
        arguments: as given.
    """
    if arguments.get("model") != "transformer" or not hasattr(recipe.model, "reads"):
        return dict(quick)
    idle = set(inspect.signature(recipe.model).parameters) - recipe.model.reads
    kept = {name: value for name, value in quick.items() if name not in idle}
    fast = {name: value for name, value in QUICK.items() if name in recipe.model.reads} if quick else {}
    return {**recipe.model.own, **kept, **fast}


def encoder_decoder(
    splits: Splits,
    *,
    units: int,
    layers: int,
    heads: int,
    dropout: float,
    tied: bool = False,
    label_smoothing: float = 0.0,
    penalty: str | None = None,
    penalty_weight: float = 1.0,
    penalty_begin: int = 0,
    penalty_end: int = 0,
    learning_rate: float,
    warmup_steps: int,
    decay_epochs: int = 0,
) -> keras.Model:
    """From one sequence to another."""
    model = build(
        "transformer",
        source_vocabulary_size=len(splits.vocabularies["source"]),
        target_vocabulary_size=len(splits.vocabularies["target"]),
        units=units,
        layers=layers,
        heads=heads,
        dropout=dropout,
        tied=tied,
        label_smoothing=label_smoothing,
        penalties=None if penalty is None else {penalty: penalty_weight},
        penalty_ramp=(penalty_begin, penalty_end),
    )
    return compile_generator(model, learning_rate, **_schedule(splits, warmup_steps, decay_epochs))


def language_model(
    splits: Splits,
    *,
    units: int,
    layers: int,
    heads: int,
    dropout: float,
    tied: bool = False,
    learning_rate: float,
    warmup_steps: int,
    decay_epochs: int = 0,
) -> keras.Model:
    """What comes next; of a long text within each stretch that is read at once."""
    model = build(
        "transformer_decoder",
        vocabulary_size=len(splits.vocabularies["target"]),
        units=units,
        layers=layers,
        heads=heads,
        dropout=dropout,
        tied=tied,
    )
    return compile_generator(model, learning_rate, **_schedule(splits, warmup_steps, decay_epochs))


def classifier(
    splits: Splits,
    *,
    units: int,
    layers: int,
    heads: int,
    pooling: str = "mean",
    embedding_size: int,
    dropout: float,
    token_dropout: float = 0.0,
    weight_decay: float = 0.0,
    learning_rate: float,
    warmup_steps: int,
    decay_epochs: int = 0,
) -> keras.Model:
    """From tokens to one class."""
    model = build(
        "transformer_encoder",
        vocabulary_size=len(splits.vocabularies["tokens"]),
        outputs=len(splits.vocabularies["labels"]),
        pooling=pooling,
        embedding_size=embedding_size,
        units=units,
        layers=layers,
        heads=heads,
        dropout=dropout,
        token_dropout=token_dropout,
    )
    return compile_classifier(
        model, learning_rate, weight_decay=weight_decay, **_schedule(splits, warmup_steps, decay_epochs)
    )


def tagger(
    splits: Splits,
    *,
    head: str,
    units: int,
    layers: int,
    heads: int,
    embedding_size: int,
    character_units: int,
    dropout: float,
    token_dropout: float,
    learning_rate: float,
    warmup_steps: int,
    decay_epochs: int = 0,
) -> keras.Model:
    """From words and their spelling to a tag for each."""
    if head != "softmax":
        raise ValueError(f"A Transformer says each tag by itself: --head softmax. Received: head={head!r}")
    model = build(
        "transformer_encoder",
        vocabulary_size=len(splits.vocabularies["tokens"]),
        character_vocabulary_size=len(splits.vocabularies["characters"]),
        outputs=len(splits.vocabularies["labels"]),
        per_step=True,
        embedding_size=embedding_size,
        character_units=character_units,
        units=units,
        layers=layers,
        heads=heads,
        dropout=dropout,
        token_dropout=token_dropout,
    )
    return compile_classifier(model, learning_rate, **_schedule(splits, warmup_steps, decay_epochs))


def _schedule(splits, warmup_steps, decay_epochs) -> dict[str, Any]:
    if decay_epochs:
        steps = max(1, decay_epochs * len(splits.train) - warmup_steps)
        return {"schedule": "cosine", "warmup_steps": warmup_steps, "decay_steps": steps}
    return {"schedule": "inverse_square_root" if warmup_steps else "constant", "warmup_steps": warmup_steps}


def _keywords(function) -> dict[str, inspect.Parameter]:
    parameters = inspect.signature(function).parameters
    return {name: one for name, one in parameters.items() if one.kind is one.KEYWORD_ONLY}


def _documented(recurrent, added, reads) -> str:
    """The recurrent model's own description, what a Transformer reads of it, and the arguments that are added."""
    text = inspect.getdoc(recurrent) or ""
    lines = [f"    {name}: {ADDED[name][2]}." for name in added]
    told = f"Of these a Transformer reads {', '.join(sorted(reads))}; any other is refused.\n\nArgs:\n"
    return text.replace("Args:\n", told + "\n".join(lines) + "\n", 1)
