from typing import Any

import keras
from keras import ops

from zoo.cells import CELLS
from zoo.distributions.copy_categorical import CopyCategorical
from zoo.layers.attention_penalties import AttentionPenalties
from zoo.layers.bridge import CONDITIONINGS, Bridge, ConcatEveryStep
from zoo.layers.pointer_generator import COPYINGS
from zoo.lookup import lookup
from zoo.models.base.autoregressive_model import AutoregressiveModel
from zoo.models.base.target import Target
from zoo.recurrent.bahdanau_stack import BahdanauStack
from zoo.recurrent.luong_stack import LuongStack
from zoo.recurrent.recurrent_stack import RecurrentStack

ATTENTION_STYLES = {
    "bahdanau": "look by the state before the step, read what was found",
    "luong": "step, then look by the new state",
}


class AttentionDecoderModel(AutoregressiveModel):
    """Base class of models with a recurrent attention decoder over an encoded input.

        m_1 .. m_S, v = memory and summary of the source,  s_0 = tanh(W v + b) for every state of every layer

        with attention, by attention_style:
            "luong"          s_t = stack(e(y_{t-1}), s_{t-1}),  c_t = attention(s_t, m)
            "bahdanau"       c_t = attention(s_{t-1}, m),       s_t = stack([e(y_{t-1}) ; c_t], s_{t-1})
            gated            c_t <- beta_t c_t,  beta_t = sigmoid(w s_{t-1} + b)
                             o_t = tanh(W [s_t ; c_t])
        without, by conditioning:
            "initial_state"  o_t = s_t = stack(e(y_{t-1}), s_{t-1})
            "every_step"     o_t = s_t = stack([e(y_{t-1}) ; v], s_{t-1}),  s_0 = 0
            "both"           the same from s_0 = tanh(W v + b)

        scores_t = W o_t + b,  with copying see `zoo.layers.pointer_generator`

    A new model makes the source side and passes it on. That has `inputs`, a dict of `keras.Input`s by name;
    `read(inputs)`, which gives memory (B, S, M), mask (B, S) and summary (B, C); and `reduction`, how many steps of the
    source stand behind one position of the memory; None: its positions are no steps.

    Args:
        reading: the side that reads.
        side: the side on which what is written comes in again.
        arguments: `locals()` at the start of the new model's constructor.
        gated: a gate from 0 to 1 scales the context at each step; attention_style "bahdanau".
        attention, attention_style, input_feeding, heads, conditioning, cell, units, layers, residual, dropout, tied,
            copying, penalties, penalty_ramp, maximum_source: as in `zoo.models.encoder_decoder`.
    Raises:
        ValueError: an unknown name, with the closest; input feeding without attention or in the attention_style
            "bahdanau", which feeds its own; a gate with the other attention style; copying or penalties without
            attention; tied frames.
    """

    def __init__(
        self,
        reading: Any,
        side: Target,
        *,
        arguments: dict,
        attention: str | None,
        attention_style: str = "luong",
        gated: bool = False,
        input_feeding: bool = False,
        heads: int = 1,
        conditioning: str = "initial_state",
        cell: str = "lstm",
        units: int = 256,
        layers: int = 1,
        residual: bool = False,
        dropout: float = 0.0,
        tied: bool = False,
        copying: str | None = None,
        penalties: dict[str, float] | None = None,
        penalty_ramp: tuple[int, int] = (0, 0),
        maximum_source: int | None = None,
        name: str | None = None,
    ):
        lookup("attention_style", attention_style, ATTENTION_STYLES)
        lookup("conditioning", conditioning, CONDITIONINGS)
        if input_feeding and (attention is None or attention_style == "bahdanau"):
            raise ValueError(
                "Input feeding belongs to attention of the style 'luong'; 'bahdanau' feeds its context already. "
                f"Received: attention={attention!r}, attention_style={attention_style!r}, input_feeding=True"
            )
        if gated and (attention is None or attention_style != "bahdanau"):
            raise ValueError(
                "The gate belongs to attention of the style 'bahdanau'. "
                f"Received: attention={attention!r}, attention_style={attention_style!r}, gated=True"
            )
        if (copying or penalties) and attention is None:
            raise ValueError("Copying and penalties are about where attention looks: choose an attention, not None.")
        sizes = lookup("cell", cell, CELLS)(units).state_size
        bridge = Bridge([sizes] * layers, name="bridge")
        join = ConcatEveryStep(name="join")
        options: dict[str, Any] = {"layers": layers, "residual": residual, "dropout": dropout, "name": "decoder"}
        if attention is None:
            decoder = RecurrentStack(cell, units, **options)
        else:
            options |= {"attention": attention, "heads": heads}
            if attention_style == "bahdanau":
                decoder = BahdanauStack(cell, units, gated=gated, **options)
            else:
                decoder = LuongStack(cell, units, input_feeding=input_feeding, **options)
        readout = side.readout(tied)
        copies = None if copying is None else lookup("copying", copying, COPYINGS)(name="copying")

        target = side.input()
        inputs = {**reading.inputs, "target": target}
        memory, mask, vector = reading.read(reading.inputs)
        vectors = side.embed(target)
        if attention is None:
            vectors = vectors if conditioning == "initial_state" else join(vectors, vector)
            initial_projections = None if conditioning == "every_step" else [[layer] for layer in bridge(vector)]
            outputs, trace = decoder(vectors, initial_state=initial_projections)[0], {}
        else:
            outputs, trace = decoder(vectors, memory, mask, bridge(vector))
            trace |= {"memory_mask": mask}
        scores = readout(outputs)
        if copies is not None:
            inputs["source_as_target"] = keras.Input((None,), dtype="int32", name="source_as_target")
            scores, gate = copies(outputs, vectors, scores, trace["alignment"], inputs["source_as_target"])
            trace |= {"copy_gate": gate}
        super().__init__(
            inputs,
            {"scores": scores, "hidden": outputs, **trace},
            distribution=side.distribution if copies is None else CopyCategorical(side.distribution.size),
            arguments=arguments,
            penalties=AttentionPenalties(penalties, penalty_ramp, name="penalties") if penalties else None,
            name=name,
        )
        self.reading, self.side, self.join = reading, side, join
        self.bridge = bridge if attention is not None or conditioning != "every_step" else None
        self.decoder, self.read_out, self.copies = decoder, readout, copies
        self.attentive, self.conditioning = attention is not None, conditioning
        # How many source steps stand behind one position of the memory.
        self.reduction = reading.reduction
        self.maximum_source = maximum_source

    def encode(self, inputs):
        memory, mask, vector = self.reading.read(inputs)
        context = {"summary": vector} | ({"memory": self.decoder.prepare(memory, mask)} if self.attentive else {})
        return context | ({"source_as_target": inputs["source_as_target"]} if self.copies is not None else {})

    def start(self, context, length):
        if not self.attentive and self.conditioning == "every_step":
            return self.decoder.start(ops.shape(context["summary"])[0])
        states = self.bridge(context["summary"])
        return self.decoder.start(states, context["memory"]) if self.attentive else [[layer] for layer in states]

    def step(self, value, state, context):
        vectors = self.side.embed(value)
        if self.attentive:
            outputs, state, trace = self.decoder.step(vectors, state, context["memory"])
            scores = self.read_out(outputs)
            if self.copies is not None:
                attended = trace["alignment"], context["source_as_target"]
                scores, gate = self.copies(outputs, vectors, scores, *attended)
                trace = {**trace, "copy_gate": gate}
            return scores, state, trace
        if self.conditioning != "initial_state":
            vectors = self.join(vectors, context["summary"])
        outputs, state = self.decoder.step(vectors, state)
        return self.read_out(outputs), state, {}
