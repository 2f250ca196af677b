"""Every model by name. Literal on purpose: what is here is all there is."""

from collections.abc import Callable
from typing import Any

from zoo.models.captioner import Captioner
from zoo.models.crf_tagger import crf_tagger
from zoo.models.ctc_recognizer import ctc_recognizer
from zoo.models.diagonal_bilstm import DiagonalBilstm
from zoo.models.dialogue import Dialogue
from zoo.models.encoder_decoder import EncoderDecoder
from zoo.models.language_model import LanguageModel
from zoo.models.many_to_many import many_to_many
from zoo.models.many_to_one import many_to_one
from zoo.models.memory_network import memory_network
from zoo.models.one_to_many import OneToMany
from zoo.models.pointer_network import PointerNetwork
from zoo.models.raster_lstm import RasterLSTM
from zoo.models.recursive_tree import recursive_tree
from zoo.models.row_lstm import RowLSTM
from zoo.models.transformer import Transformer
from zoo.models.transformer_decoder import TransformerDecoder
from zoo.models.transformer_encoder import transformer_encoder
from zoo.models.turing_machine import turing_machine
from zoo.models.video_captioner import VideoCaptioner

MODELS: dict[str, Callable[..., Any]] = {
    "many_to_one": many_to_one,
    "many_to_many": many_to_many,
    "crf_tagger": crf_tagger,
    "ctc_recognizer": ctc_recognizer,
    "language_model": LanguageModel,
    "one_to_many": OneToMany,
    "encoder_decoder": EncoderDecoder,
    "dialogue": Dialogue,
    "pointer_network": PointerNetwork,
    "memory_network": memory_network,
    "turing_machine": turing_machine,
    "recursive_tree": recursive_tree,
    "raster_lstm": RasterLSTM,
    "row_lstm": RowLSTM,
    "diagonal_bilstm": DiagonalBilstm,
    "transformer_encoder": transformer_encoder,
    "transformer_decoder": TransformerDecoder,
    "transformer": Transformer,
    "captioner": Captioner,
    "video_captioner": VideoCaptioner,
}

FAMILIES = {
    "many_to_one": ("many_to_one", "transformer_encoder"),
    "many_to_many": ("many_to_many", "crf_tagger", "ctc_recognizer"),
    "language_model": ("language_model", "transformer_decoder"),
    "one_to_many": ("one_to_many",),
    "encoder_decoder": ("encoder_decoder", "transformer", "dialogue"),
    "pointer_network": ("pointer_network",),
    "memory": ("memory_network", "turing_machine"),
    "recursive_tree": ("recursive_tree",),
    "pixels": ("raster_lstm", "row_lstm", "diagonal_bilstm"),
    "captioner": ("captioner", "video_captioner"),
}

# The smallest arguments that build each model: `describe` counts parameters with them by default.
EXAMPLES = {
    "many_to_one": {"vocabulary_size": 10_000, "outputs": 2},
    "many_to_many": {"vocabulary_size": 10_000, "outputs": 17},
    "crf_tagger": {"vocabulary_size": 10_000, "outputs": 17},
    "ctc_recognizer": {"features": 40, "outputs": 31},
    "language_model": {"vocabulary_size": 10_000},
    "one_to_many": {"vocabulary_size": 100, "classes": 18},
    "encoder_decoder": {"source_vocabulary_size": 8_000, "target_vocabulary_size": 8_000},
    "dialogue": {"source_vocabulary_size": 8_000, "target_vocabulary_size": 8_000},
    "pointer_network": {"source_features": 2},
    "memory_network": {"vocabulary_size": 180},
    "turing_machine": {"features": 9, "outputs": 8},
    "recursive_tree": {"vocabulary_size": 20_000, "outputs": 5},
    "raster_lstm": {"units": 32},
    "row_lstm": {"units": 32},
    "diagonal_bilstm": {"units": 32},
    "transformer_encoder": {"vocabulary_size": 10_000, "outputs": 2},
    "transformer_decoder": {"vocabulary_size": 10_000},
    "transformer": {"source_vocabulary_size": 8_000, "target_vocabulary_size": 8_000},
    "captioner": {"vocabulary_size": 8_000},
    "video_captioner": {"vocabulary_size": 8_000},
}
