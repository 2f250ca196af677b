"""Readers: one file format each. `read(path, ...)` returns a list of examples, or raises a DataError.

An example is (input, target); of a generating model a dict, {"source": ..., "target": ...}. A `Format`
recognises a file by its first lines (`formats`); recipes choose the reader by it.

class_files    one text a line, one file a class
table          TSV and CSV with a header
jsonl          one JSON object a line
conll          one token a line in columns, CoNLL-U
questions      COARSE:fine and the words of a question
splice         class, name, sequence of bases (UCI)
ts             multivariate series with a class
parallel       two files, the lines of which belong together; two texts a line with a tab between them
scan           IN: a command OUT: its actions
pronunciations words and their phonemes (CMUdict, WikiPron)
inflections    lemma, form and features (UniMorph, SIGMORPHON)
point_sets     points and a hull or tour through them
babi           stories with questions, from bAbI's archive or one's own
trees          trees in brackets (Stanford Sentiment Treebank, Penn Treebank)
chorales       pieces of music, as piano rolls
idx            arrays, as MNIST's pictures and labels come
text           a whole file as one text, or a text a line
vectors        pretrained word vectors, to an embedding matrix
"""
