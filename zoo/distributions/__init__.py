"""Output distributions: the meaning of an autoregressive model's scores at one step."""
