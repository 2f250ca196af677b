"""What Keras and its backends need: devices, precision, replicas, tracing."""
