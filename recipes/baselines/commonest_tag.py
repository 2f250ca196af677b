from collections import Counter
from collections.abc import Sequence

Sentence = tuple[Sequence[str], Sequence[str]]


def commonest_tag(train: Sequence[Sentence], test: Sequence[Sentence]) -> tuple[list[list[str]], list[list[str]]]:
    """Predicted and expected tags of `test`: each word has the tag it has most often in `train`.

    A word that is not there has the tag that the words seen only once have most often.
    """
    counts: dict[str, Counter] = {}
    for tokens, tags in train:
        for token, tag in zip(tokens, tags, strict=True):
            counts.setdefault(token.lower(), Counter())[tag] += 1
    rare = Counter(tag for tally in counts.values() if tally.total() == 1 for tag in tally)
    best = {token: tally.most_common(1)[0][0] for token, tally in counts.items()}
    other = (rare or sum(counts.values(), Counter())).most_common(1)[0][0]
    predicted = [[best.get(token.lower(), other) for token in tokens] for tokens, _ in test]
    return predicted, [list(tags) for _, tags in test]
