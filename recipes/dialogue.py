"""Answers in a dialogue: words to utterances to the context so far, and from there the next utterance.

    zoo train dialogue --data sim_m_dialogue --out runs/dialogue
    zoo chat runs/dialogue

--model flat is the model it is measured against: an encoder-decoder that reads the history as one string, with the same
decoder, and about as many parameters, trained for as many epochs.

Data: `synthetic` (a guest and a house, where answers occur several turns earlier); a folder with Sim-M's or Sim-R's
train.json, dev.json and test.json (plain or .gz), of which the system's turns are answered; JSON lines of one's own,
{"turns": ["...", ...]} a line, in which two take turns, split by index, or a folder with such a file for each split;
tfds:schema_guided_dialogue, tfds:wiki_dialog and other sets of `utterances`.

Seen on Sim-M, 5 minutes beside another training on 2 CPU cores: perplexity 8.33, and 8.04 of the flat model: with 384
dialogues the hierarchy gains nothing. `bleu` and `exact` compare lower-cased text, as the vocabulary splits and joins
it: they are not metrics of texts as written.
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
from zoo.experiments.word_vectors import WordVectors
from zoo.lookup import lookup
from zoo.models.dialogue import Dialogue
from zoo.recipes.common import generation_metrics, sources
from zoo.recipes.common.split_files import find_split_files, read_files
from zoo.recipes.common.tfds_sources import PREFIX, from_tfds
from zoo.storage.files import replace_file
from zoo.training.metrics import text_metrics

DECODER = {"attention": "general", "embedding_size": 96, "dropout": 0.2}
MODELS = {
    "hierarchical": ("dialogue", {**DECODER, "units": 160}),
    # The history as one string; on Sim-M as wide as gives it as many parameters.
    "flat": ("encoder_decoder", {**DECODER, "conditioning": "both", "cell": "gru", "units": 216}),
}
OPTIMIZERS = {
    "hierarchical": {"learning_rate": 5e-3, "schedule": "plateau"},
    "flat": {"learning_rate": 5e-3, "schedule": "plateau"},
}
FIT = {"epochs": 15, "patience": 4, "monitor": "val_nats"}
QUICK = {
    "examples": 300,
    "epochs": 8,
    "units": 64,
    "embedding_size": 32,
    "learning_rate": 1e-2,
    "dropout": 0.0,
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
        minimum_count: rarer words of training are unknown.
        batch_size: answers of a step.
        seed: of generation and shuffling.
        vocabularies: those of a trained model; made from the training dialogues if None.
    """
    lookup("speaker", speaker, dict.fromkeys(["first", "second", "both"]))
    dialogues = {part: without_empty(turns) for part, turns in _dialogues(data, examples, seed).items()}
    raw = {part: answers(turns, of=speaker) for part, turns in dialogues.items()}
    if vocabularies is None:
        turns = [turn for dialogue in dialogues["train"] for turn in dialogue]
        words = Vocabulary.build([*turns, *[TURN] * minimum_count], lowercase=True, minimum_count=minimum_count)
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
    path = sources.require_path(data)
    if path.is_file():
        return split_by_index(sample(read_any(path, FORMATS)))
    return sources.complete_splits(path, sample_splits(read_files(find_split_files(path, FORMATS))))


def _word_tables(model: keras.Model) -> list:
    """Histories and answers are made of the same words, each side with a table of its own."""
    reading = model.reading.encoder if isinstance(model, Dialogue) else model.reading
    return [reading.embedding.embeddings, model.side.embedding.embeddings]


VECTORS = {name: WordVectors("target", _word_tables) for name in MODELS}
SIZES = {"source_vocabulary_size": lambda splits: len(splits.vocabularies["target"])}


def space(hp) -> dict:
    """Return the hyperparameters that a search varies."""
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
    written = generation_metrics.decode_texts(model, splits, examples, maximum_length=60)
    words = splits.vocabularies["target"]
    references = [words.join(words.split(example["target"])) for example in examples]
    return {
        **generation_metrics.likelihood(model, splits[split]),
        "exact": text_metrics.exact(written, references),
        "bleu": text_metrics.bleu(written, references),
    }


format_report = generation_metrics.note_on_bleu


def parse_input(text: str, run: zoo.Run) -> list[str]:
    """Return the utterances of a history that is typed, with | between them."""
    return [utterance.strip() for utterance in text.split(TURN)]


def plot(model, splits: Splits, folder: Path) -> None:
    """Plot the attention to the utterances for each word of some responses; nothing without attention."""
    from zoo.plots.alignments import plot_alignments

    if not isinstance(splits.vocabularies["source"], Utterances):
        return
    some = [example for example in splits.raw["test"] if len(example["source"]) > 4][:3]
    hypotheses = zoo.generate(
        model, [{"source": example["source"]} for example in some], vocabularies=splits.vocabularies, maximum_length=40
    )
    words = splits.vocabularies["source"].maximum_words
    shown = [
        (by_utterance(best.alignment, len(best.source), words), best.source, best.tokens)
        for best, *_ in hypotheses
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
