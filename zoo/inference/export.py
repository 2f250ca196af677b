"""Models for processes without this package: a SavedModel with the whole search in it, ONNX for the single steps."""

import glob
import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from uuid import uuid4

import keras
from keras import ops

from zoo.decoding.decoder import Decoder
from zoo.decoding.one_step import Encode, Step
from zoo.distributions.categorical import Categorical
from zoo.inference.codec import TextCodec, unwrap
from zoo.inference.compiled import make_decoder
from zoo.models.base.autoregressive_model import AutoregressiveModel
from zoo.special_ids import END
from zoo.storage.commit import replace_folder, restore_folder
from zoo.storage.extras import import_extra
from zoo.storage.files import dump_json, replace_file
from zoo.storage.lock import exclusive_lock

FORMATS = ("saved_model", "onnx")


def export(
    model: Any,
    folder: str | os.PathLike,
    *,
    format: str = "saved_model",
    decoder: str | Decoder = "beam_search",
    vocabularies: Mapping[str, Any] | None = None,
    **arguments: Any,
) -> Path:
    """Writes a model that loads without this package.

        zoo.export(run, "exported", decoder="beam_search", beam_width=5)
        tf.saved_model.load("exported/model").serve({"source": ids, "target": [[2]]})["tokens"]

    "saved_model": of a model that generates, the decoder with its loop: {"source", ..., "target" (B, P), the prefix,
    [2] for none} -> {"tokens" (B, N, T), "lengths", "scores", "log_probabilities", "finished", and "alignment" if it
    has one}. Of a model that maps, its outputs. "onnx": of a model that generates two files, encode.onnx (inputs ->
    context and first state) and step.onnx (token, context, state -> scores, next state, trace), as steps.json
    describes; of one that maps model.onnx. The vocabularies are written beside, as JSON.

    Args:
        model: a model, or a run that holds one.
        folder: replaced as a whole, when all is written.
        format: "saved_model" or "onnx".
        decoder: "greedy", "sampling", "beam_search" or a decoder; for a model that generates.
        vocabularies: by input name; those of the run if None.
        **arguments: the decoder's.
    Raises:
        ValueError: an unknown format; a folder that holds something else; another backend than TensorFlow, with the
            remedy.
        ModuleNotFoundError: ONNX is not installed.
    """
    if format not in FORMATS:
        raise ValueError(f"`format` is one of {', '.join(FORMATS)}. Received: {format!r}")
    if keras.backend.backend() != "tensorflow":
        raise ValueError(
            f"Export goes through TensorFlow; this process runs on {keras.backend.backend()}. Save the run, and export "
            "it by a process with KERAS_BACKEND=tensorflow: files of every backend load there."
        )
    folder = Path(folder).expanduser()
    with exclusive_lock(folder.parent, name=f".{folder.name}.lock"):
        restore_folder(folder)
        for stale in folder.parent.glob(f".{glob.escape(folder.name)}.*.staged"):
            shutil.rmtree(stale)
        return _export(model, folder, format, decoder, vocabularies, arguments)


def _export(model, folder, format, decoder, vocabularies, arguments):
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())) and not (folder / "export.json").is_file():
        raise ValueError(f"{folder} holds something that is no export: choose another folder.")
    model, vocabularies = unwrap(model, vocabularies)
    generates = isinstance(model, AutoregressiveModel)
    if generates:
        vocabularies = TextCodec.of(model, vocabularies).vocabularies
    if arguments and (format == "onnx" or not generates):
        what = "ONNX has the single steps and no decoder" if generates else "A model that maps has no decoder"
        raise ValueError(f"{what}: it takes no {', '.join(arguments)}.")
    made = folder.with_name(f".{folder.name}.{uuid4().hex[:8]}.staged")
    try:
        (made / "vocabularies").mkdir(parents=True)
        for name, vocabulary in vocabularies.items():
            vocabulary.save(made / "vocabularies" / f"{name}.json")
        if not generates:
            _write_mapping(model, made, format)
        elif format == "saved_model":
            _write_decoder(make_decoder(model, decoder, **arguments), made / "model")
        else:
            _write_steps(model, made)
        with replace_file(made / "export.json") as path:
            path.write_text(dump_json({"format": format, "model": model.name}) + "\n", encoding="utf-8")
        replace_folder(made, folder)
    finally:
        shutil.rmtree(made, ignore_errors=True)
    return folder


