"""Data: what comes in, as lists of (input, target), and how it becomes batches. NumPy only.

files          lines of text with their place, atomic writes, fingerprints
vocabulary     tokens and labels to ids and back
subwords       byte-pair pieces for the level "subword"
encoding       examples to the arrays a model reads
batching       batches of a few fixed shapes
splits         training, validation and test data of one task
readers/       published file formats, one a file
synthetic/     generated tasks, one a file
tfds           data sets prepared by TensorFlow Datasets
"""
