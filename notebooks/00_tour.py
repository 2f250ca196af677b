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
# # Overview: sequence classification and sequence labelling
#
# Build a model by name, train it, inspect its predictions, and exchange its cell. All data are generated, so the
# notebook runs offline, in about two minutes on two cores. No pretrained weights are needed.

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
# A model is a function call with keyword arguments. `zoo.describe(name)` documents them, with the equation and the
# paper.

# %%
model = zoo.build("many_to_one", vocabulary_size=2000, outputs=2, cell="gru", units=32, bidirectional=True)
model.summary()

# %% [markdown]
# The error for an unknown name lists the closest ones:

# %%
try:
    zoo.build("many_to_one", vocabulary_size=2000, cell="grru")
except ValueError as error:
    print(error)

# %% [markdown]
# ## Train
#
# It is a `keras.Model`: `compile`, `fit`, `evaluate`, `predict`, `save`. The data are generated reviews in which
# single words are misleading ("far from boring"), encoded and batched by `zoo.data`. Batches have a few fixed lengths;
# padding and filler rows have weight 0.

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
# ## Inspect a prediction
#
# `zoo.predict` takes texts and returns labels. With attention pooling, the attention weights show the words that
# mattered.

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
# Every recurrent model accepts any cell by name: here the simple recurrent network (Elman), a simplified GRU, and an
# LSTM.

# %%
for cell in ("elman", "simplified_gru", "lstm"):
    _, history = trained(cell, epochs=2)
    print(f"{cell:16} validation accuracy after 2 epochs {history['val_accuracy'][-1]:.3f}")

# %% [markdown]
# ## Sequence labelling
#
# The same inputs and recurrent stack with an output at every step. A conditional random field on top predicts the most
# probable path of tags, restricted to legal transitions. The model has its own loss.

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
# ## Save and load
#
# One folder holds the model and its vocabularies; another process loads both and predicts from text.

# %%
import tempfile

folder = zoo.save(tempfile.mkdtemp(), tagger, vocabularies=vocabularies)
run = zoo.load(folder)
assert run.predict([words])[0] == prediction
print(sorted(path.name for path in folder.iterdir()))

# %% [markdown]
# ## Recipes
#
# A recipe combines the data, the models and the metrics of a task of the literature. It is a call in Python, and `zoo
# train sentiment` in the terminal. Numeric frames work like words: here the adding problem, which measures the memory
# span of a cell.

# %%
run = zoo.train("memory_span", out=tempfile.mkdtemp(), settings=zoo.Settings(quick=True, verbose=0), cell="lstm")
print(np.round(run.metrics["test"]["mse"], 4), "mean squared error; predicting the mean has 0.167")
