"""Every model by name, and the papers' configurations of them. Literal on purpose: what is here is all there is."""

from zoo.models.crf_tagger import crf_tagger
from zoo.models.many_to_many import many_to_many
from zoo.models.many_to_one import many_to_one

MODELS = {
    "many_to_one": many_to_one,
    "many_to_many": many_to_many,
    "crf_tagger": crf_tagger,
}

FAMILIES = {
    "many_to_one": ("many_to_one",),
    "many_to_many": ("many_to_many", "crf_tagger"),
}

# name -> (model, arguments, paper). Vocabulary sizes and numbers of outputs are the user's.
PRESETS = {
    "graves_2005_bilstm": (
        "many_to_many",
        {"cell": "lstm", "units": 93, "bidirectional": True},
        "Graves & Schmidhuber 2005, Framewise Phoneme Classification with Bidirectional LSTM (93 blocks a direction)",
    ),
    "yang_2016_word_attention": (
        "many_to_one",
        {"cell": "gru", "units": 50, "bidirectional": True, "embedding_size": 200, "pooling": "attention"},
        "Yang et al. 2016, Hierarchical Attention Networks (the word level: bidirectional GRU of 50, attention)",
    ),
    "le_2015_irnn": (
        "many_to_one",
        {"cell": "irnn", "units": 100, "pooling": "last"},
        "Le et al. 2015, arXiv:1504.00941 (100 rectified units that start as the identity)",
    ),
    "huang_2015_bilstm_crf": (
        "crf_tagger",
        {"cell": "lstm", "units": 300, "bidirectional": True, "embedding_size": 50},
        "Huang et al. 2015, arXiv:1508.01991 (bidirectional LSTM of 300 under a CRF)",
    ),
    "ma_2016_bilstm_cnn_crf": (
        "crf_tagger",
        {
            "cell": "lstm",
            "units": 200,
            "bidirectional": True,
            "embedding_size": 100,
            "character_units": 30,
            "dropout": 0.5,
        },
        "Ma & Hovy 2016, arXiv:1603.01354 (30 character filters of 3, LSTM of 200 a direction, dropout 0.5, CRF)",
    ),
}

# The smallest arguments that build each model: `describe` counts parameters with them unless told otherwise.
EXAMPLES = {
    "many_to_one": {"vocabulary_size": 10_000, "outputs": 2},
    "many_to_many": {"vocabulary_size": 10_000, "outputs": 17},
    "crf_tagger": {"vocabulary_size": 10_000, "outputs": 17},
}
