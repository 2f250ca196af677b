from zoo.data.synthetic import topics


def test_the_same_seed_gives_the_same_dialogues():
    assert topics.generate(5, seed=1) == topics.generate(5, seed=1) != topics.generate(5, seed=2)


def test_the_house_knows_what_was_said():
    for turns in topics.generate(200):
        assert len(turns) % 2 == 0
        name = turns[0].split()[-2]
        order = turns[2].split()[1:3]
        place = turns[4].split()[2]
        known = {
            "what did i order ?": f"a {' '.join(order)} .",
            "who am i ?": f"you are {name} .",
            "where do i sit ?": f"at the {place} .",
            "can you repeat all of it ?": f"a {' '.join(order)} for {name} , at the {place} .",
        }
        asked = [(question, answer) for question, answer in zip(turns[6::2], turns[7::2], strict=True)]
        assert any(question in known for question, _ in asked)
        assert all(known.get(question, answer) == answer for question, answer in asked)
