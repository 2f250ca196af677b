"""Data: examples from files and generators, their vocabularies and features, and batches of them. NumPy only.

readers/        published file formats, one per file
synthetic/      generated tasks, one per file
vocabularies/   tokens and labels to ids and back, words of any script, subwords
featurizers/    sounds, images, clips, drawings, music and time series as arrays
batches/        padded, contiguous, on-the-fly and tree batches
splits          training, validation and test data of one task
trees           trees in brackets and as arrays
reading_limit   the bound on what a quick training reads
tfds            data sets of TensorFlow Datasets; tfds_builders/: the generated tasks as such sets
hosts           whether the hosts of a download can be reached
"""
