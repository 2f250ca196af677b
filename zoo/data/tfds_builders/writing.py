"""Generated sets of pairs of texts, dialogues and long texts."""

from zoo.data.readers import inflections as tables
from zoo.data.readers import pronunciations as dictionary
from zoo.data.splits import split_by_index
from zoo.data.synthetic import (
    commands,
    counters,
    inflections,
    notes,
    pronunciations,
    prose,
    reversal,
    rules,
    topics,
    translations,
)
from zoo.data.tfds_builders.generated import TEXT, TEXTS, Parts, by_index, define

PAIR = {"source": TEXT, "target": TEXT}


def _prose(count: int, seed: int) -> Parts:
    text = prose.generate(count, seed=seed)
    one, two = int(0.8 * len(text)), int(0.9 * len(text))
    parts = {"train": text[:one], "validation": text[one:two], "test": text[two:]}
    return {split: [{"text": part}] for split, part in parts.items()}


def _pronunciations(count: int, seed: int) -> Parts:
    drawn = {pair["source"]: pair["target"] for pair in pronunciations.generate(count, seed=seed)}
    return dictionary.split([{"source": word, "target": phonemes, "group": word} for word, phonemes in drawn.items()])


def _reversals(count: int, seed: int) -> Parts:
    return split_by_index(list({pair["source"]: pair for pair in reversal.generate(count, seed=seed)}.values()))


def _dialogues(count: int, seed: int) -> Parts:
    return split_by_index([{"utterances": turns} for turns in topics.generate(count, seed=seed)])


def _inflections(count: int, seed: int) -> Parts:
    return tables.split_by_lemma(inflections.generate(count, seed=seed))


define(
    "zoo_language_model",
    "Little stories, one text per split; its examples are characters.",
    {"text": TEXT},
    1_000_000,
    _prose,
)
define(
    "zoo_translation",
    "English sentences with translations into an invented language.",
    PAIR,
    20_000,
    by_index(translations.generate),
)
define(
    "zoo_commands", "Commands of an invented language with their actions.", PAIR, 20_000, by_index(commands.generate)
)
define(
    "zoo_pronunciation",
    "Words of an invented spelling with their phonemes; a word is in one split.",
    PAIR,
    20_000,
    _pronunciations,
)
define("zoo_reverse", "Strings of letters with their reversals; a string is in one split.", PAIR, 20_000, _reversals)
define(
    "zoo_dialogue",
    "Dialogues of a guest and a restaurant with references to earlier utterances.",
    {"utterances": TEXTS},
    1500,
    _dialogues,
)
define(
    "zoo_copying",
    "Sentences rewritten by rules, with invented words in their slots.",
    PAIR,
    20_000,
    by_index(rules.generate),
)
define(
    "zoo_copying_notes", "Notes of a trade in invented goods with summaries.", PAIR, 20_000, by_index(notes.generate)
)
define(
    "zoo_inflection",
    "Verbs of an invented language with features and their forms; a verb is in one split.",
    PAIR,
    11_500,
    _inflections,
)
define(
    "zoo_counting",
    "Start and step of a counter, and its numbers, some of them wrong.",
    PAIR,
    5000,
    by_index(counters.generate),
)
