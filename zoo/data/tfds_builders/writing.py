"""Generated sets whose answers are written: one text and what it becomes, dialogues, long texts."""

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
from zoo.data.tfds_builders.generated import TEXT, TEXTS, Generated, Parts

PAIR = {"source": TEXT, "target": TEXT}


class ZooLanguageModel(Generated):
    """Little stories, one text a split; its examples are characters."""

    FEATURES, EXAMPLES = {"text": TEXT}, 1_000_000

    @staticmethod
    def draw(count: int, seed: int) -> Parts:
        text = prose.generate(count, seed=seed)
        one, two = int(0.8 * len(text)), int(0.9 * len(text))
        parts = {"train": text[:one], "validation": text[one:two], "test": text[two:]}
        return {split: [{"text": part}] for split, part in parts.items()}


class ZooTranslation(Generated):
    """English sentences and the same in an invented language."""

    FEATURES, EXAMPLES = PAIR, 20_000

    @staticmethod
    def draw(count: int, seed: int) -> Parts:
        return split_by_index(translations.generate(count, seed=seed))


class ZooCommands(Generated):
    """Commands of an invented language and their actions."""

    FEATURES, EXAMPLES = PAIR, 20_000

    @staticmethod
    def draw(count: int, seed: int) -> Parts:
        return split_by_index(commands.generate(count, seed=seed))


class ZooPronunciation(Generated):
    """Words of an invented spelling and their phonemes; a word is in one split."""

    FEATURES, EXAMPLES = PAIR, 20_000

    @staticmethod
    def draw(count: int, seed: int) -> Parts:
        drawn = {pair["source"]: pair["target"] for pair in pronunciations.generate(count, seed=seed)}
        return dictionary.split(
            [{"source": word, "target": phonemes, "group": word} for word, phonemes in drawn.items()]
        )


class ZooReverse(Generated):
    """Strings of letters and the same backwards; a string is in one split."""

    FEATURES, EXAMPLES = PAIR, 20_000

    @staticmethod
    def draw(count: int, seed: int) -> Parts:
        return split_by_index(list({pair["source"]: pair for pair in reversal.generate(count, seed=seed)}.values()))


class ZooDialogue(Generated):
    """Dialogues of a guest and a house, where answers were said several turns before."""

    FEATURES, EXAMPLES = {"utterances": TEXTS}, 1500

    @staticmethod
    def draw(count: int, seed: int) -> Parts:
        return split_by_index([{"utterances": turns} for turns in topics.generate(count, seed=seed)])


class ZooCopying(Generated):
    """Sentences rewritten by rules, with words that nobody knows in their slots."""

    FEATURES, EXAMPLES = PAIR, 20_000

    @staticmethod
    def draw(count: int, seed: int) -> Parts:
        return split_by_index(rules.generate(count, seed=seed))


class ZooCopyingNotes(Generated):
    """Notes of a trade in invented goods, and what matters in them."""

    FEATURES, EXAMPLES = PAIR, 20_000

    @staticmethod
    def draw(count: int, seed: int) -> Parts:
        return split_by_index(notes.generate(count, seed=seed))


class ZooInflection(Generated):
    """Verbs of an invented language with features, and their forms; a verb is in one split."""

    FEATURES, EXAMPLES = PAIR, 11_500

    @staticmethod
    def draw(count: int, seed: int) -> Parts:
        return tables.split_by_lemma(inflections.generate(count, seed=seed))


class ZooCounting(Generated):
    """Start and step of a counter, and its numbers, some of them wrong."""

    FEATURES, EXAMPLES = PAIR, 5000

    @staticmethod
    def draw(count: int, seed: int) -> Parts:
        return split_by_index(counters.generate(count, seed=seed))
