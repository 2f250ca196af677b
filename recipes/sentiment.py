"""Does a sentence praise or blame? Binary sentiment of one sentence, read by a recurrent network.

    zoo train sentiment --data rotten_tomatoes_mr --out runs/sentiment

Data: `synthetic` (generated reviews whose words alone mislead); a folder with rt-polarity.pos and rt-polarity.neg (Pang
& Lee 2005, sentence polarity 1.0; index of the distinct lines mod 10: 0 test, 1 validation); a folder of one text file
a class, or of a folder a class, as aclImdb; a table or JSON lines with `text` and `label`, or a folder of them for each
split, as train.tsv and dev.tsv of GLUE's SST-2 (`sentence`), whose test has no labels, or Yelp's train.csv and
test.csv; tfds:imdb_reviews, tfds:yelp_polarity_reviews (`text`, `label`) or tfds:glue/sst2 (`sentence`, `label`).

Seen on the sentence polarity data, 2 CPU cores: test accuracy 0.769 (0.762 to 0.777 over 3 seeds) in 3 minutes; naive
Bayes over words and pairs reaches 0.791.
Paper: Pang & Lee, Seeing Stars (ACL 2005).
"""

from zoo.data.splits import Splits, build_labels
from zoo.data.synthetic import sentences
from zoo.data.vocabularies.vocabulary import Vocabulary
from zoo.experiments.word_vectors import WordVectors
from zoo.recipes.baselines.naive_bayes import naive_bayes
from zoo.recipes.common import mapping_metrics
from zoo.recipes.common.sources import labelled_texts
from zoo.recipes.common.transformers import QUICK as QUICK_TRANSFORMER

CLASSIFIER = {"units": 64, "embedding_size": 200, "dropout": 0.5, "token_dropout": 0.4}
MODELS = {
    "recurrent": ("many_to_one", {**CLASSIFIER, "bidirectional": True, "pooling": "mean"}),
    "transformer": ("transformer_encoder", CLASSIFIER),
}
OPTIMIZERS = {
    "recurrent": {"learning_rate": 5e-4, "weight_decay": 0.05},
    "transformer": {"learning_rate": 5e-4, "weight_decay": 0.05, "schedule": "cosine", "warmup_steps": 200},
}
FIT = {"epochs": 20, "patience": 5, "monitor": "val_accuracy", "batch_size": 64}
QUICK = {
    "examples": 3000,
    "epochs": 5,
    "units": 16,
    "embedding_size": 32,
    "dropout": 0.2,
    "token_dropout": 0.0,
    "learning_rate": 1e-2,
    "transformer": QUICK_TRANSFORMER,
}
VECTORS = {"recurrent": WordVectors("tokens", "embedding")}
# Features of sets of TFDS: imdb_reviews and yelp_polarity_reviews; glue/sst2.
TFDS = (("text", "label"), ("sentence", "label"))


def data(
    *,
    data: str = "synthetic",
    examples: int = 10_000,
    text_column: str = "text",
    label_column: str = "label",
    encoding: str = "utf-8",
    seed: int = 0,
) -> dict[str, list]:
    """Sentences with the labels neg and pos.

    Args:
        data: synthetic, a path, tfds:imdb_reviews or tfds:glue/sst2.
        examples: how many sentences to generate (synthetic only).
        text_column: name of the column of texts in a table, or of their key in JSON lines.
        label_column: the same of labels.
        encoding: of text files.
        seed: of generation.
    """
    return labelled_texts(
        data,
        synthetic=lambda: sentences.generate(examples, seed=seed),
        tfds=TFDS,
        text_column=text_column,
        label_column=label_column,
        encoding=encoding,
    )


def vocabularies(raw, *, minimum_count: int = 1) -> dict:
    """Words that training has often enough, and labels.

    Args:
        minimum_count: rarer words are unknown.
    """
    texts = [text for text, _ in raw["train"]]
    return {
        "tokens": Vocabulary.build(texts, lowercase=True, minimum_count=minimum_count),
        "labels": build_labels(raw, lambda example: [example[1]]),
    }


def space(hp) -> dict:
    """Return the hyperparameters that a search varies."""
    return {
        "cell": hp.Choice("cell", ["lstm", "gru", "simplified_gru", "coupled_lstm"]),
        "units": hp.Int("units", 32, 256, step=32),
        "pooling": hp.Choice("pooling", ["last", "mean", "max", "attention"]),
        "dropout": hp.Float("dropout", 0.2, 0.6, step=0.1),
        "token_dropout": hp.Float("token_dropout", 0.0, 0.5, step=0.1),
        "weight_decay": hp.Float("weight_decay", 1e-3, 0.3, sampling="log"),
        "learning_rate": hp.Float("learning_rate", 3e-4, 3e-3, sampling="log"),
    }


def evaluate(model, splits: Splits, split: str = "test") -> dict[str, float]:
    """Accuracy and mean negative log-likelihood (nats a sentence)."""
    return mapping_metrics.classification_metrics(model, splits[split])


def baseline(splits: Splits) -> dict[str, float]:
    """A naive Bayes over words and pairs of words, what a short sentence's words alone tell."""
    return {"naive_bayes_accuracy": naive_bayes(splits.raw["train"], splits.raw["test"], ngrams=2)}
