"""The generated tasks as data sets of TFDS, one for each recipe: `tfds.load("zoo_reverse")` after this import.

"zoo_reverse" has the examples that the recipe `reverse` generates by itself; "zoo_reverse/500_examples" has fewer, and
"zoo_reverse/500_examples_seed_3" others. Recipes with several tasks have a set for each: "zoo_memory_span_copy".

generated  what the sets share
reading    texts, stories, trees and frames with labels or answers
writing    texts and what they become, dialogues, long texts
sensing    sounds, pictures, clips, pens, keys and series
stepping   points to be pointed at, small algorithms over bits
"""

from zoo.data.tfds_builders import reading, sensing, stepping, writing

__all__ = ["reading", "sensing", "stepping", "writing"]
