"""Every model by name, and the papers' configurations of them. Literal on purpose: what is here is all there is."""

from zoo.models.crf_tagger import crf_tagger
from zoo.models.encoder_decoder import EncoderDecoder
from zoo.models.language_model import LanguageModel
from zoo.models.many_to_many import many_to_many
from zoo.models.many_to_one import many_to_one
from zoo.models.memory_network import memory_network
from zoo.models.one_to_many import OneToMany
from zoo.models.pointer_network import PointerNetwork
from zoo.models.recursive_tree import recursive_tree
from zoo.models.turing_machine import turing_machine

MODELS = {
    "many_to_one": many_to_one,
    "many_to_many": many_to_many,
    "crf_tagger": crf_tagger,
    "language_model": LanguageModel,
    "one_to_many": OneToMany,
    "encoder_decoder": EncoderDecoder,
    "pointer_network": PointerNetwork,
    "memory_network": memory_network,
    "turing_machine": turing_machine,
    "recursive_tree": recursive_tree,
}

FAMILIES = {
    "many_to_one": ("many_to_one",),
    "many_to_many": ("many_to_many", "crf_tagger"),
    "language_model": ("language_model",),
    "one_to_many": ("one_to_many",),
    "encoder_decoder": ("encoder_decoder",),
    "pointer_network": ("pointer_network",),
    "memory": ("memory_network", "turing_machine"),
    "recursive_tree": ("recursive_tree",),
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
    "karpathy_2015_char_rnn": (
        "language_model",
        {"cell": "lstm", "units": 128, "layers": 2},
        "Karpathy 2015, The Unreasonable Effectiveness of Recurrent Neural Networks (char-rnn: 2 LSTM of 128)",
    ),
    "zaremba_2014_medium": (
        "language_model",
        {"cell": "lstm", "units": 650, "layers": 2, "dropout": 0.5},
        "Zaremba et al. 2014, arXiv:1409.2329 (2 LSTM of 650, dropout 0.5 between layers)",
    ),
    "sutskever_2014": (
        "encoder_decoder",
        {
            "attention": None,
            "encoder": "backward",
            "cell": "lstm",
            "units": 1000,
            "layers": 4,
            "embedding_size": 1000,
        },
        "Sutskever et al. 2014, arXiv:1409.3215 (4 LSTM of 1000, source reversed; here one code starts all)",
    ),
    "cho_2014": (
        "encoder_decoder",
        {
            "attention": None,
            "code": "both",
            "encoder": "forward",
            "cell": "gru_reset_before",
            "units": 1000,
            "embedding_size": 100,
        },
        "Cho et al. 2014, arXiv:1406.1078 (gated units of 1000, the code as start state and at every step)",
    ),
    "bahdanau_2015": (
        "encoder_decoder",
        {
            "attention": "additive",
            "order": "bahdanau",
            "cell": "gru_reset_before",
            "units": 1000,
            "embedding_size": 620,
        },
        "Bahdanau et al. 2015, arXiv:1409.0473 (attention by the state before; here 500 units a direction)",
    ),
    "luong_2015": (
        "encoder_decoder",
        {
            "attention": "general",
            "order": "luong",
            "input_feeding": True,
            "encoder": "backward",
            "cell": "lstm",
            "units": 1000,
            "layers": 4,
            "embedding_size": 1000,
            "dropout": 0.2,
        },
        "Luong et al. 2015, arXiv:1508.04025 (4 LSTM of 1000, input feeding; here one code starts all)",
    ),
    "wu_2016_gnmt": (
        "encoder_decoder",
        {
            "attention": "additive",
            "order": "bahdanau",
            "cell": "lstm",
            "units": 1024,
            "layers": 8,
            "embedding_size": 1024,
            "residual": True,
            "dropout": 0.2,
        },
        "Wu et al. 2016, arXiv:1609.08144 (8 residual LSTM of 1024; here every encoder layer reads both ways)",
    ),
    "see_2017_pointer_generator": (
        "encoder_decoder",
        {
            "attention": "coverage",
            "input_feeding": True,
            "copying": "pointer_generator",
            "penalties": {"coverage": 1.0},
            "penalty_ramp": (230_000, 230_000),
            "cell": "lstm",
            "units": 256,
            "embedding_size": 128,
        },
        "See et al. 2017, arXiv:1704.04368 (copies from its source, with coverage; here 128 units a direction)",
    ),
    "vinyals_2015_pointer": (
        "pointer_network",
        {"attention": "additive", "encoder": "forward", "cell": "lstm", "units": 256},
        "Vinyals et al. 2015, arXiv:1506.03134 (LSTM of 256 that points at its input)",
    ),
    "bello_2016": (
        "pointer_network",
        {"visits": "all", "glimpses": 1, "clip": 10.0, "encoder": "forward", "cell": "lstm", "units": 128},
        "Bello et al. 2016, arXiv:1611.09940 (tours: each place once, one glimpse, scores within 10)",
    ),
    "sukhbaatar_2015_memory": (
        "memory_network",
        {"units": 50, "hops": 3, "tying": "adjacent", "encoding": "position", "memory_size": 50, "noise": 0.1},
        "Sukhbaatar et al. 2015, arXiv:1503.08895 (3 hops, adjacent tying, position encoding, all tasks in one model)",
    ),
    "graves_2014_feed_forward": (
        "turing_machine",
        {"controller": "feed_forward", "units": 100, "slots": 128, "slot_size": 20},
        "Graves et al. 2014, arXiv:1410.5401 (feed-forward controller of 100, memory of 128 x 20)",
    ),
    "graves_2014_lstm": (
        "turing_machine",
        {"controller": "lstm", "units": 100, "slots": 128, "slot_size": 20},
        "Graves et al. 2014, arXiv:1410.5401 (LSTM controller of 100, memory of 128 x 20)",
    ),
    "graves_2014_content": (
        "turing_machine",
        {"controller": "lstm", "units": 100, "slots": 128, "slot_size": 20, "addressing": "content"},
        "Graves et al. 2014, arXiv:1410.5401, section 3.3.1 alone (heads that find their place by content only)",
    ),
    "socher_2013_recursive": (
        "recursive_tree",
        {"composition": "matrix", "units": 30},
        "Socher et al. 2013, Recursive Deep Models for Semantic Compositionality (one matrix, vectors of 25 to 35)",
    ),
    "socher_2012_matrix_vector": (
        "recursive_tree",
        {"composition": "matrix_vector", "units": 25},
        "Socher et al. 2012, Semantic Compositionality through Recursive Matrix-Vector Spaces (vectors of 25, rank 3)",
    ),
    "socher_2013_tensor": (
        "recursive_tree",
        {"composition": "tensor", "units": 30},
        "Socher et al. 2013, Recursive Deep Models for Semantic Compositionality (tensor, vectors of 25 to 35)",
    ),
    "tai_2015_constituency": (
        "recursive_tree",
        {"composition": "tree_lstm", "units": 150, "embedding_size": 300, "dropout": 0.5},
        "Tai et al. 2015, arXiv:1503.00075 (binary Tree-LSTM of 150 on words of 300)",
    ),
}

# The smallest arguments that build each model: `describe` counts parameters with them unless told otherwise.
EXAMPLES = {
    "many_to_one": {"vocabulary_size": 10_000, "outputs": 2},
    "many_to_many": {"vocabulary_size": 10_000, "outputs": 17},
    "crf_tagger": {"vocabulary_size": 10_000, "outputs": 17},
    "language_model": {"vocabulary_size": 10_000},
    "one_to_many": {"vocabulary_size": 100, "classes": 18},
    "encoder_decoder": {"source_vocabulary_size": 8_000, "target_vocabulary_size": 8_000},
    "pointer_network": {"source_features": 2},
    "memory_network": {"vocabulary_size": 180},
    "turing_machine": {"features": 9, "outputs": 8},
    "recursive_tree": {"vocabulary_size": 20_000, "outputs": 5},
}
