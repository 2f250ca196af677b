"""Stories of people who walk about with things, and questions that take one to many of their sentences to answer."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

PEOPLE = "Ada Boris Clara Emil Greta Hugo Ines Karl Lena Milo Nora Otto".split()
LOCATIONS = "library cellar attic workshop stable bakery harbour tower chapel market orchard museum".split()
THINGS = "lamp key map violin kettle ladder coin basket clock mirror rope drum".split()
COUNTS = "none one two three four five six seven eight nine ten eleven twelve".split()
# What people do: how often, where they can, and in which words.
ACTIONS = {
    "move": (5, ["{0} walked into the {1}.", "{0} ran to the {1}.", "{0} is now in the {1}.", "{0} entered the {1}."]),
    "take": (4, ["{0} collected the {1}.", "{0} now holds the {1}.", "{0} lifted the {1}."]),
    "lay": (1, ["{0} laid the {1} down.", "{0} let go of the {1}.", "{0} set the {1} aside."]),
    "give": (4, ["{0} gave {1} the {2}.", "{0} lent {1} the {2}.", "{0} threw the {2} to {1}."]),
}
QuestionOf = tuple[str, str, list[int]]  # question, answer, supporting sentences in the order of the story


def generate(
    count: int,
    *,
    tasks: Sequence[int] = (1, 2, 3, 5, 6, 7),
    lengths: tuple[int, int] = (4, 12),
    people: int = 4,
    locations: int = 6,
    things: int = 3,
    seed: int = 0,
) -> list[dict[str, Any]]:
    """Draw stories, each with one question about its end. Tasks have the numbers of those of bAbI that they resemble:

        1  where a person is                       one sentence
        2  where a thing is                        two: who had it last, and where that person was
        3  where it was before it came to a place  three: who carried it, from where, and where to
        5  who gave a thing to somebody            one, that names three
        6  whether a person is in a place          one; yes and no as often
        7  how many things a person holds          all in which the person took, gave, got or laid down something

    Every story has moves and things that are taken, laid down and given away, whatever is asked, so that most
    sentences do not matter. Baselines: always the same answer is right for 0.18 of tasks 1 to 3, 0.26 of 5, 0.50 of 6
    and 0.46 of 7; the place that was named last for 0.52 of task 1 and 0.40 of task 2.

    Args:
        count: examples.
        tasks: the kinds of question, all equally often but for chance.
        lengths: the fewest and the most sentences of a story, uniformly with all in between.
        people, places, things: how many of each there are; their names are the same in every story.
        seed: of the draws.
    Shapes:
        {"story": list of sentences, "question": str, "answer": one word, "supporting": positions of sentences in
        ascending order, "task": its number}.
    Raises:
        ValueError: no or unknown tasks, lengths out of order or too short for a task, or more names than there are.
    Reference: in the manner of Weston et al. 2015 (arXiv:1502.05698), in words of our own. Differs: each story has one
        question, and all actions occur in every task.
    """
    unknown = [task for task in tasks if task not in QUESTIONS]
    if unknown or not tasks:
        raise ValueError(f"The tasks are {', '.join(map(str, QUESTIONS))}. Received: tasks={tasks}.")
    shortest = max(QUESTIONS[task][0] for task in tasks)
    if not shortest <= lengths[0] <= lengths[1]:
        raise ValueError(f"{shortest} <= fewest <= most sentences for the tasks {tasks}. Received: lengths={lengths}.")
    if not 2 <= people <= len(PEOPLE) or not 2 <= locations <= len(LOCATIONS) or not 1 <= things <= len(THINGS):
        raise ValueError(
            f"There are 2 to {len(PEOPLE)} people, 2 to {len(LOCATIONS)} places and 1 to {len(THINGS)} things. "
            f"Received: people={people}, locations={locations}, things={things}."
        )
    rng = np.random.default_rng(seed)
    examples = []
    for _ in range(count):
        task, length = int(rng.choice(tasks)), int(rng.integers(lengths[0], lengths[1] + 1))
        question_of = None
        while question_of is None:  # in some stories there is nothing to ask
            world = World(PEOPLE[:people], LOCATIONS[:locations], THINGS[:things], rng)
            for _ in range(length):
                world.act()
            question_of = QUESTIONS[task][1](world)
        example = dict(zip(("question", "answer", "supporting"), question_of, strict=True))
        examples.append({"story": world.story, **example, "task": task})
    return examples


class World:
    """People, places and things, and the facts that the story has stated. Numbers are those of sentences, from 0.

    At first no position is known: only a person whose place was stated acts, and what nobody has
    touched may be found anywhere.
    """

    def __init__(self, people: list[str], locations: list[str], things: list[str], rng: np.random.Generator):
        self.people, self.locations, self.things, self.rng = people, locations, things, rng
        self.story: list[str] = []
        self.at: dict[str, tuple[str, int]] = {}  # person -> place, sentence
        self.held: dict[str, tuple[str, int]] = {}  # thing -> person, sentence
        self.lies: dict[str, tuple[str, list[int]]] = {}  # thing -> place, sentences
        self.gifts: dict[tuple[str, str], tuple[str, int]] = {}  # thing, receiver -> giver, sentence
        self.handled: dict[str, list[int]] = {}  # person -> sentences about their things
        self.trail: dict[str, list[tuple[str, list[int]]]] = {}  # thing -> places it was in, sentences

    def pick(self, options: Sequence[Any]) -> Any:
        return options[int(self.rng.integers(len(options)))]

    def act(self) -> None:
        """One of the possible actions, as one sentence."""
        holders = [(person, thing) for thing, (person, _) in self.held.items()]
        free = [thing for thing in self.things if thing not in self.held]
        mover = self.pick(self.people)
        options: dict[str, list[tuple[str, ...]]] = {
            "move": [(mover, location) for location in self.locations if location != self.at.get(mover, ("",))[0]],
            "take": [(p, t) for p in self.at for t in free if self.lies.get(t, self.at[p])[0] == self.at[p][0]],
            "lay": [*holders],
            "give": [(p, q, t) for p, t in holders for q in self.at if q != p and self.at[q][0] == self.at[p][0]],
        }
        kind = self.pick([kind for kind, choices in options.items() if choices for _ in range(ACTIONS[kind][0])])
        chosen = self.pick(options[kind])
        getattr(self, kind)(*chosen)
        self.story.append(self.pick(ACTIONS[kind][1]).format(*chosen))

    def move(self, person: str, location: str) -> None:
        now = len(self.story)
        for thing, (holder, got) in self.held.items():
            if holder == person:
                self.trail[thing].append((location, [*sorted((got, self.at[person][1])), now]))
        self.at[person] = location, now

    def take(self, person: str, thing: str) -> None:
        self.trail.setdefault(thing, [(self.at[person][0], [])])
        self.lies.pop(thing, None)
        self._hold(person, thing)

    def lay(self, person: str, thing: str) -> None:
        location, sentence = self.at[person]
        self.lies[thing] = location, [sentence, len(self.story)]
        self.handled[person].append(len(self.story))
        del self.held[thing]

    def give(self, person: str, other: str, thing: str) -> None:
        self.gifts[thing, other] = person, len(self.story)
        self.handled[person].append(len(self.story))
        self._hold(other, thing)

    def _hold(self, person, thing):
        self.held[thing] = person, len(self.story)
        self.handled.setdefault(person, []).append(len(self.story))


def _where_person(world: World) -> QuestionOf:
    person = world.pick(list(world.at))
    location, sentence = world.at[person]
    return f"Where is {person} now?", location, [sentence]


def _where_thing(world: World) -> QuestionOf | None:
    choices = dict(world.lies)
    for thing, (person, got) in world.held.items():
        location, sentence = world.at[person]
        choices[thing] = location, sorted((got, sentence))
    if not choices:
        return None
    thing = world.pick(list(choices))
    return f"Where is the {thing} now?", *choices[thing]


def _where_before(world: World) -> QuestionOf | None:
    steps = []
    for thing, trail in world.trail.items():
        locations = [location for location, _ in trail]
        for before, (location, sentence) in zip(locations, trail[1:], strict=False):
            if locations.count(location) == 1:  # else there is more than one before
                steps.append((f"Where was the {thing} before it came to the {location}?", before, sentence))
    return world.pick(steps) if steps else None


def _who_gave(world: World) -> QuestionOf | None:
    if not world.gifts:
        return None
    thing, receiver = world.pick(list(world.gifts))
    giver, sentence = world.gifts[thing, receiver]
    return f"Who gave {receiver} the {thing}?", giver, [sentence]


def _is_there(world: World) -> QuestionOf:
    person = world.pick(list(world.at))
    location, sentence = world.at[person]
    yes = world.rng.random() < 0.5
    question_of = location if yes else world.pick([other for other in world.locations if other != location])
    return f"Is {person} in the {question_of} now?", "yes" if yes else "no", [sentence]


def _how_many(world: World) -> QuestionOf | None:
    if not world.handled:
        return None
    person = world.pick(list(world.handled))
    number = sum(holder == person for holder, _ in world.held.values())
    return f"How many things does {person} hold?", COUNTS[number], world.handled[person]


# The shortest story that has an answer, and who asks.
QUESTIONS: dict[int, tuple[int, Callable[[World], QuestionOf | None]]] = {
    1: (1, _where_person),
    2: (2, _where_thing),
    3: (3, _where_before),
    5: (4, _who_gave),
    6: (1, _is_there),
    7: (2, _how_many),
}
