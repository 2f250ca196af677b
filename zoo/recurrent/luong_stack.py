import keras
from keras import ops

from zoo.layers.attention import Attention
from zoo.layers.composite import Composite
from zoo.ops.scan import scan
from zoo.recurrent.cell_stack import CellStack
from zoo.recurrent.recurrent_stack import RecurrentStack


@keras.saving.register_keras_serializable(package="zoo")
class LuongStack(Composite):
    """A decoder that steps before it looks: the query is the state it has reached.

        s_t      = cells(y_{t-1}, s_{t-1})            with input feeding: cells([y_{t-1} ; o_{t-1}], s_{t-1})
        a_t, c_t = attention(s_t, m)
        o_t      = tanh(W [s_t ; c_t])

    Without input feeding nothing of attention comes back: the cells run over all steps first, and all of them look at
    once. With it, or with a match that reads the alignment before, the steps go one by one.

    Args:
        cell, units, layers, residual, dropout: as in `RecurrentStack` and `CellStack`; dropout acts on o_t, too.
        attention: a name of `zoo.layers.attention_scores.SCORES`.
        attention_units: width of the comparison, of all heads together; `units` if None.
        heads: of attention.
        input_feeding: whether o_{t-1} enters the next step.
    Shapes:
        sequences (B, T, D), memory (B, S, M), mask (B, S), states -> outputs (B, T, units), {"alignment": (B, T, S)}.
        `prepare`, `start` and `step` do the same one step at a time.
    Reference: arXiv:1508.04025 (Luong et al. 2015), global attention.
    """

    def __init__(
        self,
        cell: str = "lstm",
        units: int = 128,
        *,
        attention: str = "additive",
        attention_units: int | None = None,
        heads: int = 1,
        layers: int = 1,
        residual: bool = False,
        dropout: float = 0.0,
        input_feeding: bool = True,
        **kwargs,
    ):
        super().__init__(**kwargs)
        self.attention = Attention(
            attention, attention_units or units, heads=heads, dtype=self.dtype_policy, name="attention"
        )
        self.units, self.input_feeding = units, input_feeding
        stack = CellStack if input_feeding else RecurrentStack
        self.cells = stack(
            cell, units, layers=layers, residual=residual, dropout=dropout, dtype=self.dtype_policy, name="cells"
        )
        self.combine = keras.layers.Dense(units, activation="tanh", dtype=self.dtype_policy, name="combine")
        self.dropout = keras.layers.Dropout(dropout, dtype=self.dtype_policy, name="dropout")

    def build(self, sequences_shape, memory_shape, mask_shape=None, states_shape=None):
        self.attention.build((None, self.units), memory_shape)
        if self.input_feeding:
            self.cells.build(sequences_shape, (None, self.units))
        else:
            self.cells.build(sequences_shape)
        self.combine.build((None, self.units + self.attention.width(memory_shape[-1])))

    def prepare(self, memory, mask):
        return self.attention.prepare(memory, mask)

    def start(self, states, prepared):
        state = {"layers": states} | self.attention.initial_state(prepared)
        return state | {"attended": ops.zeros_like(states[-1][0])} if self.input_feeding else state

    def step(self, inputs, state, prepared):
        if not self.input_feeding:
            output, layers = self.cells.step(inputs, [[layer] for layer in state["layers"]])
            attended, alignment = self._attend(output, prepared, state.get("previous"))
            alignment_state = self.attention.next_state(alignment, state.get("previous"))
            return attended, {"layers": [layer for (layer,) in layers]} | alignment_state, {"alignment": alignment}
        state, alignment = self._step_with_input_feeding(self.cells.project(inputs), state, prepared)
        return state["attended"], state, {"alignment": alignment}

    def call(self, sequences, memory, mask, states, training=None):
        prepared = self.prepare(memory, mask)
        start = self.start(states, prepared)
        if self.input_feeding:
            attended, alignments = self._step_by_step(sequences, start, prepared, training)
        else:
            layers = [[layer] for layer in states]
            outputs, _ = self.cells(sequences, None, initial_state=layers, training=training)
            if self.attention.uses_previous_alignment:
                attended, alignments = self._attend_one_by_one(outputs, start["previous"], prepared)
            else:
                attended, alignments = self._attend(outputs, prepared)
        return self.dropout(attended, training=training), {"alignment": alignments}

    def _attend(self, outputs, prepared, previous=None):
        contexts, alignments = self.attention.attend(outputs, prepared, previous)
        return self.combine(ops.concatenate([outputs, contexts], axis=-1)), alignments

    def _attend_one_by_one(self, outputs, initial_alignment, prepared):
        def step(previous, output):
            attended, alignment = self._attend(output, prepared, previous)
            return self.attention.next_state(alignment, previous)["previous"], (attended, alignment)

        _, attended = scan(step, initial_alignment, ops.transpose(outputs, (1, 0, 2)))
        return tuple(ops.transpose(tensor, (1, 0, 2)) for tensor in attended)

    def _step_with_input_feeding(self, projected, state, prepared, dropout_masks=None):
        output, layers = self.cells.step(projected, state["attended"], state["layers"], dropout_masks)
        attended, alignment = self._attend(output, prepared, state.get("previous"))
        alignment_state = self.attention.next_state(alignment, state.get("previous"))
        return {"layers": layers, "attended": attended} | alignment_state, alignment

    def _step_by_step(self, sequences, start, prepared, training):
        dropout_masks = self.cells.dropout_masks(ops.shape(sequences)[0], training)

        def step(state, projected):
            state, alignment = self._step_with_input_feeding(projected, state, prepared, dropout_masks)
            return state, (state["attended"], alignment)

        _, attended = scan(step, start, ops.transpose(self.cells.project(sequences), (1, 0, 2)))
        return tuple(ops.transpose(tensor, (1, 0, 2)) for tensor in attended)
