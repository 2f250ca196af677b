"""What kind of answer does a question ask for? One of six classes (or fifty) of one question.

    zoo train questions --data trec_questions --out runs/questions

Data: `synthetic` (generated questions whose classes share their words); a folder with train_5500.label, or one of the
smaller training sets, and TREC_10.label (the TREC questions of Li & Roth 2002: the published 500 are the test, every
tenth of the rest is for validation); one such file; a folder of one text file a class; a table or JSON lines with
`text` and `label`; tfds:trec (`text` with `label-coarse` or `label-fine`), or a set of `text` and `label`.
Paper: Li & Roth, Learning Question Classifiers (COLING 2002), who reach 0.91 with hand-made features.

Seen on TREC, 2 CPU cores: test accuracy 0.883 (0.878 to 0.890 over 3 seeds) in 1 minute; naive Bayes 0.834.
"""

import keras

import zoo
from zoo.data.readers import questions as reader
from zoo.data.splits import Splits, build_labels, make_splits
from zoo.data.synthetic import questions
from zoo.data.vocabularies.vocabulary import Vocabulary
from zoo.experiments import transformers
from zoo.experiments.optimizers import compile_classifier
from zoo.recipes.baselines.naive_bayes import naive_bayes
from zoo.recipes.common import mapping_metrics, word_vectors
from zoo.recipes.common.sources import hold_out, labelled_texts

EPOCHS = 15
PATIENCE = 5
MONITOR = "val_accuracy"
QUICK = {"examples": 1000, "epochs": 4, "units": 24, "embedding_size": 32, "learning_rate": 5e-3}
# Of the published training sets (train_1000.label ... train_5500.label), each of which holds the smaller ones.
LARGEST = r"train_5500\."
# Features of sets of TFDS, by the classes that are asked for: trec; a set of one's own.
TFDS = {
    "coarse": (("text", "label-coarse"), ("text", "label")),
    "fine": (("text", "label-fine"), ("text", "label")),
}


def data(
    *,
    data: str = "synthetic",
    classes: str = "coarse",
    examples: int = 6000,
    minimum_count: int = 2,
    text_column: str = "text",
    label_column: str = "label",
    encoding: str = "utf-8",
    batch_size: int = 32,
    seed: int = 0,
    vocabularies: dict | None = None,
) -> Splits:
    """Questions with the kind of their answers.

    Args:
        data: synthetic, a path, or tfds:trec.
        classes: coarse (6: ABBR, DESC, ENTY, HUM, LOC, NUM) or fine (50: NUM:date, ...); generated questions have
            coarse ones only, and files of your own the classes they name.
        examples: how many questions to generate (synthetic only).
        minimum_count: rarer words are unknown.
        text_column: name of the column of texts in a table, or of their key in JSON lines.
        label_column: the same of labels.
        encoding: of text files.
        batch_size: questions a step.
        seed: of generation and shuffling.
        vocabularies: those of a trained model; made from the training questions if None.
    Raises:
        ValueError: other classes.
    """
    if classes not in ("coarse", "fine"):
        raise ValueError(f'classes must be "coarse" or "fine". Received: {classes!r}')
    if classes == "fine" and data == "synthetic":
        raise ValueError("Generated questions have coarse classes only. Pass classes='coarse' or published data.")
    raw = labelled_texts(
        data,
        synthetic=lambda: questions.generate(examples, seed=seed),
        tfds=TFDS[classes],
        formats=[reader.format_of(classes)],
        validation=lambda train: hold_out(train, every=10),
        prefer=LARGEST,
        text_column=text_column,
        label_column=label_column,
        encoding=encoding,
    )
    if vocabularies is None:
        vocabularies = {
            "tokens": Vocabulary.build([text for text, _ in raw["train"]], lowercase=True, minimum_count=minimum_count),
            "labels": build_labels(raw, lambda example: [example[1]]),
        }
    return make_splits(raw, vocabularies, batch_size=batch_size, seed=seed)


@transformers.beside(transformers.classifier, layers=2, warmup_steps=200, decay_epochs=EPOCHS)
@word_vectors.initialized("tokens", "embedding")
def model(
    splits: Splits,
    *,
    cell: str = "lstm",
    units: int = 128,
    layers: int = 1,
    bidirectional: bool = True,
    layer_normalization: bool = True,
    pooling: str = "max",
    embedding_size: int = 128,
    dropout: float = 0.5,
    token_dropout: float = 0.3,
    learning_rate: float = 1e-3,
) -> keras.Model:
    """A many-to-one model over words, compiled.

    Args:
        cell: a name of zoo.cells.CELLS: lstm, gru, elman ...
        units: width of each direction of each layer.
        layers: recurrent layers on top of each other.
        bidirectional: read both ways.
        layer_normalization: normalise each layer's input.
        pooling: last, mean, max or attention.
        embedding_size: width of a word's vector.
        dropout: rate on word vectors and on each layer's output.
        token_dropout: share of words replaced by the unknown one in training.
        learning_rate: of Adam.
    """
    model = zoo.build(
        "many_to_one",
        vocabulary_size=len(splits.vocabularies["tokens"]),
        outputs=len(splits.vocabularies["labels"]),
        cell=cell,
        units=units,
        layers=layers,
        bidirectional=bidirectional,
        layer_normalization=layer_normalization,
        pooling=pooling,
        embedding_size=embedding_size,
        dropout=dropout,
        token_dropout=token_dropout,
    )
    return compile_classifier(model, learning_rate)


def space(hp) -> dict:
    """What a search varies."""
    return {
        "cell": hp.Choice("cell", ["lstm", "gru", "simplified_gru", "coupled_lstm"]),
        "units": hp.Int("units", 32, 256, step=32),
        "pooling": hp.Choice("pooling", ["last", "mean", "max", "attention"]),
        "dropout": hp.Float("dropout", 0.2, 0.6, step=0.1),
        "learning_rate": hp.Float("learning_rate", 3e-4, 3e-3, sampling="log"),
    }


def evaluate(model, splits: Splits, split: str = "test") -> dict[str, float]:
    """Accuracy, F1 averaged over the classes, and mean negative log-likelihood (nats a question)."""
    return mapping_metrics.classification_metrics(model, getattr(splits, split))


def baseline(splits: Splits) -> dict[str, float]:
    """A naive Bayes over words and pairs of words."""
    return {"naive_bayes_accuracy": naive_bayes(splits.raw["train"], splits.raw["test"], ngrams=2)}


if __name__ == "__main__":
    from zoo.cli.main import run_recipe

    run_recipe("questions")
