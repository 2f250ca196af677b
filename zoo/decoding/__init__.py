"""From a model that can step to sequences: greedy, sampling, beam search, each a Keras model (`decoder.py`)."""

from zoo.decoding.beam_search import BeamSearch
from zoo.decoding.greedy import Greedy
from zoo.decoding.sampling import Sampling

DECODERS = {"greedy": Greedy, "sampling": Sampling, "beam_search": BeamSearch}
