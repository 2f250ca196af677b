"""Published recurrent cells, one a file."""

from zoo.cells.coupled_lstm import CoupledLSTMCell
from zoo.cells.elman import ElmanCell
from zoo.cells.gru import GRUCell
from zoo.cells.gru_reset_before import GRUResetBeforeCell
from zoo.cells.irnn import IRNNCell
from zoo.cells.jordan import JordanCell
from zoo.cells.lstm import LSTMCell
from zoo.cells.peephole_lstm import PeepholeLSTMCell
from zoo.cells.simplified_gru import SimplifiedGRUCell

CELLS = {
    "elman": ElmanCell,
    "irnn": IRNNCell,
    "jordan": JordanCell,
    "simplified_gru": SimplifiedGRUCell,
    "gru": GRUCell,
    "gru_reset_before": GRUResetBeforeCell,
    "lstm": LSTMCell,
    "peephole_lstm": PeepholeLSTMCell,
    "coupled_lstm": CoupledLSTMCell,
}
