"""A model that generates with its vocabularies: what stands between a person's inputs and arrays, both ways."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import keras
import numpy as np

from zoo.data.generation import encode_beginnings, encode_inputs, warn_of_unknown
from zoo.decoding import DECODERS
from zoo.decoding.decoder import Decoder
from zoo.naming import choose
from zoo.ops.logits import LOWEST


@dataclass(frozen=True)
class Hypothesis:
    """One output of a model for one input.

    Args:
        tokens: as text if there is a vocabulary, else ids; of frames an array (T, D).
        text: the tokens joined; None without a vocabulary.
        score: what outputs are ranked by.
        log_probability: of the whole, in nats, its end included.
        finished: whether it ended by itself, before `maximum_length`.
        source: tokens of the input, None if it is no text.
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
        """(T, S): where the model looked for every token; None for a model without attention."""
        return self.trace.get("alignment")


@dataclass(frozen=True)
class Task:
    """A model with its vocabularies: what stands between a person's inputs and arrays."""

    model: Any
    vocabularies: Mapping[str, Any]

    @classmethod
    def of(cls, model, vocabularies):
        if vocabularies is None:
            vocabularies = getattr(model, "vocabularies", {})
        task = cls(model if isinstance(model, keras.Model) else model.model, vocabularies)
        size, target = getattr(getattr(task.model, "likelihood", None), "size", None), vocabularies.get("target")
        if target is not None and size != len(target):
            raise ValueError(
                f"The vocabulary does not belong to this model: it has {len(target)} target tokens, the model {size}."
            )
        return task

    @property
    def reads(self) -> list[str]:
        """Names of what the model reads beside its own output."""
        return [tensor.name for tensor in self.model.inputs if tensor.name not in ("target", "source_lengths")]

    def examples(self, inputs, beginnings) -> tuple[list[dict], Sequence[Any]]:
        """Inputs in any of their forms as dicts by name, and the beginning of each."""
        if isinstance(inputs, str):
            raise TypeError(f"`inputs` is a list. Received one text: {inputs[:40]!r}. Put it in a list.")
        if not self.reads:
            if isinstance(inputs, int | np.integer):
                inputs = [None] * int(inputs) if beginnings is None else list(beginnings)
            elif beginnings is not None:
                raise ValueError(
                    "This model reads nothing: `inputs` are its beginnings already. Leave `beginnings` away."
                )
            given = [one["target"] if isinstance(one, dict) else one for one in inputs]
            return [{} for _ in given], given
        examples = [one if isinstance(one, dict) else {self.reads[0]: one} for one in inputs]
        if beginnings is None:
            beginnings = [example.get("target") for example in examples]
        if len(beginnings) != len(examples):
            raise ValueError(f"Every input has a beginning or none has. Received: {len(beginnings)}, {len(examples)}")
        return examples, beginnings

    def inputs(self, examples) -> dict[str, list[np.ndarray]]:
        """What the model reads, as arrays by name."""
        known = {name: vocabulary for name, vocabulary in self.vocabularies.items() if name in self.reads}
        columns = encode_inputs(examples, known, maximum_source=getattr(self.model, "maximum_source", None))
        warn_of_unknown(examples, columns, known)
        for name in self.reads:  # without a vocabulary: ids and frames as they are
            if name not in columns:
                columns[name] = [np.asarray(example[name]) for example in examples]
        if "source_lengths" in [tensor.name for tensor in self.model.inputs]:
            columns["source_lengths"] = [np.array(len(frames), "int32") for frames in columns["source"]]
        return columns

    def encode(self, examples, beginnings, decoder) -> dict[str, list[np.ndarray]]:
        """The same with the beginnings, each checked against the decoder."""
        columns = self.inputs(examples)
        columns["target"] = self._starts(beginnings)
        for row, start in enumerate(columns["target"]):
            if len(start) > decoder.maximum_length:
                raise ValueError(
                    f"Beginning {row} has {len(start) - 1} tokens, and the output at most {decoder.maximum_length}, "
                    "its end included: raise `maximum_length`."
                )
            if decoder.constraints is not None:
                try:
                    decoder.constraints.check_beginning(start[1:])
                except ValueError as error:
                    raise ValueError(f"Input {row}: {error}") from error
        return columns

    def _starts(self, beginnings) -> list[np.ndarray]:
        """Each beginning with the start before it."""
        vocabulary, size = self.vocabularies.get("target"), self.model.likelihood.size
        if vocabulary is None and hasattr(self.model.likelihood, "START"):
            start = self.model.likelihood.START
            return [np.array([start, *([] if one is None else one)], "int32") for one in beginnings]
        empty = "" if vocabulary is not None else np.zeros((0, size), "float32")
        return [encode_beginnings([empty if one is None else one], vocabulary)[0] for one in beginnings]

    def name(self, token: int) -> str:
        """A token as text."""
        vocabulary = self.vocabularies.get("target")
        return str(token) if vocabulary is None else vocabulary.tokens[token]

    def text(self, ids) -> str:
        """Ids as text; blanks between the ids where there is no vocabulary."""
        vocabulary = self.vocabularies.get("target")
        return " ".join(map(str, ids)) if vocabulary is None else vocabulary.decode(ids)

    def hypotheses(self, result, example) -> list[Hypothesis]:
        """One example's part of a decoder's result, cut to length, without what does not exist."""
        source, vocabulary = None, self.vocabularies.get("target")
        if "source" in self.vocabularies and "source" in example:
            source = self.vocabularies["source"].split(example["source"])
        found = []
        for number, length in enumerate(result["lengths"]):
            if result["scores"][number] <= LOWEST / 2:
                continue
            tokens = result["tokens"][number][:length]
            named = tokens if tokens.ndim > 1 else [int(token) for token in tokens]
            finished = bool(result["finished"][number])
            seen = {name: array[number][: length + finished] for name, array in result["trace"].items()}
            if source is not None:
                seen = {name: array[:, : len(source)] if name == "alignment" else array for name, array in seen.items()}
            found.append(
                Hypothesis(
                    tokens=named if vocabulary is None else [vocabulary.tokens[token] for token in named],
                    text=None if vocabulary is None else vocabulary.decode(tokens),
                    score=float(result["scores"][number]),
                    log_probability=float(result["log_probabilities"][number]),
                    finished=finished,
                    source=source,
                    trace=seen,
                )
            )
        return found


def make_decoder(model: keras.Model, decoder: str | Decoder, **arguments: Any) -> Decoder:
    """The decoder by name over a model, or the one given."""
    if not hasattr(model, "step") or not hasattr(model, "likelihood"):
        raise ValueError(
            f"Only models that generate can be decoded: language_model, one_to_many, encoder_decoder, ... This one, "
            f"{model.name}, maps: use zoo.predict."
        )
    if isinstance(decoder, Decoder):
        if arguments:
            raise ValueError(f"This decoder is made already; it takes no {', '.join(arguments)}.")
        if decoder.model is not model:
            raise ValueError("The decoder was made for another model.")
        return decoder
    return choose("decoder", decoder, DECODERS)(model, **arguments)
