"""A model that generates with its vocabularies: what stands between a person's inputs and arrays, both ways."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import keras
import numpy as np

from zoo.data.batches.prompts import encode_prefixes
from zoo.data.batches.teacher_forcing import encode_inputs, warn_of_unknown
from zoo.data.vocabularies.copy_vocabulary import target_vocabulary
from zoo.data.vocabularies.dialogues import Utterances
from zoo.data.vocabularies.pointer_vocabulary import PointerVocabulary
from zoo.data.vocabularies.vocabulary import Vocabulary
from zoo.distributions.categorical import Categorical
from zoo.models.base.autoregressive_model import AutoregressiveModel
from zoo.ops.logits import LOWEST
from zoo.special_ids import START

# Outputs that a model that reads nothing is asked for at a time: their tokens are kept until the last is ready.
MAX_COUNT = 1_000_000


@dataclass(frozen=True)
class Hypothesis:
    """One output of a model for one input.

    Args:
        tokens: as text if there is a vocabulary, else ids; positions of a model that points, from 0; of frames an array
            (T, D).
        text: the tokens joined; None without a vocabulary.
        score: what outputs are ranked by.
        log_probability: of the whole, in nats, its end included.
        finished: whether it ended by itself, before `maximum_length`.
        source: tokens of the input, those joined that a pyramid encoder reads as one; None if it is no text.
        trace: what the model shows, by name, (T, ...), a row for every token and for the end.
    """

    tokens: Any
    text: str | None
    score: float
    log_probability: float
    finished: bool
    source: list[str] | None = None
    trace: dict[str, np.ndarray] = field(default_factory=dict, repr=False)

    @property
    def alignment(self) -> np.ndarray | None:
        """Attention weights (T, S), a row for every token; None for a model without attention.

        The end's own row stands in `trace["alignment"]`.
        """
        alignment = self.trace.get("alignment")
        return None if alignment is None else alignment[: len(self.tokens)]


@dataclass(frozen=True)
class TextCodec:
    """A model with its vocabularies: what stands between a person's inputs and arrays."""

    model: Any
    vocabularies: Mapping[str, Any]

    @classmethod
    def of(cls, model, vocabularies):
        """Return the codec of an autoregressive model or of a run that holds one.

        Raises:
            ValueError: a model that maps, or a vocabulary of another model.
        """
        model, vocabularies = unwrap(model, vocabularies)
        require_autoregressive(model)
        if model.points:
            vocabularies = {"target": PointerVocabulary(), **vocabularies}
        for name, size in model.vocabulary_sizes.items():
            if name in vocabularies and len(vocabularies[name]) != size:
                raise ValueError(
                    "The vocabulary does not belong to this model: it has "
                    f"{len(vocabularies[name])} {name} tokens, the model {size}."
                )
        return cls(model, vocabularies)

    @property
    def reads(self) -> list[str]:
        """Names of what the model reads beside its own output."""
        derived = ("target", "source_lengths", "source_as_target")
        return [tensor.name for tensor in self.model.inputs if tensor.name not in derived]

    def examples(self, inputs, prefixes) -> tuple[list[dict], Sequence[Any]]:
        """Inputs in any of their forms as dicts by name, and the prefix of each."""
        if isinstance(inputs, str):
            raise TypeError(f"`inputs` is a list. Received one text: {inputs[:40]!r}. Put it in a list.")
        if not self.reads:
            if isinstance(inputs, int | np.integer):
                if prefixes is not None and len(prefixes) != inputs:
                    raise ValueError(f"Every output has a prefix. Received: {len(prefixes)} for {inputs} outputs.")
                if not 0 <= inputs <= MAX_COUNT:
                    raise ValueError(f"Outputs are 0 to {MAX_COUNT:,} at a time. Received: {inputs:,}")
                inputs = [None] * int(inputs) if prefixes is None else list(prefixes)
            elif prefixes is not None:
                raise ValueError("This model reads nothing: `inputs` are its prefixes already. Omit `prefixes`.")
            targets_of = [one["target"] if isinstance(one, dict) else one for one in inputs]
            return [{} for _ in targets_of], targets_of
        if isinstance(inputs, int | np.integer):
            raise TypeError(f"This model reads {', '.join(self.reads)}: `inputs` is a list of that. Received: {inputs}")
        examples = [one if isinstance(one, dict) else {self.reads[0]: one} for one in inputs]
        if prefixes is None:
            prefixes = [example.get("target") for example in examples]
        if len(prefixes) != len(examples):
            raise ValueError(f"Every input has a prefix or none has. Received: {len(prefixes)}, {len(examples)}")
        return examples, prefixes

    def inputs(self, examples) -> dict[str, list[np.ndarray]]:
        """Return the inputs of the model as arrays by name."""
        names = [tensor.name for tensor in self.model.inputs]
        known = {name: vocabulary for name, vocabulary in self.vocabularies.items() if name in names}
        columns = encode_inputs(examples, known)
        warn_of_unknown(examples, columns, known)
        for name in self.reads:  # without a vocabulary: ids and frames as they are
            if name not in columns:
                columns[name] = [self._array(example, name, number) for number, example in enumerate(examples)]
            self._check_ids(name, columns[name])
        longest = self.model.maximum_source
        for number, source in enumerate(columns.get("source", ())):
            if longest is not None and len(source) > longest:
                raise ValueError(
                    f"example {number}: source must have at most {longest} tokens, received: {len(source)}. "
                    "Shorten it or cut it into parts."
                )
        if "source_as_target" in names and "source_as_target" not in columns:  # no vocabularies
            columns["source_as_target"] = [
                self._array(example, "source_as_target", number) for number, example in enumerate(examples)
            ]
        return {name: columns[name] for name in columns if name in names}

    def targets(self, examples) -> list[np.ndarray]:
        """The "target" of every example, without start and end."""
        vocabulary = self.vocabularies.get("target")
        if vocabulary is None:
            column = [self._array(example, "target", number) for number, example in enumerate(examples)]
        else:
            column = []
            for number, example in enumerate(examples):
                try:
                    column.append(self.target_vocabulary(example).encode(example["target"]))
                except ValueError as error:
                    raise ValueError(f"example {number}: {error}") from error
            warn_of_unknown(examples, {"target": column}, {"target": vocabulary})
        self._check_ids("target", column)
        return column

    def _array(self, example, name, number):
        if name not in example:
            raise ValueError(f"example {number} has no {name!r}. Received: {list(example)}")
        if isinstance(example[name], str):
            raise ValueError(
                f"example {number}: a text needs a vocabulary, and there is none for {name!r}: pass "
                f"vocabularies={{...}}, or ids. Received: {example[name][:40]!r}"
            )
        return np.asarray(example[name])

    def _check_ids(self, name, column):
        size = self.model.vocabulary_sizes.get(name)
        if size is None:
            return
        is_open = name == "target" and self.model.distribution.has_copy_ids  # each source offers tokens of its own
        known = "are 0 or more" if is_open else f"lie between 0 and {size - 1}"
        for number, ids in enumerate(column):
            if ids.size and not (ids.min() >= 0 and (is_open or ids.max() < size)):
                raise ValueError(f"example {number}: {name} ids {known}. Received: {ids.tolist()}")

    def encode(self, examples, prefixes, decoder) -> dict[str, list[np.ndarray]]:
        """Return the inputs with the prefixes, each checked against the decoder."""
        columns = self.inputs(examples)
        columns["target"] = self._starts(examples, prefixes)
        for row, start in enumerate(columns["target"]):
            if len(start) > decoder.maximum_length:
                raise ValueError(
                    f"Beginning {row} has {len(start) - 1} tokens, and the output at most {decoder.maximum_length}, "
                    "its end included: raise `maximum_length`."
                )
            if decoder.constraints is not None:
                try:
                    decoder.constraints.check_prefix(start[1:])
                except ValueError as error:
                    raise ValueError(f"Input {row}: {error}") from error
        return columns

    def _starts(self, examples, prefixes) -> list[np.ndarray]:
        """Each prefix with the start before it."""
        distribution = self.model.distribution
        if not isinstance(distribution, Categorical):
            empty = np.zeros((0, distribution.features), "float32")
            return [encode_prefixes([empty if one is None else one], None)[0] for one in prefixes]
        nothing: Any = "" if "target" in self.vocabularies else np.zeros(0, "int32")
        pairs = zip(examples, prefixes, strict=True)
        targets = self.targets([{**example, "target": nothing if one is None else one} for example, one in pairs])
        return [np.array([START, *ids], "int32") for ids in targets]

    def target_vocabulary(self, example) -> Any:
        """Return the vocabulary of the output for one example; None without a vocabulary."""
        return target_vocabulary(example, self.vocabularies)

    def name(self, token: int, example=()) -> str:
        """A token as text."""
        vocabulary = self.target_vocabulary(example)
        return str(token if vocabulary is None else vocabulary.name(token))

    def text(self, ids, example=()) -> str:
        """Ids as text; blanks between the ids where there is no vocabulary."""
        vocabulary = self.target_vocabulary(example)
        return " ".join(map(str, ids)) if vocabulary is None else vocabulary.decode(ids)

    def hypotheses(self, result, example, steps: int | None = None) -> list[Hypothesis]:
        """One example's part of a decoder's result, cut to length, without what does not exist.

        Args:
            result: of the decoder, for one example.
            example: as a dict by input name.
            steps: of the encoded source; None: all that the batch has.
        """
        source, vocabulary = None, self.target_vocabulary(example)
        reader = self.vocabularies.get("source")
        if isinstance(reader, Vocabulary | Utterances) and "source" in example:
            source = _joined(reader.split(example["source"]), self.model.reduction or 1)
        reduction = self.model.reduction
        positions = None if steps is None or reduction is None else -(-steps // reduction)
        hypotheses = []
        for number, length in enumerate(result["lengths"]):
            if result["scores"][number] <= LOWEST / 2:
                continue
            tokens = result["tokens"][number][:length]
            named = tokens if tokens.ndim > 1 else [int(token) for token in tokens]
            finished = bool(result["finished"][number])
            trace = {name: array[number][: length + finished] for name, array in result["trace"].items()}
            if positions is not None and "alignment" in trace:
                trace["alignment"] = trace["alignment"][:, :positions]
            hypotheses.append(
                Hypothesis(
                    tokens=named if vocabulary is None else [vocabulary.name(token) for token in named],
                    text=None if vocabulary is None else vocabulary.decode(tokens),
                    score=float(result["scores"][number]),
                    log_probability=float(result["log_probabilities"][number]),
                    finished=finished,
                    source=source,
                    trace=trace,
                )
            )
        return hypotheses


def _joined(tokens: list[str], reduction: int) -> list[str]:
    """Source tokens by the positions of the memory: a pyramid has one for several."""
    return ["".join(tokens[start : start + reduction]) for start in range(0, len(tokens), reduction)]


def unwrap(model: Any, vocabularies: Mapping[str, Any] | None) -> tuple[keras.Model, Mapping[str, Any]]:
    """Return a model with its vocabularies, of a model or of a run that holds both."""
    if isinstance(model, keras.Model):
        return model, vocabularies or {}
    return model.model, model.vocabularies if vocabularies is None else vocabularies


def require_autoregressive(model: keras.Model) -> None:
    """Make sure that a model is autoregressive, rather than mapping inputs to outputs.

    Raises:
        ValueError: it maps.
    """
    if not isinstance(model, AutoregressiveModel):
        raise ValueError(
            "Only autoregressive models generate and score: language_model, encoder_decoder and others of "
            f"zoo.list_models(). This one, {model.name}, maps: use zoo.predict."
        )
