"""Where data, model and training meet: one task of the literature a file, run from Python or by `zoo train NAME`."""
