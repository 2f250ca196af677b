"""The papers' configurations of the models, by name. Literal on purpose: what is here is all there is."""

# name -> (model, arguments, paper). Vocabulary sizes and numbers of outputs are the user's.
from typing import Any

PRESETS: dict[str, tuple[str, dict[str, Any], str]] = {
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
        "Sutskever et al. 2014, arXiv:1409.3215 (4 LSTM of 1000, source reversed; here one summary starts all)",
    ),
    "cho_2014": (
        "encoder_decoder",
        {
            "attention": None,
            "conditioning": "both",
            "encoder": "forward",
            "cell": "gru_reset_before",
            "units": 1000,
            "embedding_size": 100,
        },
        "Cho et al. 2014, arXiv:1406.1078 (gated units of 1000, the summary as initial state and at every step)",
    ),
    "bahdanau_2015": (
        "encoder_decoder",
        {
            "attention": "additive",
            "attention_style": "bahdanau",
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
            "attention_style": "luong",
            "input_feeding": True,
            "encoder": "backward",
            "cell": "lstm",
            "units": 1000,
            "layers": 4,
            "embedding_size": 1000,
            "dropout": 0.2,
        },
        "Luong et al. 2015, arXiv:1508.04025 (4 LSTM of 1000, input feeding; here one summary starts all)",
    ),
    "wu_2016_gnmt": (
        "encoder_decoder",
        {
            "attention": "additive",
            "attention_style": "bahdanau",
            "cell": "lstm",
            "units": 1024,
            "layers": 8,
            "embedding_size": 1024,
            "residual": True,
            "dropout": 0.2,
        },
        "Wu et al. 2016, arXiv:1609.08144 (8 residual LSTM of 1024; here every encoder layer reads both ways)",
    ),
    "chan_2016_listener": (
        "encoder_decoder",
        {
            "attention": "additive",
            "attention_style": "bahdanau",
            "encoder": "pyramid",
            "cell": "lstm",
            "units": 512,
            "layers": 4,
            "embedding_size": 512,
        },
        "Chan et al. 2016, arXiv:1508.01211 (Listen, Attend and Spell: 4 layers of 256 a direction, 3 of which halve "
        "the time; here the speller has 4 layers, too, and not 2)",
    ),
    "graves_2006_ctc": (
        "ctc_recognizer",
        {"encoder": "bidirectional", "cell": "lstm", "units": 100},
        "Graves et al. 2006, Connectionist Temporal Classification (bidirectional LSTM of 100 blocks a direction)",
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
    "serban_2016_hred": (
        "dialogue",
        {"attention": None, "conditioning": "every_step", "cell": "gru", "units": 300, "embedding_size": 300},
        "Serban et al. 2016, arXiv:1507.04808 (gated units of 300 on each level; here words are read both ways)",
    ),
    "vinyals_2015_pointer": (
        "pointer_network",
        {"attention": "additive", "encoder": "forward", "cell": "lstm", "units": 256},
        "Vinyals et al. 2015, arXiv:1506.03134 (LSTM of 256 that points at its input)",
    ),
    "bello_2016": (
        "pointer_network",
        {"visits": "all", "glimpses": 1, "clip": 10.0, "encoder": "forward", "cell": "lstm", "units": 128},
        "Bello et al. 2016, arXiv:1611.09940 (tours: each city once, one glimpse, scores within 10)",
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
        "Graves et al. 2014, arXiv:1410.5401, section 3.3.1 alone (content-based addressing only)",
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
    "vinyals_2015_show_and_tell": (
        "captioner",
        {"attention": None, "conditioning": "initial_state", "cell": "lstm", "units": 512, "embedding_size": 512},
        "Vinyals et al. 2015, arXiv:1411.4555 (LSTM of 512 that starts from the picture; here its encoder is small and "
        "untrained: name a backbone and its weights)",
    ),
    "xu_2015_show_attend_tell": (
        "captioner",
        {
            "attention": "additive",
            "attention_style": "bahdanau",
            "gated": True,
            "cell": "lstm",
            "units": 512,
            "embedding_size": 512,
            "penalties": {"doubly_stochastic": 1.0},
        },
        "Xu et al. 2015, arXiv:1502.03044 (soft attention, the gate, every region about once; here its encoder is "
        "small and untrained: name a backbone and its weights)",
    ),
    "van_den_oord_2016_row": (
        "row_lstm",
        {"picture_shape": (28, 28), "units": 16, "layers": 7, "kernel": 7, "residual": True, "readout_units": 32},
        "van den Oord et al. 2016, arXiv:1601.06759 (binary digits by 7 residual Row LSTMs of 16)",
    ),
    "van_den_oord_2016_diagonal": (
        "diagonal_bilstm",
        {"picture_shape": (28, 28), "units": 16, "layers": 7, "kernel": 7, "residual": True, "readout_units": 32},
        "van den Oord et al. 2016, arXiv:1601.06759 (binary digits by 7 residual Diagonal BiLSTMs of 16)",
    ),
    "vaswani_2017_base": (
        "transformer",
        {"units": 512, "layers": 6, "heads": 8, "feed_forward": 2048, "dropout": 0.1, "label_smoothing": 0.1},
        "Vaswani et al. 2017, arXiv:1706.03762 (base: 6 blocks of 512, 8 heads; here norms come first, untied)",
    ),
    "vaswani_2017_big": (
        "transformer",
        {"units": 1024, "layers": 6, "heads": 16, "feed_forward": 4096, "dropout": 0.3, "label_smoothing": 0.1},
        "Vaswani et al. 2017, arXiv:1706.03762 (big: 6 blocks of 1024, 16 heads; here norms come first, untied)",
    ),
    "radford_2019_gpt2": (
        "transformer_decoder",
        {
            "units": 768,
            "layers": 12,
            "heads": 12,
            "nonlinearity": "gelu",
            "positions": "learned",
            "maximum_length": 1024,
            "dropout": 0.1,
            "tied": True,
        },
        "Radford et al. 2019, Language Models are Unsupervised Multitask Learners (the smallest: 12 blocks of 768)",
    ),
    "turc_2019_bert_small": (
        "transformer_encoder",
        {
            "units": 512,
            "layers": 4,
            "heads": 8,
            "nonlinearity": "gelu",
            "positions": "learned",
            "maximum_length": 512,
            "dropout": 0.1,
        },
        "Turc et al. 2019, arXiv:1908.08962 (small: 4 blocks of 512; here norms come first, and nothing is pretrained)",
    ),
}
