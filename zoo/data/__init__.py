"""Data: what comes in, as lists of (input, target), and how it becomes batches. NumPy only.

files          lines of text with their place, atomic writes, fingerprints
vocabulary     tokens and labels to ids and back
words          words and characters of a text, in any script
spacing        between which words a text has no blank
subwords       byte-pair pieces for the level "subword"
encoding       examples to the arrays a model reads
buckets        the few shapes that examples of many lengths are padded to
batching       batches of them
splits         training, validation and test data of one task
transcribed    the same for sounds with transcripts of any length
generation     the same for tasks that generate: sources, and targets shifted by one
stories        stories with a question: as typed, their words, their arrays
trees          trees in brackets and as arrays; balanced and right-branching ones for sentences without
schedule       many trees as one loop of equal rounds
tree_batches   batches of them
fresh          batches that are drawn, anew every time or once
stream         one long sequence in rows that continue from batch to batch
senses         what turns raw inputs that are no texts into numbers
sound          sounds as log-mel frames
spoken_strings strings of digits made from recordings of single ones
midi           piano rolls to MIDI files and back
readers/       published file formats, one a file
synthetic/     generated tasks, one a file
tfds           data sets of TensorFlow Datasets, read or prepared
tfds_builders/ the generated tasks as such data sets
hosts          whether what is to be fetched can be reached
"""
