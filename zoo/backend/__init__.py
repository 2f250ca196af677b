"""Devices, precision, replicas and tracing of Keras and its backends."""
