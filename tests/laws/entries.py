"""Every registered model at a tiny size, in the forms whose code differs: what the laws are held against.

A model enters the registry only with an entry here. An entry names the arguments that choose a form; inputs are drawn
from the names that the model itself gives to its inputs (`batches.py`).
"""

from tests.laws.entry import BATCH, CHARACTERS, FEATURES, MIXED, OUTPUTS, PICTURE, STEPS, VOCABULARY, Entry

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


CLIPS = {"picture_shape": PICTURE, "variable_length": True, "embedding_size": 8}
# What is said of pictures.
SEEN = {
    "picture_shape": PICTURE,
    "vocabulary_size": VOCABULARY,
    "embedding_size": 3,
    "units": 4,
    "region_units": 5,
    "filters": 3,
    "blocks": 1,
}
BLOCKS = {"units": 8, "heads": 2, "layers": 2, "feed_forward": 6}


# Pixels; the longest batch of the laws has 8.
GRID = {"picture_shape": (3, 3), "kernel": 3}


def generating(model, **arguments):
    return Entry(model, arguments, aligned=True, causal=True)


def drawing(model, **arguments):
    """Black or white is 0.7 nats to begin with: 0.15 is all but the last steps of learning by heart."""
    return Entry(model, arguments, aligned=True, causal=True, best=0.15)


ENTRIES = {
    "raster_lstm": {
        "levels": generating("raster_lstm", **GRID, output="levels", levels=4),
        "frames": drawing("raster_lstm", **(GRID | {"kernel": 1}), layers=2, residual=True),
    },
    "row_lstm": {
        "levels": generating("row_lstm", **GRID, output="levels", levels=4),
        "frames": drawing("row_lstm", **GRID, layers=2, residual=True),
    },
    "diagonal_bilstm": {
        "levels": generating("diagonal_bilstm", **(GRID | {"kernel": 1}), output="levels", levels=4),
        "frames": drawing("diagonal_bilstm", **GRID, layers=2, residual=True),
    },
    "many_to_one": {
        "attention": Entry(
            "many_to_one", {**TOKENS, **DEEP, "layers": 1, "bidirectional": True, "pooling": "attention"}
        ),
        "clips": Entry("many_to_one", {**CLIPS, "cell": "gru"}, causal=True),
        "frames": Entry("many_to_one", {**FRAMES, "cell": "peephole_lstm", "activation": None}, causal=True),
    },
    "many_to_many": {
        "words": Entry("many_to_many", {**WORDS, "cell": "gru"}, aligned=True),
        "causal": Entry("many_to_many", {**TOKENS, **DEEP, "bidirectional": False}, aligned=True, causal=True),
        "clips": Entry("many_to_many", {**CLIPS, "cell": "elman"}, aligned=True),
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
    "ctc_recognizer": {
        "frames": Entry("ctc_recognizer", {"features": FEATURES, "cell": "gru"}, aligned=True),
    },
    "language_model": {
        "tied": generating("language_model", **TOKENS, **DEEP, tied=True),
        "frames": generating("language_model", features=FEATURES, layers=1, cell="gru"),
        "strokes": generating("language_model", features=3, output="strokes", components=MIXED, layers=1),
    },
    "one_to_many": {
        "gaussian": generating(
            "one_to_many",
            features=FEATURES,
            output="gaussian",
            classes=BATCH,
            conditioning_size=2,
            cell="simplified_gru",
        ),
        "class": generating("one_to_many", **TOKENS, classes=BATCH, conditioning_size=2, layers=2),
        "vector": generating(
            "one_to_many", **TOKENS, vector_size=2, conditioning_size=2, conditioning="every_step", cell="elman"
        ),
    },
    "encoder_decoder": {
        "mixture": generating(
            "encoder_decoder",
            source_features=FEATURES,
            target_features=FEATURES,
            output="mixture",
            components=MIXED,
            units=4,
            cell="gru",
        ),
        "pyramid": generating(
            "encoder_decoder",
            **(PAIRS | {"source_vocabulary_size": None}),
            source_features=FEATURES,
            attention=None,
            conditioning="every_step",
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
        "bahdanau": generating(
            "encoder_decoder", **PAIRS, attention="additive", attention_style="bahdanau", cell="gru"
        ),
        "copying": generating(
            "encoder_decoder",
            **PAIRS,
            attention="coverage",
            attention_style="bahdanau",
            cell="gru",
            copying="pointer_generator",
            penalties={"coverage": 0.01, "doubly_stochastic": 0.01, "entropy": 0.01},
        ),
    },
    "dialogue": {
        "utterances": generating(
            "dialogue", **PAIRS, attention=None, pooling="attention", memory_level="utterances", cell="lstm"
        ),
        "context": generating(
            "dialogue", **PAIRS, memory_level="utterances", attention_style="bahdanau", pooling="max"
        ),
        "words": generating("dialogue", **PAIRS, memory_level="words", cell="elman"),
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
    "transformer_encoder": {
        "pooled": Entry("transformer_encoder", {**TOKENS, **BLOCKS, "pooling": "attention", "nonlinearity": "gelu"}),
        "words": Entry("transformer_encoder", {**WORDS, **BLOCKS, "per_step": True}, aligned=True),
        "frames": Entry(
            "transformer_encoder",
            {**FRAMES, **BLOCKS, "per_step": True, "causal": True, "activation": "sigmoid"},
            aligned=True,
            causal=True,
        ),
    },
    "transformer_decoder": {
        "learned": generating(
            "transformer_decoder",
            vocabulary_size=VOCABULARY,
            **BLOCKS,
            tied=True,
            positions="learned",
            maximum_length=STEPS + 3,  # as many as the most padded
        ),
        "frames": generating("transformer_decoder", features=FEATURES, **BLOCKS),
    },
    "transformer": {
        "frames": generating(
            "transformer", source_features=FEATURES, target_vocabulary_size=VOCABULARY, **(BLOCKS | {"layers": 1})
        ),
        "tokens": generating(
            "transformer",
            source_vocabulary_size=VOCABULARY,
            target_vocabulary_size=VOCABULARY,
            **BLOCKS,
            tied=True,
            penalties={"doubly_stochastic": 0.01},
        ),
    },
    "captioner": {
        "code": generating("captioner", **SEEN, attention=None, conditioning="both", cell="elman", positions="learned"),
        "gated": generating("captioner", **SEEN, gated=True, cell="gru", penalties={"doubly_stochastic": 0.01}),
    },
    "video_captioner": {
        "code": generating("video_captioner", **SEEN, attention=None, encoder="pyramid", layers=2, cell="gru"),
        "frames": generating(
            "video_captioner",
            **SEEN,
            attention_style="bahdanau",
            gated=True,
            encoder="forward",
            penalties={"doubly_stochastic": 0.01},
        ),
    },
}
EACH = [(f"{model}_{form}", entry) for model, forms in ENTRIES.items() for form, entry in forms.items()]
GENERATING = [(name, entry) for name, entry in EACH if entry.generates]
# One form of each model, the last: what is dear is held of it in `make test`, and of all forms in `make test-all`.
LAST = [f"{model}_{list(forms)[-1]}" for model, forms in ENTRIES.items()]
