"""One architecture of the literature per file, each read from top to bottom. Registered in `zoo.registry`."""
