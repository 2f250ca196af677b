"""Answers in a dialogue: words to utterances to what has been said so far, and from there the next utterance.

    zoo train dialogue --data sim_m_dialogue --out runs/dialogue
    zoo chat runs/dialogue

--model flat is the model it is measured against: an encoder-decoder that reads the history as one string, with the same
decoder, and as many parameters (its width is chosen so), trained for as many epochs.

Data: `synthetic` (a guest and a house, where answers were said several turns before); a folder with Sim-M's or Sim-R's
train.json, dev.json and test.json (plain or .gz), of which the system's turns are answered; JSON lines of one's own,
{"turns": ["...", ...]} a line, in which two take turns, split by index, or a folder with such a file for each split;
tfds:schema_guided_dialogue, tfds:wiki_dialog and other sets of `utterances`.

Seen on Sim-M, 5 minutes beside another training on 2 CPU cores: perplexity 8.33, and 8.04 of the flat model: with 384
dialogues the hierarchy gains nothing. `bleu` and `exact` compare lower-cased text, as the vocabulary splits and joins
it: they are not figures of texts as written.
Papers: Serban et al. 2016, arXiv:1507.04808 (hierarchical recurrent encoder-decoder); Shah et al. 2018,
arXiv:1801.04871 (Sim-M).
"""

from pathlib import Path
from typing import Any

import keras
import numpy as np

import zoo
from zoo.data.batches.teacher_forcing import make_generation_splits
from zoo.data.readers import sim_m, turns
from zoo.data.readers.formats import read_any
from zoo.data.reading_limit import sample, sample_splits
from zoo.data.splits import Splits, split_by_index
from zoo.data.synthetic import topics
from zoo.data.vocabularies.dialogues import TURN, Utterances, answers, joined, without_empty
from zoo.data.vocabularies.vocabulary import Vocabulary
from zoo.experiments.optimizers import compile_generator, reduce_on_plateau
from zoo.lookup import lookup
from zoo.models.dialogue import Dialogue
from zoo.recipes.common import generation_metrics, sources, word_vectors
from zoo.recipes.common.split_files import read_splits
from zoo.recipes.common.tfds_sources import PREFIX, from_tfds
from zoo.storage.files import replace_file
from zoo.training.metrics import text_metrics

EPOCHS = 15
PATIENCE = 4
MONITOR = "val_nats"
QUICK = {"examples": 300, "epochs": 8, "units": 64, "embedding_size": 32, "learning_rate": 1e-2, "dropout": 0.0}
MODELS = {
    "hierarchical": "words to utterances to dialogue",
    "flat": "the history as one string",
}
# Features of sets of TFDS: schema_guided_dialogue, wiki_dialog and one's own.
TFDS = (("utterances",),)
FORMATS = (sim_m.FORMAT, turns.FORMAT)


def data(
    *,
    data: str = "synthetic",
    model: str = "hierarchical",
    speaker: str = "second",
    examples: int = 1500,
    maximum_utterances: int = 12,
    maximum_words: int = 30,
    minimum_count: int = 1,
    batch_size: int = 32,
    seed: int = 0,
    vocabularies: dict | None = None,
) -> Splits:
    """Histories and the answers to them.

    Args:
        data: synthetic, a path, or tfds:schema_guided_dialogue.
        model: hierarchical or flat: how the history is read.
        speaker: whose turns are answers: the first one's, the second one's, or both.
        examples: how many dialogues to generate (synthetic only).
        maximum_utterances: how many of the last ones are read.
        maximum_words: how many words of each are read (hierarchical).
        minimum_count: words said less often in training are unknown.
        batch_size: answers a step.
        seed: of generation and shuffling.
        vocabularies: those of a trained model; made from the training dialogues if None.
    """
    lookup("model", model, MODELS)
    lookup("speaker", speaker, dict.fromkeys(["first", "second", "both"]))
    dialogues = {part: without_empty(said) for part, said in _dialogues(data, examples, seed).items()}
    raw = {part: answers(said, of=speaker) for part, said in dialogues.items()}
    if vocabularies is None:
        said = [turn for dialogue in dialogues["train"] for turn in dialogue]
        words = Vocabulary.build([*said, *[TURN] * minimum_count], lowercase=True, minimum_count=minimum_count)
        source: Any = words
        if model == "hierarchical":
            source = Utterances(words, maximum_utterances=maximum_utterances, maximum_words=maximum_words)
        vocabularies = {"source": source, "target": words}
    if not isinstance(vocabularies["source"], Utterances):
        for example in [example for part in raw.values() for example in part]:
            example["source"] = joined(example["source"][-maximum_utterances:])
    return make_generation_splits(raw, vocabularies, batch_size=batch_size, seed=seed)


def _dialogues(data: str, examples: int, seed: int) -> dict[str, list[list[str]]]:
    if data == "synthetic":
        return split_by_index(topics.generate(examples, seed=seed))
    if data.startswith(PREFIX):
        return from_tfds(data, TFDS, each=list)
    path = sources.existing(data)
    if path.is_file():
        return split_by_index(sample(read_any(path, FORMATS)))
    return sources.complete(path, sample_splits(read_splits(path, FORMATS)))


