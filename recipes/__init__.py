"""Where data, model and training meet: one task of the literature a file, run from Python or by `zoo train NAME`."""

# name -> module. Literal, so that a listing imports nothing.
RECIPES = {
    "sentiment": "recipes.sentiment",
    "questions": "recipes.questions",
    "surnames": "recipes.surnames",
    "dna": "recipes.dna",
    "activity": "recipes.activity",
    "tagging": "recipes.tagging",
    "segmentation": "recipes.segmentation",
    "question_answering": "recipes.question_answering",
    "algorithms": "recipes.algorithms",
    "tree_sentiment": "recipes.tree_sentiment",
    "memory_span": "recipes.memory_span",
    "language_model": "recipes.language_model",
    "names": "recipes.names",
    "music": "recipes.music",
    "translation": "recipes.translation",
    "commands": "recipes.commands",
    "pronunciation": "recipes.pronunciation",
    "reverse": "recipes.reverse",
    "copying": "recipes.copying",
    "inflection": "recipes.inflection",
    "counting": "recipes.counting",
    "convex_hull": "recipes.convex_hull",
    "sorting": "recipes.sorting",
    "travelling_salesman": "recipes.travelling_salesman",
}
