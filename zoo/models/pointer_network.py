from collections.abc import Mapping, Sequence
from typing import Any

import keras
from keras import ops

from zoo.cells import CELLS
from zoo.distributions.copy_categorical import CopyCategorical
from zoo.layers.bridge import Bridge
from zoo.layers.pointed_input import PointedInput
from zoo.layers.pointer import Pointer
from zoo.layers.unmasked import Unmasked
from zoo.layers.visit_mask import VISITS, VisitMask
from zoo.lookup import lookup
from zoo.models.base.autoregressive_model import AutoregressiveModel
from zoo.models.base.source import Source
from zoo.recurrent.recurrent_stack import RecurrentStack
from zoo.special_ids import FIRST


@keras.saving.register_keras_serializable(package="zoo")
class PointerNetwork(AutoregressiveModel):
    """Pointer network: outputs are positions of its source, however long that is.

        m_1 .. m_S = encoder(x),      s_0 = bridge(its last states)
        s_t        = stack(x_{y_{t-1}}, s_{t-1})              the input that was pointed at comes back; first, a start
        u_ts       = match(s_t, m_s),   u_t,end = match(s_t, a learned key)
        p(y_t)     = softmax(u_t) over the end and all positions that may be visited

    Position p, from 0, has the id 4 + p; ids 0 to 3 are those of every vocabulary. Trained on some sizes, it runs on
    any.

    Args:
        source_features: numbers in an element of the source, such as the 2 of a point. Or source_vocabulary_size: how
            many ids source tokens have.
        attention: a name of `zoo.layers.attention_scores.SCORES`: how query and positions are compared.
        visits: how often a position may be pointed at, a name of `zoo.layers.visit_mask.VISITS`: any, once, or all
            (once each, and no end before).
        glimpses: how often the query looks at the whole source before it points.
        clip: C of C tanh(u), which keeps scores within (-C, C); 0: not clipped.
        cell: a name of `zoo.cells.CELLS`.
        units: width of the decoder, and of the encoder's two directions together.
        layers: recurrent layers of the encoder, and of the decoder.
        encoder: "bidirectional", "forward" or "backward".
        embedding_size: width of an element's vector.
        dropout: rate on the source's vectors and on each layer's output.
    Shapes:
        {"source" (B, S, source_features) and "source_lengths" (B,), or "source" (B, S) int32; "target" (B, T) int32}
        -> {"scores" (B, T, 4 + S) float32, "alignment" (B, T, S), which sums to 1 less the end's share, "hidden"}.
    Raises:
        ValueError: neither or both of features and vocabulary; an unknown name, with the closest; a pyramid.
    Reference: Vinyals et al. 2015, arXiv:1506.03134. Bello et al. 2016, arXiv:1611.09940 (visits, glimpses, clip).
        Differs: the paper's encoder reads forward only and hands its last state over unchanged.
    """

    points = True

    def __init__(
        self,
        *,
        source_features: int | None = None,
        source_vocabulary_size: int | None = None,
        attention: str = "additive",
        visits: str = "any",
        glimpses: int = 0,
        clip: float = 0.0,
        cell: str = "lstm",
        units: int = 256,
        layers: int = 1,
        encoder: str = "bidirectional",
        embedding_size: int = 128,
        dropout: float = 0.0,
        name: str = "pointer_network",
    ):
        arguments = dict(locals())
        lookup("visits", visits, VISITS)
        if encoder == "pyramid":
            raise ValueError("A pyramid joins positions, and a pointer needs each of them: choose another encoder.")
        reading = Source(
            source_vocabulary_size,
            source_features,
            encoder=encoder,
            cell=cell,
            units=units,
            layers=layers,
            embedding_size=embedding_size,
            residual=False,
            dropout=dropout,
        )
        sizes = lookup("cell", cell, CELLS)(units).state_size
        bridge = Bridge([sizes] * layers, name="bridge")
        pointed = PointedInput(name="pointed")
        decoder = RecurrentStack(cell, units, layers=layers, dropout=dropout, name="decoder")
        pointer = Pointer(attention, units, glimpses=glimpses, clip=clip, name="pointer")
        rule, shares = VisitMask(visits, name="visits"), PointerProbabilities(name="shares")

        target = keras.Input((None,), dtype="int32", name="target")
        vectors, mask = reading.embed(reading.inputs)
        memory, mask, summary = reading.encode(vectors, mask)
        hidden, _ = decoder(pointed(target, vectors), initial_state=[[layer] for layer in bridge(summary)])
        scores = pointer(hidden, memory, mask, rule(target, mask))
        super().__init__(
            {**reading.inputs, "target": target},
            {"scores": scores, "alignment": shares(scores), "hidden": hidden},
            distribution=CopyCategorical(FIRST),
            arguments=arguments,
            name=name,
        )
        self.reading, self.bridge, self.pointed, self.decoder = reading, bridge, pointed, decoder
        self.pointer, self.rule, self.shares = pointer, rule, shares

    def check_targets(self, raw: Mapping[str, Sequence[Mapping[str, Any]]]) -> None:
        """Raises ValueError for a target that the rule of visits excludes: no training could make it likely.

        Args:
            raw: examples by split, with a "source" and the positions of the "target".
        """
        for split, examples in raw.items():
            for number, example in enumerate(examples):
                positions, count = [int(position) for position in example["target"]], len(example["source"])
                if self.rule.is_violated_by(positions, count):
                    raise ValueError(
                        f"{split} split: example {number}: with visits={self.rule.rule!r} a model points at each "
                        f"position {VISITS[self.rule.rule]}. Received, for {count} positions, the target "
                        f"{positions}. Choose another rule, or drop the example."
                    )

    def encode(self, inputs):
        vectors, mask = self.reading.embed(inputs)
        memory, mask, summary = self.reading.encode(vectors, mask)
        return {"vectors": vectors, "summary": summary, "memory": self.pointer.prepare(memory, mask)}

    def start(self, context, length):
        layers = [[layer] for layer in self.bridge(context["summary"])]
        return {"layers": layers} | self.rule.initial_state(context["memory"]["mask"])

    def step(self, value, state, context):
        visited = self.rule.update(state, value)
        allowed = self.rule.allowed(visited, context["memory"]["mask"])
        query, layers = self.decoder.step(self.pointed(value, context["vectors"]), state["layers"])
        scores = self.pointer.point(query, context["memory"], allowed)
        return scores, {"layers": layers} | visited, {"alignment": self.shares(scores)}


@keras.saving.register_keras_serializable(package="zoo")
class PointerProbabilities(Unmasked):
    """The probabilities of the positions: (..., 4 + S) scores -> (..., S)."""

    def call(self, scores):
        return ops.softmax(scores, axis=-1)[..., FIRST:]