def _word_tables(model: keras.Model) -> list:
    """Histories and answers are made of the same words, each side with a table of its own."""
    reading = model.reading.encoder if isinstance(model, Dialogue) else model.reading
    return [reading.embedding.embeddings, model.side.embedding.embeddings]


@word_vectors.initialized("target", _word_tables)
def model(
    splits: Splits,
    *,
    attention: str | None = "general",
    memory_level: str = "words",
    attention_style: str = "luong",
    conditioning: str = "both",
    pooling: str = "last",
    cell: str = "gru",
    units: int = 160,
    layers: int = 1,
    embedding_size: int = 96,
    dropout: float = 0.2,
    learning_rate: float = 5e-3,
) -> keras.Model:
    """A hierarchical model or a flat one of as many parameters, compiled.

    Args:
        attention: dot, scaled_dot, cosine, general, additive or location; none for the context alone.
        memory_level: what attention reads: words, or utterances (hierarchical).
        attention_style: luong (attend after the recurrent step) or bahdanau (before it).
        conditioning: without attention, initial_state, every_step or both.
        pooling: from words to an utterance: last, mean, max or attention (hierarchical).
        cell: a name of zoo.cells.CELLS.
        units: width of the decoder and of each level; of a flat model what the same number of parameters allows.
        layers: recurrent layers of each level, and of the decoder.
        embedding_size: width of a word's vector.
        dropout: rate on vectors and outputs.
        learning_rate: of Adam; halved when validation gets no better.
    """
    size = len(splits.vocabularies["target"])
    shared: dict[str, Any] = {
        "source_vocabulary_size": size,
        "target_vocabulary_size": size,
        "attention": attention,
        "attention_style": attention_style,
        "conditioning": conditioning,
        "cell": cell,
        "layers": layers,
        "embedding_size": embedding_size,
        "dropout": dropout,
    }

    def hierarchical():
        return zoo.build("dialogue", units=units, memory_level=memory_level, pooling=pooling, **shared)

    def flat(width):
        return zoo.build("encoder_decoder", units=width, **shared)

    if isinstance(splits.vocabularies["source"], Utterances):
        made = hierarchical()
    else:
        made = flat(_as_large(hierarchical().count_params(), lambda width: flat(width).count_params()))
    return compile_generator(made, learning_rate)


def _as_large(parameters: int, count) -> int:
    """The even width with which there are as many parameters, or as few more as can be."""
    low, high = 2, 4
    while count(high) < parameters:
        low, high = high, 2 * high
    while high - low > 2:
        middle = (low + high) // 4 * 2
        low, high = (middle, high) if count(middle) < parameters else (low, middle)
    return high


def callbacks(model: keras.Model, splits: Splits) -> list:
    """Smaller steps on a plateau."""
    return [reduce_on_plateau(model, MONITOR)]


def space(hp) -> dict:
    """What a search varies."""
    return {
        "attention": hp.Choice("attention", ["none", "general", "additive"]),
        "units": hp.Int("units", 96, 320, step=32),
        "dropout": hp.Float("dropout", 0.0, 0.5, step=0.1),
        "learning_rate": hp.Float("learning_rate", 5e-4, 5e-3, sampling="log"),
    }


def evaluate(model, splits: Splits, split: str = "test") -> dict[str, float]:
    """Perplexity, nats and accuracy a word, given the words before it; of what is answered greedily, how many answers
    are the one that was given, and BLEU. Both compare lower-cased text, as the vocabulary splits and joins it."""
    examples = splits.raw[split]
    written = generation_metrics.write(model, splits, examples, maximum_length=60)
    words = splits.vocabularies["target"]
    references = [words.join(words.split(example["target"])) for example in examples]
    return {
        **generation_metrics.likelihood(model, getattr(splits, split)),
        "exact": text_metrics.exact(written, references),
        "bleu": text_metrics.bleu(written, references),
    }


report = generation_metrics.explain_bleu


def understand(text: str) -> list[str]:
    """A history that is typed: its utterances, with | between them."""
    return [utterance.strip() for utterance in text.split(TURN)]


def pictures(model, splits: Splits, folder: Path) -> None:
    """Which utterances were looked at for each word of some answers; nothing without attention."""
    from zoo.plots.alignments import plot_alignments

    if not isinstance(splits.vocabularies["source"], Utterances):
        return
    some = [example for example in splits.raw["test"] if len(example["source"]) > 4][:3]
    found = zoo.generate(
        model, [{"source": example["source"]} for example in some], vocabularies=splits.vocabularies, maximum_length=40
    )
    words = splits.vocabularies["source"].maximum_words
    shown = [
        (by_utterance(best.alignment, len(best.source), words), best.source, best.tokens)
        for best, *_ in found
        if best.alignment is not None and best.source and best.tokens
    ]
    if shown:
        with replace_file(folder / "alignments.png") as path:
            plot_alignments(shown, path)


def by_utterance(alignment: np.ndarray, utterances: int, words: int) -> np.ndarray:
    """(T, U), how much each utterance was looked at in all, from an alignment over utterances or over their words."""
    if alignment.shape[1] == utterances:
        return alignment
    return alignment.reshape(len(alignment), -1, words).sum(axis=-1)[:, :utterances]


if __name__ == "__main__":
    from zoo.cli.main import run_recipe

    run_recipe("dialogue")
