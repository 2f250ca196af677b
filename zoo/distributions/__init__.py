"""What a generating model says at a step: a distribution over the next value, told by the model's scores.

Every output knows, for scores of a step or of all steps at once:

    size                      width of the scores' last axis
    features                  numbers in one value; None for a token, which is one whole number
    noise_shape                     shape of the uniform numbers that one sample needs
    start(batch_size)         the value before the first one
    as_input(values)              of frames: the numbers by which a value comes in again
    is_observed(values)             which values of a prefix are there, and which are padding
    is_end(values)             whether a value ends its sequence
    log_prob(scores, values)  log p(value), float32
    loss(scores, values)      what training makes small; -log p unless the output says otherwise
    sample(scores, uniform)   a value drawn, from uniform numbers in [0, 1): noise is drawn before a loop, never inside
    mode(scores)              the likeliest value
    with_temperature(scores, t)       the scores of the same distribution at another temperature: sharper below 1,
    flatter above

A new kind of output is a file here; no model and no decoder changes.
"""
