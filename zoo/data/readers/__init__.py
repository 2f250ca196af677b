"""Readers: one file format each. `read(path, ...)` returns a list of (input, target), or raises a DataError.

class_files    one text a line, one file a class
table          TSV and CSV with a header
jsonl          one JSON object a line
conll          one token a line in columns, CoNLL-U
questions      COARSE:fine and the words of a question
splice         class, name, sequence of bases
ts             multivariate series with a class
vectors        pretrained word vectors, to an embedding matrix
"""
