"""Every registered model at a tiny size, in the forms whose code differs: what the laws are held against.

A model enters the registry only with an entry here. An entry names the arguments that choose a form; inputs are drawn
from the names that the model itself gives to its inputs (`batches.py`).
"""

from tests.laws.entry import BATCH, CHARACTERS, FEATURES, OUTPUTS, STEPS, VOCABULARY, Entry

TOKENS = {"vocabulary_size": VOCABULARY, "embedding_size": 3}
WORDS = {**TOKENS, "character_vocabulary_size": CHARACTERS, "character_units": 3}
# Tags never fall; any may start (last row) and any may end (last column).
UPWARD = [[int(after >= before) for after in range(OUTPUTS)] + [1] for before in range(OUTPUTS)] + [[1] * OUTPUTS + [0]]
FRAMES = {"features": FEATURES, "variable_length": True}
TAPE = {"slots": 4, "slot_size": 2}
DEEP = {"layers": 2, "residual": True, "layer_normalization": True}
# Tokens to tokens; a source of two directions, which share the units.
PAIRS = {
    "source_vocabulary_size": VOCABULARY,
    "target_vocabulary_size": VOCABULARY,
    "embedding_size": 3,
    "units": 4,
}


def generating(model, **arguments):
    return Entry(model, arguments, aligned=True, causal=True)


ENTRIES = {
    "many_to_one": {
        "attention": Entry(
            "many_to_one", {**TOKENS, **DEEP, "layers": 1, "bidirectional": True, "pooling": "attention"}
        ),
        "frames": Entry("many_to_one", {**FRAMES, "cell": "peephole_lstm", "activation": None}, causal=True),
    },
    "many_to_many": {
        "words": Entry("many_to_many", {**WORDS, "cell": "gru"}, aligned=True),
        "causal": Entry("many_to_many", {**TOKENS, **DEEP, "bidirectional": False}, aligned=True, causal=True),
        "frames": Entry(
            "many_to_many",
            {**FRAMES, "cell": "coupled_lstm", "activation": "sigmoid", "bidirectional": False},
            aligned=True,
            causal=True,
        ),
    },
    "crf_tagger": {
        "words": Entry("crf_tagger", {**WORDS, "allowed": UPWARD}, aligned=True),
        "frames": Entry("crf_tagger", {**FRAMES, "cell": "gru_reset_before"}, aligned=True),
    },
    "language_model": {
        "tied": generating("language_model", **TOKENS, **DEEP, tied=True),
        "frames": generating("language_model", features=FEATURES, layers=1, cell="gru"),
    },
    "one_to_many": {
        "class": generating("one_to_many", **TOKENS, classes=BATCH, code_size=2, layers=2),
        "vector": generating("one_to_many", **TOKENS, vector_size=2, code_size=2, code="every_step", cell="elman"),
    },
    "encoder_decoder": {
        "pyramid": generating(
            "encoder_decoder",
            **(PAIRS | {"source_vocabulary_size": None}),
            source_features=FEATURES,
            attention=None,
            code="every_step",
            encoder="pyramid",
            layers=2,
            cell="gru_reset_before",
        ),
        "luong": generating(
            "encoder_decoder",
            **(PAIRS | {"embedding_size": 4}),
            attention="location",
            input_feeding=True,
            layers=2,
            residual=True,
            tied=True,
        ),
        "bahdanau": generating("encoder_decoder", **PAIRS, attention="additive", order="bahdanau", cell="gru"),
        "copying": generating(
            "encoder_decoder",
            **PAIRS,
            attention="coverage",
            order="bahdanau",
            cell="gru",
            copying="pointer_generator",
            penalties={"coverage": 0.01, "doubly_stochastic": 0.01, "entropy": 0.01},
        ),
    },
    "pointer_network": {
        "tokens": generating(
            "pointer_network", source_vocabulary_size=VOCABULARY, embedding_size=3, units=4, visits="any"
        ),
        "points": Entry(
            "pointer_network",
            {
                "source_features": FEATURES,
                "embedding_size": 3,
                "units": 4,
                "cell": "gru",
                "visits": "all",
                "glimpses": 1,
                "clip": 10.0,
            },
            aligned=True,
            causal=True,
            idle="pointer/end",  # it may only be said when there is nothing else to say
        ),
    },
    "memory_network": {
        "layer_wise": Entry(
            "memory_network",
            {"vocabulary_size": VOCABULARY, "hops": 2, "memory_size": STEPS, "tying": "layer_wise"},
            over="story",
            shared={"embedding_0": ["story"], "embedding_1": ["story"], "embedding_2": ["question"]},
        ),
        # The last matrix says the words as well.
        "adjacent": Entry(
            "memory_network",
            {"vocabulary_size": VOCABULARY, "hops": 2, "memory_size": STEPS, "encoding": "bag", "outputs": None},
            over="story",
            shared={"embedding_0": ["story", "question"], "embedding_1": ["story"]},
        ),
    },
    "turing_machine": {
        "content": Entry(
            "turing_machine",
            {
                **TOKENS,
                **TAPE,
                "activation": "softmax",
                "controller": "lstm",
                "read_heads": 2,
                "addressing": "content",
                "memory_start": "learned",  # slots that start alike stay alike, and keys learn nothing
            },
            aligned=True,
            causal=True,
        ),
        "frames": Entry(
            "turing_machine", {**FRAMES, **TAPE, "activation": "sigmoid", "write_heads": 2}, aligned=True, causal=True
        ),
    },
    "recursive_tree": {
        "child_sum": Entry(
            "recursive_tree",
            {**TOKENS, "embedding_size": 2, "composition": "child_sum_tree_lstm", "arity": 3},
            over="trees",
            aligned=True,
        ),
        "tree_lstm": Entry("recursive_tree", {"vocabulary_size": VOCABULARY}, over="trees", aligned=True),
    },
}
EACH = [(f"{model}_{form}", entry) for model, forms in ENTRIES.items() for form, entry in forms.items()]
GENERATING = [(name, entry) for name, entry in EACH if entry.generates]
