"""Word segmentation of Chinese text, character by character.

    zoo train segmentation --data ud_chinese_gsd_dev_test --out runs/segmentation

Each character begins a word (B), is inside it (I), ends it (E), or is one alone (S); a conditional random field chooses
the path, and only paths that make words are considered. A character is what a reader takes for one (a grapheme
cluster): no vowel sign or tone mark of Thai is ever cut off its letter.

Data: `synthetic` (an invented language in Chinese characters); a folder with a file for each split, named ...train...,
...dev... and ...test..., of CoNLL-U (UD Chinese GSD: zh_gsd-ud-dev.conllu.gz; where train is not there, dev is for
training, but for its last tenth) or of your own text: a sentence a line, its words between blanks (.txt); one such
file, split by index; tfds:universal_dependencies/zh_gsd (`tokens`), or a set of `words`. Texts to predict are typed
without blanks.

Xue 2003, Chinese Word Segmentation as Character Tagging; Chen et al. 2015 (LSTM).

Seen on UD Chinese GSD (450 training sentences), 2 CPU cores: test word F1 0.808 (0.804 to 0.813 over 3 seeds) in 1
minute; longest match 0.639.
"""

from zoo.data.splits import Splits, make_splits
from zoo.data.synthetic import unsegmented
from zoo.data.vocabularies.vocabulary import Labels, Vocabulary
from zoo.data.vocabularies.words import normalize, split_graphemes
from zoo.layers.conditional_random_field import legal_transitions
from zoo.recipes.baselines.longest_match import longest_match
from zoo.recipes.common import mapping_metrics, sources, text_sources
from zoo.training.metrics import classification

MODELS = {"crf": ("crf_tagger", {"embedding_size": 64, "dropout": 0.6, "token_dropout": 0.1})}
OPTIMIZERS = {"crf": {"learning_rate": 3e-3}}
FIT = {"epochs": 40, "patience": 8, "monitor": "val_accuracy", "batch_size": 16}
QUICK = {"examples": 500, "epochs": 4, "units": 24, "embedding_size": 24, "learning_rate": 1e-2}
SIZES = {"allowed": lambda splits: legal_transitions(splits.vocabularies["labels"].names, "BIOES")}
# Features of sets of TFDS: universal_dependencies; one's own.
TFDS = (("tokens",), ("words",))
TAGS = Labels(["B", "I", "E", "S"])
FORMATS = text_sources.FORMATS


def data(*, data: str = "synthetic", examples: int = 2000, seed: int = 0) -> dict[str, list]:
    """Unsegmented sentences, a tag for each character.

    Args:
        data: synthetic, a path, or tfds:universal_dependencies/zh_gsd.
        examples: how many sentences to generate (synthetic only).
        seed: of generation.
    """
    words = sources.sentences(
        data,
        synthetic=lambda: [words for _, words in unsegmented.generate(examples, seed=seed)],
        formats=FORMATS,
        tfds=TFDS,
        each=lambda words: words,
    )
    words = {name: [whole_characters(sentence) for sentence in part] for name, part in words.items()}
    return {name: [("".join(sentence), tags_of(sentence)) for sentence in part] for name, part in words.items()}


def vocabularies(raw, *, minimum_count: int = 2) -> dict:
    """Characters, and the tags that cut words.

    Args:
        minimum_count: rarer characters are unknown.
    """
    texts = [text for text, _ in raw["train"]]
    tokens = Vocabulary.build(texts, level="grapheme", minimum_count=minimum_count)
    return {"tokens": tokens, "labels": TAGS}


def batches(raw, vocabularies, *, batch_size: int = 32, seed: int = 0) -> Splits:
    """Sentences with a target for every character.

    Args:
        batch_size: sentences of a step.
        seed: of shuffling.
    """
    return make_splits(raw, vocabularies, batch_size=batch_size, buckets=6, aligned=True, seed=seed)


def whole_characters(words: list[str]) -> list[str]:
    """The words in composed form; one that begins within a character belongs to the word before it."""
    whole: list[str] = []
    for word in map(normalize, words):
        last = split_graphemes(whole[-1])[-1] if whole else ""
        if whole and len(split_graphemes(last + word)) == len(split_graphemes(word)):
            whole[-1] = normalize(whole[-1] + word)
        elif word:
            whole.append(word)
    return whole


def tags_of(words: list[str]) -> list[str]:
    """The tag of each character: B I I E, or S of a word of one."""
    lengths = [len(split_graphemes(word)) for word in words]
    return [tag for length in lengths for tag in ("S" if length == 1 else "B" + "I" * (length - 2) + "E")]


def words_of(characters: str | list[str], tags: list[str]) -> list[str]:
    """The words that tags make of characters, or of those of a text."""
    words: list[str] = []
    characters = split_graphemes(characters) if isinstance(characters, str) else characters
    for character, tag in zip(characters, tags, strict=True):
        if tag in "BS" or not words:
            words.append(character)
        else:
            words[-1] += character
    return words


def space(hp) -> dict:
    """Return the hyperparameters that a search varies."""
    return {
        "cell": hp.Choice("cell", ["lstm", "gru", "simplified_gru"]),
        "units": hp.Int("units", 50, 200, step=50),
        "embedding_size": hp.Int("embedding_size", 32, 128, step=32),
        "dropout": hp.Float("dropout", 0.2, 0.6, step=0.1),
        "learning_rate": hp.Float("learning_rate", 1e-3, 1e-2, sampling="log"),
    }


def evaluate(model, splits: Splits, split: str = "test") -> dict[str, float]:
    """Accuracy over characters, and F1 over words."""
    predictions, expected = mapping_metrics.tags(model, splits[split])
    names = splits.vocabularies["labels"].names
    texts = [text for text, _ in splits.raw[split]]
    cut = [
        [words_of(text, [names[tag] for tag in row]) for text, row in zip(texts, rows, strict=True)]
        for rows in (predictions, expected)
    ]
    return {
        **mapping_metrics.tagging_metrics(model, splits[split], names),
        "f1": classification.segmentation_f1(*cut)["f1"],
    }


def baseline(splits: Splits) -> dict[str, float]:
    """The longest word of the training sentences that fits, from left to right."""
    known = {word for text, tags in splits.raw["train"] for word in words_of(text, tags)}
    predictions = [longest_match(text, known) for text, _ in splits.raw["test"]]
    expected = [words_of(*example) for example in splits.raw["test"]]
    return {"longest_match_f1": classification.segmentation_f1(predictions, expected)["f1"]}


def format_prediction(prediction) -> str:
    """The words with blanks between them, whether or not some were typed."""
    return " ".join(" ".join(words_of(prediction.input, prediction.output)).split())
