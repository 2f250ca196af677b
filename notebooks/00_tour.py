# ---
# jupyter:
#   jupytext:
#     formats: ipynb,py:percent
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # A tour: a sequence in, a label or a tag for every word out
#
# Build a model by name, train it, look at what it says, and swap its cell. Everything here is generated, so it runs
# offline, in about two minutes on two cores. No pretrained weights are involved: recipes make them.

# %%
import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
import numpy as np

import zoo

for name, line in zoo.list_models().items():
    print(f"{name:26}{line}")

# %% [markdown]
# ## Build
#
# A model is a plain call with plain arguments. `zoo.describe(name)` tells them all, with the equation and the paper.

# %%
model = zoo.build("many_to_one", vocabulary_size=2000, outputs=2, cell="gru", units=32, bidirectional=True)
model.summary()

# %% [markdown]
# A wrong name is answered with the ones that were perhaps meant:

# %%
try:
    zoo.build("many_to_one", vocabulary_size=2000, cell="grru")
except ValueError as error:
    print(error)

# %% [markdown]
# ## Train
#
# It is a `keras.Model`: `compile`, `fit`, `evaluate`, `predict`, `save`. Here with generated reviews, in which words
# alone mislead ("far from boring"), encoded and batched by `zoo.data`. Batches come in a few fixed lengths; padding and
# rows that only fill a batch up, weigh nothing.

# %%
from zoo.data.splits import make_splits, split_by_index
from zoo.data.synthetic import sentences
from zoo.data.vocabularies.vocabulary import Labels, Vocabulary

keras.utils.set_random_seed(0)
reviews = split_by_index(sentences.generate(3000, seed=0))
for text, label in reviews["train"][:4]:
    print(label, "|", text)

vocabularies = {
    "tokens": Vocabulary.build([text for text, _ in reviews["train"]], lowercase=True),
    "labels": Labels.build(label for _, label in reviews["train"]),
}
splits = make_splits(reviews, vocabularies, batch_size=64)


# %%
def trained(cell, epochs=4):
    model = zoo.build(
        "many_to_one",
        vocabulary_size=len(vocabularies["tokens"]),
        outputs=len(vocabularies["labels"]),
        cell=cell,
        units=32,
        embedding_size=32,
        bidirectional=True,
        pooling="attention",
    )
    model.compile(
        keras.optimizers.Adam(5e-3, global_clipnorm=1.0),
        keras.losses.SparseCategoricalCrossentropy(reduction="mean_with_sample_weight"),
        weighted_metrics=["accuracy"],
    )
    history = model.fit(
        splits.train, validation_data=splits.validation, epochs=epochs, shuffle=False, verbose=0
    ).history
    return model, history


model, history = trained("gru")
print("validation accuracy by epoch:", [round(value, 3) for value in history["val_accuracy"]])

# %% [markdown]
# ## Look at a prediction
#
# Text in, text out. And because the pooling is attention, the model can be asked which words it looked at.

# %%
text = "the plot is far from boring"
(prediction,) = zoo.predict(model, [text], vocabularies=vocabularies)
print(prediction.output, prediction.probabilities)

# %%
import matplotlib.pyplot as plt

pool = model.get_layer("pooling")
tokens = vocabularies["tokens"].encode(text)[None]

states, mask = model.get_layer("stack").output[0], model.get_layer("mask").output
parts = keras.Model(model.inputs, [states, mask]).predict_on_batch(tokens)
alignment = keras.ops.convert_to_numpy(pool.alignment(*parts))[0]

figure, axes = plt.subplots(figsize=(7, 1.8), layout="constrained")
axes.bar(range(len(alignment)), alignment, color="tab:blue")
axes.set_xticks(range(len(alignment)), vocabularies["tokens"].split(text))
axes.set_ylabel("attention")
axes.spines[["top", "right"]].set_visible(False)
plt.show()

# %% [markdown]
# ## Swap the cell
#
# Any model takes any cell by name. Here the oldest one against a gate that only decides between keeping and replacing.

# %%
for cell in ("elman", "simplified_gru", "lstm"):
    _, history = trained(cell, epochs=2)
    print(f"{cell:16} validation accuracy after 2 epochs {history['val_accuracy'][-1]:.3f}")

# %% [markdown]
# ## A tag for every word
#
# The same front and stack, an answer at every step; with a conditional random field on top the tags are chosen as one
# path, illegal ones never. Its loss comes with the model.

# %%
from zoo.data.synthetic import tagged_sentences
from zoo.layers import legal_transitions

tagged = split_by_index(tagged_sentences.generate_entities(2000, seed=0))
vocabularies = {
    "tokens": Vocabulary.build([words for words, _ in tagged["train"]]),
    "labels": Labels.build(tag for _, tags in tagged["train"] for tag in tags),
}
splits = make_splits(tagged, vocabularies, batch_size=64, aligned=True)
tagger = zoo.build(
    "crf_tagger",
    vocabulary_size=len(vocabularies["tokens"]),
    outputs=len(vocabularies["labels"]),
    allowed=legal_transitions(vocabularies["labels"].names),
    units=32,
    embedding_size=32,
)
tagger.compile(keras.optimizers.Adam(1e-2))
tagger.fit(splits.train, validation_data=splits.validation, epochs=3, shuffle=False, verbose=2)

# %%
words, expected = tagged["test"][0]
(prediction,) = zoo.predict(tagger, [words], vocabularies=vocabularies)
for word, tag, true in zip(words, prediction.output, expected, strict=True):
    print(f"{word:14}{tag:8}{true}")

# %% [markdown]
# ## Save everything, load everything
#
# One folder holds the model and its vocabularies; a fresh process gets text in, text out.

# %%
import tempfile

folder = zoo.save(tempfile.mkdtemp(), tagger, vocabularies=vocabularies)
run = zoo.load(folder)
assert run.predict([words])[0] == prediction
print(sorted(path.name for path in folder.iterdir()))

# %% [markdown]
# ## Recipes
#
# A recipe is data, model and figures of one task of the literature. From Python it is a call; from the terminal it is
# `zoo train sentiment`. Frames of numbers work like words: here the adding problem, which shows what a cell remembers.

# %%
from zoo.experiments.run import train
from zoo.experiments.settings import Settings

run = train("memory_span", out=tempfile.mkdtemp(), settings=Settings(quick=True, verbose=0), cell="lstm")
print(np.round(run.metrics["test"]["mse"], 4), "mean squared error; answering the mean has 0.167")
