"""Language modelling: a recurrent model of characters or words, measured in nats and sampled from.

    zoo train language_model --data tinyshakespeare --out runs/shakespeare
    zoo train language_model --data ud_english_ewt --level word --embedding-size 256 --dropout 0.4 --out runs/words

A long text is one stream: 32 stretches of it are read side by side, 128 characters a step, and each goes on with the
state it had (truncated back-propagation). It is measured in one pass from its beginning to its end, with the state
carried all the way. Sentences are read one by one instead, each from its start to its end.

Data: `synthetic` (little stories); a text, .txt or .txt.gz, of which the first 80 % are for training, the next 10 % for
validation and the last 10 % for testing; a file named input.txt, or a folder with one, as the public Tiny Shakespeare,
is cut as everyone cuts that: the first 90 % of the characters are for training, the last 10 % for validation, and, as
there is no test part, the test metrics are those of validation, by which training is stopped; a folder with a file for
each split, ...train..., ...dev... (or valid) and ...test..., of sentences: CoNLL-U, or .txt with a sentence a line;
tfds:tiny_shakespeare, tfds:wiki40b/en[:1%] and other sets of `text` with several lines, one stream a split;
tfds:lm1b[:1%] and others of `text` of one line, sentences.

With --model transformer nothing goes on from one stretch to the next: each is read, measured and written by itself, and
what is longer than --steps has places that training never saw.

Seen on Tiny Shakespeare, 2 CPU cores: 1.467 nats a character after 9 epochs of 72 s; below 1.55 after 4. A Transformer
of 0.8 million weights: 1.694 after --epochs 4, 11 minutes beside other work.
Mikolov et al. 2010; Graves 2013, arXiv:1308.0850; Zaremba et al. 2014, arXiv:1409.2329.
"""

from math import log
from pathlib import Path
from typing import Any

import keras
import numpy as np

import zoo
from zoo.data.batches.contiguous import ContiguousBatches
from zoo.data.batches.teacher_forcing import make_generation_splits
from zoo.data.splits import Splits
from zoo.data.synthetic import prose
from zoo.data.vocabularies.vocabulary import Vocabulary
from zoo.experiments.word_vectors import WordVectors
from zoo.models.transformer_decoder import TransformerDecoder
from zoo.recipes.baselines.ngrams import ngrams
from zoo.recipes.common import generation_metrics, text_sources
from zoo.recipes.common.text_sources import PARTS
from zoo.recipes.common.transformers import QUICK as QUICK_TRANSFORMER
from zoo.special_ids import START, UNKNOWN
from zoo.storage.files import fingerprint, replace_file

MODELS = {
    "recurrent": ("language_model", {"embedding_size": 64, "dropout": 0.1}),
    "transformer": ("transformer_decoder", {"units": 128}),
}
OPTIMIZERS = {
    "recurrent": {"learning_rate": 4e-3, "schedule": "cosine"},
    "transformer": {"learning_rate": 2e-3, "schedule": "cosine", "warmup_steps": 100},
}
FIT = {"epochs": 9, "patience": 3, "monitor": "val_nats"}
QUICK = {
    "examples": 60_000,
    "epochs": 8,
    "rows": 16,
    "steps": 48,
    "units": 96,
    "layers": 1,
    "embedding_size": 32,
    "dropout": 0.0,
    "learning_rate": 1e-2,
    "transformer": QUICK_TRANSFORMER,
}
# A model of one long text carries its state from batch to batch.
SIZES = {
    "carried_rows": lambda splits: splits.train.rows if isinstance(splits.train, ContiguousBatches) else 0,
}
VECTORS = {"recurrent": WordVectors("target", "target_embedding")}
TFDS = text_sources.TFDS
# Tokens of the longest n-gram of the baseline.
ORDERS = {"character": 6, "grapheme": 6, "subword": 4, "word": 3, "tagged": 3}