def _write_mapping(model, folder, format):
    if format == "onnx":
        import_extra("tf2onnx", "onnx")
        model.export(folder / "model.onnx", format="onnx", verbose=False)
    else:
        model.export(folder / "model", format="tf_saved_model", verbose=False)


def _tensor_specs(model) -> dict:
    import tensorflow as tf

    return {tensor.name: tf.TensorSpec(tensor.shape, tensor.dtype, name=tensor.name) for tensor in model.inputs}


def _write_decoder(decoder, folder):
    import tensorflow as tf

    def serve(inputs):
        result = decoder(inputs)
        return {name: result[name] for name in result if name not in ("trace", "search")} | result["trace"]

    archive = keras.export.ExportArchive()
    archive.track(decoder)
    archive.add_endpoint("serve", tf.function(serve, input_signature=[_tensor_specs(decoder.model)], autograph=False))
    archive.write_out(folder, verbose=False)


def _write_steps(model, folder):
    import_extra("tf2onnx", "onnx")
    import tensorflow as tf
    import tf2onnx

    encode, step = Encode(model, 1), Step(model)
    known, longer = (encode(_example(model, steps)) for steps in (8, 24))
    structure = {name: known[name] for name in ("context", "state")}
    flat, other = (_named(one["context"], "context") | _named(one["state"], "state") for one in (known, longer))
    start = model.distribution.start(1)
    specs = {"token": tf.TensorSpec([None, *start.shape[1:]], start.dtype, "token")}
    for name, tensor in flat.items():
        # Batch and source steps are free: what differs between two lengths.
        sizes = zip(tensor.shape, other[name].shape, strict=True)
        shape = [None if n == 0 or one != two else one for n, (one, two) in enumerate(sizes)]
        specs[name] = tf.TensorSpec(shape, tensor.dtype, name)

    def encode_flat(inputs):
        made = encode(inputs)
        return _named(made["context"], "context") | _named(made["state"], "state")

    def step_flat(inputs):
        packed = {kind: _packed(nested, inputs, kind) for kind, nested in structure.items()}
        output = step({"token": inputs["token"], **packed})
        return {"scores": output["scores"]} | _named(output["state"], "next_state") | output["trace"]

    # What a step does not read cannot be an input of its graph.
    graph = tf.function(step_flat, input_signature=[specs], autograph=False).get_concrete_function().graph
    read = {tensor.op.name for tensor in graph.inputs if tensor.consumers()}
    signatures = {
        "encode": (encode_flat, _tensor_specs(model)),
        "step": (step_flat, {name: spec for name, spec in specs.items() if name in read}),
    }
    for name, (function, signature) in signatures.items():
        traced = tf.function(function, input_signature=[signature], autograph=False)
        tf2onnx.convert.from_function(traced, [signature], opset=18, output_path=str(folder / f"{name}.onnx"))
    trace = step({"token": start, **known})["trace"]
    write = {
        "encode": {"inputs": list(signatures["encode"][1]), "outputs": list(flat)},
        "step": {
            "inputs": list(signatures["step"][1]),
            "outputs": ["scores", *_named(known["state"], "next_state"), *trace],
        },
        "start": start.numpy().tolist()[0],
        "end": END if isinstance(model.distribution, Categorical) else None,
    }
    with replace_file(folder / "steps.json") as path:
        path.write_text(dump_json(write, indent=2) + "\n", encoding="utf-8")


def _example(model, steps) -> dict:
    """Inputs of one row and so many steps."""
    shapes = {tensor.name: [1, *(size or steps for size in tensor.shape[1:])] for tensor in model.inputs}
    return {tensor.name: ops.ones(shapes[tensor.name], tensor.dtype) for tensor in model.inputs}


def _named(nested, kind) -> dict:
    return {f"{kind}_{number}": tensor for number, tensor in enumerate(keras.tree.flatten(nested))}


def _packed(nested, inputs, kind):
    return keras.tree.pack_sequence_as(nested, [inputs.get(name, one) for name, one in _named(nested, kind).items()])
