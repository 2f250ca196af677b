"""The quick settings of Transformers, for every recipe that has one."""

QUICK = {"units": 64, "layers": 2, "dropout": 0.0, "learning_rate": 3e-3, "warmup_steps": 50}
