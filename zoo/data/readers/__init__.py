"""Readers: one file format each. `read(path, ...)` returns a list of examples, or raises a DataError.

An example is (input, target); of what generates it is a dict, {"source": ..., "target": ...}.

class_files    one text a line, one file a class
table          TSV and CSV with a header
jsonl          one JSON object a line
conll          one token a line in columns, CoNLL-U
questions      COARSE:fine and the words of a question
splice         class, name, sequence of bases
ts             multivariate series with a class
parallel       two files, the lines of which belong together
scan           IN: a command OUT: its actions
pronunciations words and their phonemes
inflections    lemma, form and features (UniMorph)
point_sets     points and a hull or tour through them
babi           stories with questions, from bAbI's archive or one's own
trees          trees in brackets (Stanford Sentiment Treebank, Penn Treebank)
chorales       pieces of music, as piano rolls
idx            arrays, as MNIST's pictures and labels come
text           a whole file as one text, or a text a line
vectors        pretrained word vectors, to an embedding matrix
"""
