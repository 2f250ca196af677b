def test_show(command):
    assert "p          = activation(pool(y) W + b)" in command("show", "many_to_one")[0]
    assert "arXiv:1603.01354" in command("show", "ma_2016_bilstm_cnn_crf")[0]
    output = command("show", "sentiment")[0]
    assert "Seeing Stars (ACL 2005)" in output and output.endswith("Arguments: zoo train sentiment --help\n")
    assert command("show", "sentimet") == (
        "",
        "zoo: Unknown model or recipe: 'sentimet'. Did you mean 'sentiment' or 'tree_sentiment' or 'surnames'?\n",
        2,
    )