def data(
    *,
    data: str = "synthetic",
    level: str = "character",
    examples: int = 1_000_000,
    minimum_count: int = 2,
    rows: int = 32,
    steps: int = 128,
    seed: int = 0,
    vocabularies: dict | None = None,
) -> Splits:
    """One long text, or sentences.

    Args:
        data: synthetic, a path, tfds:tiny_shakespeare or tfds:lm1b.
        level: character, word or subword: what tokens are.
        examples: how many characters to generate (synthetic only).
        minimum_count: rarer words are unknown ones; characters are all kept.
        rows: stretches of the text, or sentences, that are read side by side: the batch size.
        steps: tokens of a stretch a step, as far as gradients reach back; sentences are read whole.
        seed: of generation and shuffling.
        vocabularies: those of a trained model; made from the training part if None.
    """
    raw, long = text_sources.texts(data, synthetic=lambda: prose.generate(examples, seed=seed))
    if not long and level != "word":
        raw = {part: [{"target": " ".join(example["target"])} for example in raw[part]] for part in PARTS}
    if vocabularies is None:
        pieces = (piece for example in raw["train"] for piece in text_sources.chunks(example["target"]))
        rare = minimum_count if level == "word" else 1
        vocabularies = {"target": Vocabulary.build(pieces, level=level, minimum_count=rare)}
    if not long:
        return make_generation_splits(raw, vocabularies, batch_size=rows, seed=seed)

    ids = {
        part: np.concatenate([*map(vocabularies["target"].encode, text_sources.chunks(raw[part][0]["target"]))])
        for part in PARTS
    }
    return Splits(
        train=ContiguousBatches(ids["train"], rows=rows, steps=steps, shuffle=True, seed=seed),
        validation=ContiguousBatches(ids["validation"], rows=rows, steps=steps, drop_remainder=False),
        test=ContiguousBatches(ids["test"], rows=rows, steps=steps, drop_remainder=False),
        vocabularies=dict(vocabularies),
        fingerprint=fingerprint([raw[part] for part in PARTS]),
        raw=raw,
    )


def space(hp) -> dict:
    """Return the hyperparameters that a search varies."""
    return {
        "cell": hp.Choice("cell", ["lstm", "gru", "elman"]),
        "units": hp.Int("units", 128, 512, step=64),
        "layers": hp.Int("layers", 1, 3),
        "dropout": hp.Float("dropout", 0.0, 0.5, step=0.1),
        "learning_rate": hp.Float("learning_rate", 1e-3, 8e-3, sampling="log"),
    }


def evaluate(model, splits: Splits, split: str = "test") -> dict[str, float]:
    """Nats and bits a token, perplexity and accuracy; of a long text in one pass, one row from beginning to end.

    What remembers nothing beyond a stretch is measured as it was trained: each stretch by itself.
    """
    batches = splits[split]
    if isinstance(batches, ContiguousBatches) and not _forgets(model):
        batches = ContiguousBatches(batches.ids, rows=1, steps=512, drop_remainder=False)
    metrics = generation_metrics.likelihood(model, batches)
    return {**metrics, "bits": metrics["nats"] / log(2)}


def _forgets(model) -> bool:
    """Return whether nothing goes on from one stretch of a text to the next."""
    return isinstance(model, TransformerDecoder)


def baseline(splits: Splits) -> dict[str, float]:
    """N-grams that back off, on the same tokens."""
    vocabulary = splits.vocabularies["target"]
    train, test = (
        [part.ids] if isinstance(part, ContiguousBatches) else part.targets for part in (splits.train, splits.test)
    )
    return {"ngram_nats": ngrams(train, test, order=ORDERS[vocabulary.level], size=len(vocabulary))}


def plot(model, splits: Splits, folder: Path) -> None:
    """Plot the predictions at each position of a part of the test text, and write a sample."""
    from zoo.plots.next_token import plot_next_tokens

    vocabulary, long = splits.vocabularies["target"], isinstance(splits.test, ContiguousBatches)
    # What forgets is shown and asked for no place that its training never had.
    steps = splits.test.steps if long and _forgets(model) else 1000
    ids = (splits.test.ids if long else splits.test.targets[0])[: min(160, steps)]
    (scores,) = model.predict_on_batch({"target": np.array([[START, *ids[:-1]]], "int32")})["scores"]
    chances = np.asarray(keras.ops.softmax(scores))
    # Of a long text what stands after some lines of it: the model knows by then what it is reading.
    shown = range(max(0, len(ids) - 34), len(ids)) if long else range(len(ids))
    best = [np.argsort(-chances[position])[:5] for position in shown]
    with replace_file(folder / "next_token.png") as path:
        plot_next_tokens(
            [vocabulary.tokens[ids[position]] for position in shown],
            [
                [(vocabulary.tokens[token], float(chances[position, token])) for token in row]
                for position, row in zip(shown, best, strict=True)
            ],
            path,
        )
    sampling: dict[str, Any] = {"decoder": "sampling", "seed": 0, "banned_tokens": [UNKNOWN]}
    length: dict[str, Any] = {"maximum_length": steps, "minimum_length": steps - 1, "temperature": 0.8} if long else {}
    hypotheses = zoo.generate(model, 1 if long else 20, vocabularies=splits.vocabularies, **sampling, **length)
    with replace_file(folder / "sample.txt") as path:
        path.write_text("\n".join(best.text or "" for best, *_ in hypotheses) + "\n", encoding="utf-8")
