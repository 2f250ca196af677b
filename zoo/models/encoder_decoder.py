from typing import Any

import keras
from keras import ops

from zoo.cells import CELLS
from zoo.cells.bahdanau_stack import BahdanauStack
from zoo.cells.luong_stack import LuongStack
from zoo.cells.stack import RecurrentStack
from zoo.layers.attention_penalties import AttentionPenalties
from zoo.layers.bridge import CODES, AtEveryStep, Bridge
from zoo.layers.copying import COPYINGS
from zoo.models.generator import Generator
from zoo.models.source import Source
from zoo.models.target import Target
from zoo.naming import choose
from zoo.outputs.extended import Extended

ORDERS = {
    "bahdanau": "look by the state before the step, read what was found",
    "luong": "step, then look by the new state",
}


@keras.saving.register_keras_serializable(package="zoo")
class EncoderDecoder(Generator):
    """Reads one sequence and writes another, with attention or with one code for all of it.

        m_1 .. m_S = encoder(x),        v = its last states
        s_0        = bridge(v)                                        tanh(W v + b), for every state of every layer

        attention, order "luong":       s_t = stack(e(y_{t-1}), s_{t-1}),   c_t = attention(s_t, m)
        order "bahdanau":               c_t = attention(s_{t-1}, m),        s_t = stack([e(y_{t-1}) ; c_t], s_{t-1})
                                        o_t = tanh(W [s_t ; c_t])
        no attention, code "start":     o_t = s_t = stack(e(y_{t-1}), s_{t-1})
        "every_step" (s_0 = 0), "both": o_t = s_t = stack([e(y_{t-1}) ; v], s_{t-1})
        scores_t = W o_t + b,           with copying see `zoo.layers.copying`

    Args:
        source_vocabulary_size: how many ids source tokens have; for tokens. Or source_features: numbers in a frame.
        target_vocabulary_size: how many ids target tokens have; or target_features: yes or no in a frame.
        attention: a name of `zoo.layers.match.MATCHES` (dot, scaled_dot, cosine, general, additive, location,
            coverage); None for one code.
        order: "luong" or "bahdanau".
        input_feeding: o_{t-1} enters the next step, too (order "luong"); without it all steps look at once, which is
            faster.
        heads: of attention; they share `units`.
        code: without attention, "start" (it becomes the first state), "every_step" (it is read at every step), "both".
        cell: a name of `zoo.cells.CELLS`, of encoder and decoder.
        units: width of the decoder, and of the encoder's two directions together.
        layers: recurrent layers of the encoder, and of the decoder.
        encoder: "bidirectional", "forward", "backward" (a forward one that reads the source reversed), or "pyramid"
            (bidirectional, each layer but the first halves the time).
        embedding_size: width of a token's vector.
        residual: add each layer's input to its output (of decoder layers that are fed back to, from the second on).
        dropout: rate on the input vectors and on each layer's output.
        tied: the read-out uses the target embedding's matrix, transposed.
        label_smoothing: share of a target's mass that the loss spreads over all tokens (`nats` do not).
        copying: a name of `zoo.layers.copying.COPYINGS`: tokens of the source can be said, too, those that the target
            vocabulary lacks among them. Needs attention and tokens.
        penalties: on attention while training, by name of `zoo.ops.penalties.PENALTIES`, each with its weight.
        penalty_ramp: the updates between which they grow from none to all.
        maximum_source: the longest source that is taken; None: any.
    Shapes:
        {"source" (B, S) int32 or (B, S, source_features), "target" (B, T) int32 or (B, T, target_features)}
        -> {"scores" (B, T, V) float32, "hidden" (B, T, units), with attention "alignment" (B, T, S) and "memory_mask"
        (B, S)}; frames come with "source_lengths" (B,). With copying there is an input "source_as_target" (B, S), each
        source token by its id in the extended vocabulary (`zoo.data.extended`); scores are (B, T, V + S), and
        "copy_gate" (B, T) is the share that is copied.
    Raises:
        ValueError: neither or both of vocabulary and features; an unknown name, with the closest; input feeding without
            attention or in the order "bahdanau", which feeds its own; copying or penalties without attention; copying
            of frames, with label smoothing or from under a pyramid.
    Reference: Sutskever et al. 2014, arXiv:1409.3215; Cho et al. 2014, arXiv:1406.1078; Bahdanau et al. 2015,
        arXiv:1409.0473; Luong et al. 2015, arXiv:1508.04025.
    """

    def __init__(
        self,
        *,
        source_vocabulary_size: int | None = None,
        source_features: int | None = None,
        target_vocabulary_size: int | None = None,
        target_features: int | None = None,
        attention: str | None = "additive",
        order: str = "luong",
        input_feeding: bool = False,
        heads: int = 1,
        code: str = "start",
        cell: str = "lstm",
        units: int = 256,
        layers: int = 1,
        encoder: str = "bidirectional",
        embedding_size: int = 256,
        residual: bool = False,
        dropout: float = 0.0,
        tied: bool = False,
        label_smoothing: float = 0.0,
        copying: str | None = None,
        penalties: dict[str, float] | None = None,
        penalty_ramp: tuple[int, int] = (0, 0),
        maximum_source: int | None = None,
        name: str = "encoder_decoder",
    ):
        arguments = dict(locals())
        choose("order", order, ORDERS)
        choose("code", code, CODES)
        if input_feeding and (attention is None or order == "bahdanau"):
            raise ValueError(
                "Input feeding belongs to attention in the order 'luong'; 'bahdanau' feeds its context already. "
                f"Received: attention={attention!r}, order={order!r}, input_feeding=True"
            )
        if (copying or penalties) and attention is None:
            raise ValueError("Copying and penalties are about where attention looks: choose an attention, not None.")
        if copying and (source_features or target_features or label_smoothing or encoder == "pyramid"):
            raise ValueError(
                "Copying takes tokens to tokens, one place for each, and no label smoothing. Received: "
                f"source_features={source_features}, target_features={target_features}, "
                f"label_smoothing={label_smoothing}, encoder={encoder!r}"
            )
        reading = Source(
            source_vocabulary_size,
            source_features,
            encoder=encoder,
            cell=cell,
            units=units,
            layers=layers,
            embedding_size=None if source_vocabulary_size is None else embedding_size,
            residual=residual,
            dropout=dropout,
        )
        side = Target(
            target_vocabulary_size,
            target_features,
            embedding_size=embedding_size,
            dropout=dropout,
            smoothing=label_smoothing,
        )
        sizes = choose("cell", cell, CELLS)(units).state_size
        bridge = Bridge([sizes] * layers, name="bridge")
        join = AtEveryStep(name="join")
        options: dict[str, Any] = {"layers": layers, "residual": residual, "dropout": dropout, "name": "decoder"}
        if attention is None:
            decoder = RecurrentStack(cell, units, **options)
        else:
            options |= {"attention": attention, "heads": heads}
            if order == "bahdanau":
                decoder = BahdanauStack(cell, units, **options)
            else:
                decoder = LuongStack(cell, units, input_feeding=input_feeding, **options)
        readout = side.readout(tied)
        copies = None if copying is None else choose("copying", copying, COPYINGS)(name="copying")

        target = side.input()
        inputs = {**reading.inputs, "target": target}
        memory, mask, vector = reading.read(reading.inputs)
        vectors = side.embed(target)
        if attention is None:
            vectors = vectors if code == "start" else join(vectors, vector)
            begun = None if code == "every_step" else [[layer] for layer in bridge(vector)]
            outputs, trace = decoder(vectors, initial_state=begun)[0], {}
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
            likelihood=side.likelihood if copies is None else Extended(side.likelihood.size),
            arguments=arguments,
            penalties=AttentionPenalties(penalties, penalty_ramp, name="penalties") if penalties else None,
            name=name,
        )
        self.reading, self.side, self.join = reading, side, join
        self.bridge = bridge if attention is not None or code != "every_step" else None
        self.decoder, self.read_out, self.copies = decoder, readout, copies
        self.attentive, self.code = attention is not None, code
        # How many source steps stand behind one place of the memory.
        self.reduction = 2 ** (layers - 1) if encoder == "pyramid" else 1
        self.maximum_source = maximum_source

    def encode(self, inputs):
        memory, mask, vector = self.reading.read(inputs)
        context = {"code": vector} | ({"memory": self.decoder.prepare(memory, mask)} if self.attentive else {})
        return context | ({"source_as_target": inputs["source_as_target"]} if self.copies is not None else {})

    def start(self, context, length):
        if not self.attentive and self.code == "every_step":
            return self.decoder.start(ops.shape(context["code"])[0])
        states = self.bridge(context["code"])
        return self.decoder.start(states, context["memory"]) if self.attentive else [[layer] for layer in states]

    def step(self, value, state, context):
        vectors = self.side.embed(value)
        if self.attentive:
            outputs, state, trace = self.decoder.step(vectors, state, context["memory"])
            scores = self.read_out(outputs)
            if self.copies is not None:
                seen = trace["alignment"], context["source_as_target"]
                scores, gate = self.copies(outputs, vectors, scores, *seen)
                trace = {**trace, "copy_gate": gate}
            return scores, state, trace
        if self.code != "start":
            vectors = self.join(vectors, context["code"])
        outputs, state = self.decoder.step(vectors, state)
        return self.read_out(outputs), state, {}
