"""The loss and optimizer that recipes of one answer, or one tag a step, share."""

import keras

from zoo.training.step_accuracy import StepAccuracy


def compile_classifier(model: keras.Model, learning_rate: float, *, weight_decay: float = 0.0) -> keras.Model:
    """Compiles a model that ends in probabilities: cross-entropy and accuracy over what is real, clipped AdamW.

    `jit_compile` stays at Keras' "auto" on purpose: on a CPU XLA compiles each batch shape for seconds and gains less
    than that in runs this short; on a GPU "auto" is off beside cuDNN layers and on for every other cell.

    Args:
        model: of softmax probabilities (B, C) or (B, S, C), for targets that are class ids; padding has weight 0.
        learning_rate: of AdamW.
        weight_decay: of AdamW, decoupled from the gradient; 0 is Adam.
    """
    model.compile(
        keras.optimizers.AdamW(learning_rate, weight_decay=weight_decay, global_clipnorm=1.0),
        keras.losses.SparseCategoricalCrossentropy(reduction="mean_with_sample_weight"),
        weighted_metrics=[StepAccuracy()],
    )
    return model
