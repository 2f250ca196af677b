import keras
from keras import ops

from zoo.layers.attention import Attention
from zoo.layers.composite import Composite
from zoo.ops.scan import scan
from zoo.recurrent.cell_stack import CellStack


@keras.saving.register_keras_serializable(package="zoo")
class BahdanauStack(Composite):
    """A decoder that looks before it steps: the query is the state it comes with, the context enters its cells.

        a_t, c_t = attention(s_{t-1}, m),      gated:  c_t <- beta_t c_t,  beta_t = sigmoid(w s_{t-1} + b)
        s_t      = cells([y_{t-1} ; c_t], s_{t-1})
        o_t      = tanh(W [s_t ; c_t])

    Args:
        cell, units, layers, residual, dropout: as in `CellStack`; dropout acts on o_t, too.
        attention: a name of `zoo.layers.attention_scores.SCORES`.
        attention_units: width of the comparison, of all heads together; `units` if None.
        heads: of attention.
        gated: a gate from 0 to 1 scales the context at each step.
    Shapes:
        sequences (B, T, D), memory (B, S, M), mask (B, S), states -> outputs (B, T, units), {"alignment": (B, T, S),
        gated "gate": (B, T)}.
        `prepare`, `start` and `step` do the same one step at a time.
    Reference: arXiv:1409.0473 (Bahdanau et al. 2015); arXiv:1502.03044 (Xu et al. 2015: the gate). Differs: one tanh
        layer for the maxout read-out, which does not see y_{t-1}; of several layers the top one asks.
    """

    def __init__(
        self,
        cell: str = "lstm",
        units: int = 128,
        *,
        attention: str = "additive",
        attention_units: int | None = None,
        heads: int = 1,
        gated: bool = False,
        layers: int = 1,
        residual: bool = False,
        dropout: float = 0.0,
        **kwargs,
    ):
        super().__init__(**kwargs)
        self.attention = Attention(
            attention, attention_units or units, heads=heads, dtype=self.dtype_policy, name="attention"
        )
        self.units = units
        self.cells = CellStack(
            cell, units, layers=layers, residual=residual, dropout=dropout, dtype=self.dtype_policy, name="cells"
        )
        self.gate = None
        if gated:
            self.gate = keras.layers.Dense(1, activation="sigmoid", dtype=self.dtype_policy, name="gate")
        self.combine = keras.layers.Dense(units, activation="tanh", dtype=self.dtype_policy, name="combine")
        self.dropout = keras.layers.Dropout(dropout, dtype=self.dtype_policy, name="dropout")

    def build(self, sequences_shape, memory_shape, mask_shape=None, states_shape=None):
        context = self.attention.width(memory_shape[-1])
        self.attention.build((None, self.units), memory_shape)
        self.cells.build(sequences_shape, (None, context))
        if self.gate is not None:
            self.gate.build((None, self.units))
        self.combine.build((None, self.units + context))

    def prepare(self, memory, mask):
        return self.attention.prepare(memory, mask)

    def start(self, states, prepared):
        return {"layers": states, "query": states[-1][0]} | self.attention.initial_state(prepared)

    def step(self, inputs, state, prepared):
        state, output, context, trace = self._attend_and_step(self.cells.project(inputs), state, prepared)
        return self._combine(output, context), state, trace

    def call(self, sequences, memory, mask, states, training=None):
        prepared = self.prepare(memory, mask)
        dropout_masks = self.cells.dropout_masks(ops.shape(sequences)[0], training)

        def step(state, projected):
            state, *alignment_state = self._attend_and_step(projected, state, prepared, dropout_masks)
            return state, tuple(alignment_state)

        projected = ops.transpose(self.cells.project(sequences), (1, 0, 2))
        _, stacked = scan(step, self.start(states, prepared), projected)
        outputs, contexts, trace = keras.tree.map_structure(lambda tensor: ops.swapaxes(tensor, 0, 1), stacked)
        return self.dropout(self._combine(outputs, contexts), training=training), trace

    def _attend_and_step(self, projected, state, prepared, dropout_masks=None):
        context, alignment = self.attention.attend(state["query"], prepared, state.get("previous"))
        trace = {"alignment": alignment}
        if self.gate is not None:
            gate = self.gate(state["query"])
            context, trace = gate * context, trace | {"gate": ops.squeeze(gate, axis=-1)}
        output, layers = self.cells.step(projected, context, state["layers"], dropout_masks)
        alignment_state = self.attention.next_state(alignment, state.get("previous"))
        return {"layers": layers, "query": output} | alignment_state, output, context, trace

    def _combine(self, outputs, contexts):
        return self.combine(ops.concatenate([outputs, contexts], axis=-1))
