import json

from zoo.tuning.folder import has_results, search_folder
from zoo.tuning.journal import Journal


def test_a_search_has_finished_with_the_model_of_its_best_values(tmp_path):
    folder = search_folder(tmp_path)
    assert folder.state == "empty"
    (tmp_path / "search.json").write_text(json.dumps(dict.fromkeys(folder.required)))
    assert folder.state == "started" and set(folder.read()) == set(folder.required)
    (tmp_path / "best").mkdir()
    (tmp_path / "best" / "metrics.json").write_text("{}")
    assert folder.state == "finished"
    (tmp_path / "letter.txt").write_text("mine")
    folder.clear()
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]


def test_a_search_has_results_when_a_trial_has_ended(tmp_path):
    assert not has_results(tmp_path)
    journal = Journal(tmp_path / "journal.jsonl")
    journal.append("asked", trial=0)
    assert not has_results(tmp_path)
    journal.append("finished", trial=0)
    assert has_results(tmp_path)
