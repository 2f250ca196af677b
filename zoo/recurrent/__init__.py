"""Layers that run cells over time: recurrences, stacks, attention decoders, the Turing machine, trees."""
