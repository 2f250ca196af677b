"""Generated tasks: one a file, seeded, offline, of any size. Every generator returns a list of (input, target);
those of tasks that generate, of dicts by input name; `expressions` of trees, which hold both.

| task | input | target |
|---|---|---|
| `adding` | frames (T, 2) | (1,) float, the sum of the two marked values |
| `copy_memory` | (T + 20,) int | (T + 20,) int, the ten digits again at the end |
| `motions` | frames (T, 6) | activity |
| `sentences` | review | pos or neg |
| `questions` | question | coarse kind of the answer |
| `surnames` | name | language |
| `genes` | DNA | kind of junction, or coding marks a base |
| `tagged_sentences` | tokens | UPOS or BIO tags |
| `unsegmented` | text without spaces | its words |
| `reversal` | letters | the letters backwards |
| `commands` | command of an invented language | its actions |
| `translations` | English sentence | the same in an invented language |
| `pronunciations` | word of an invented spelling | its phonemes |
| `inflections` | verb of an invented language, and features | its form |
| `rules` | sentence | the same by a rule that copies unknown words |
| `notes` | note of a trade in invented goods | what matters in it |
| `counters` | start and step of a counter | numbers, some of them wrong |
| `sortings` | numbers (S, 1) | their positions in ascending order |
| `convex_hulls` | points (S, 2) | positions of the hull's corners |
| `tours` | points (S, 2) | positions in the order of the shortest tour |
| `expressions` | tree over the words of an expression | its labels: the value of every phrase |
| `algorithms` | batches of bits (B, T, K), several tasks | bits (B, T, O), and at which steps they are asked |
| `world` | story and question | answer, and the sentences that give it |
| `melodies` | nothing | piano roll (T, 88) |
| `patterns` | nothing | grey picture (H, W) |
| `prose` | nothing | one long text |

The same seed gives the same examples; another seed gives others of the same distribution.
"""

from zoo.data.synthetic import (
    adding,
    algorithms,
    commands,
    convex_hulls,
    copy_memory,
    counters,
    expressions,
    genes,
    inflections,
    melodies,
    motions,
    notes,
    patterns,
    pronunciations,
    prose,
    questions,
    reversal,
    rules,
    sentences,
    sortings,
    surnames,
    tagged_sentences,
    tours,
    translations,
    unsegmented,
    world,
)

__all__ = [
    "adding",
    "algorithms",
    "commands",
    "convex_hulls",
    "copy_memory",
    "counters",
    "expressions",
    "genes",
    "inflections",
    "melodies",
    "motions",
    "notes",
    "patterns",
    "pronunciations",
    "prose",
    "questions",
    "reversal",
    "rules",
    "sentences",
    "sortings",
    "surnames",
    "tagged_sentences",
    "tours",
    "translations",
    "unsegmented",
    "world",
]
