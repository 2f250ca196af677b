"""Metrics, callbacks, objectives and schedules around `fit`."""
