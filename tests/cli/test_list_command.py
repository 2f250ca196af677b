import zoo
from zoo.experiments.entry_points import list_recipes


def test_list_names_models_presets_and_recipes(command):
    output, _, code = command("list")
    assert code == 0
    for name in [*zoo.list_models(), *list_recipes()]:
        assert name in output


def test_list_of_a_family(command):
    output = command("list", "memory")[0]
    assert "turing_machine" in output and "encoder_decoder" not in output and "Recipes" not in output
    assert "Unknown family: 'memry'. Did you mean 'memory'" in command("list", "memry")[1]
