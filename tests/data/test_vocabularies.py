import pytest

from zoo.data.extended import OpenVocabulary
from zoo.data.files import DataError
from zoo.data.positions import Positions
from zoo.data.vocabularies import KINDS, load_vocabulary
from zoo.data.vocabulary import Labels, Vocabulary

EXAMPLES = [Vocabulary(["a"]), OpenVocabulary(["b"]), Labels(["c"]), Positions()]


def test_every_kind_is_loaded_as_what_it_was(tmp_path):
    assert {type(vocabulary) for vocabulary in EXAMPLES} == set(KINDS.values())
    for number, vocabulary in enumerate(EXAMPLES):
        vocabulary.save(tmp_path / f"{number}.json")
        loaded = load_vocabulary(tmp_path / f"{number}.json")
        assert type(loaded) is type(vocabulary)
        kept = {name: value for name, value in vars(vocabulary).items() if name != "subwords"}
        assert {name: vars(loaded)[name] for name in kept} == kept


@pytest.mark.parametrize("content", ['{"kind": "run"}', "[]", "{"])
def test_any_other_file_is_an_error(tmp_path, content):
    path = tmp_path / "target.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(DataError, match=r"target\.json:1"):
        load_vocabulary(path)
