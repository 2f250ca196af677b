"""Questions by the kind of answer they ask for: six coarse classes, as in the TREC set."""

from itertools import product

import numpy as np

from zoo.data.synthetic.grammar import Grammar

LABELS = ("ABBR", "DESC", "ENTY", "HUM", "LOC", "NUM")
GRAMMAR = Grammar(
    {
        "ABBR": "6 * which abbreviation is used for the TOPIC in BOOK ? | "
        "3 * what is the acronym of the BODY in BOOK ? | 2 * name the abbreviation for the TOPIC in BOOK . | "
        "what does SHORT stand for ? | what is the abbreviation of the BODY of PLACE ? | "
        "what is the full form of SHORT ? | what do the letters SHORT mean on a THING ? | how is the BODY of PLACE "
        "abbreviated ? | what is SHORT short for in the CITY BODY ?",
        "DESC": "5 * what is the origin of BOOK ? | 5 * what is the purpose of BOOK ? | "
        "2 * what is the history of the TOPIC in BOOK ? | why did the MAKER sell BOOK ? | "
        "what is a THING ? | what is a THING used for in COUNTRY ? | how does a THING work ? | "
        "why did PERSON MAKE the THING ? | why do people in PLACE fear the ANIMAL ? | "
        "what does the word THING mean ? | "
        "how do you MAKE a THING in PLACE ? | what caused the EVENT of YEAR ? | "
        "what is the origin of the name CITY ? | "
        "what was the reason for the EVENT in PLACE ? | what did the MAKER of the THING think of CITY ? | "
        "how did PERSON MAKE the first THING ?",
        "ENTY": "5 * what THING is described in BOOK ? | 4 * which ANIMAL is named in BOOK ? | "
        "3 * what is the colour of BOOK ? | 2 * name the THING in BOOK . | "
        "what COLOUR_OF is the flag of PLACE ? | what THING did PERSON MAKE in YEAR ? | "
        "which ANIMAL lives longest in PLACE ? | what KIND do people in PLACE like best ? | "
        "what is the favourite KIND of PERSON ? | which KIND did the MAKER PERSON bring to PLACE ? | "
        "what was the first THING that PERSON PAST ? | name the KIND that PERSON took to CITY . | "
        "what is the name of the ANIMAL on the flag of PLACE ? | what do you call a young ANIMAL in COUNTRY ?",
        "HUM": "4 * which MAKER praised BOOK ? | 4 * name the MAKER in BOOK . | "
        "3 * what is the name of the MAKER in BOOK ? | who lost BOOK ? | "
        "who PAST the THING ? | who was the first MAKER in PLACE ? | which MAKER PAST the THING in YEAR ? | "
        "what MAKER lived in CITY during the EVENT ? | what is the name of the MAKER who PAST the THING ? | "
        "name the MAKER who was born in the city of CITY . | what team won the EVENT in CITY ? | "
        "who is the MAKER of the largest BODY in PLACE ? | whose THING stood in CITY in YEAR ? | "
        "what BODY in PLACE PAST the THING ?",
        "LOC": "4 * what is the name of the city in BOOK ? | 4 * which country is described in BOOK ? | "
        "3 * what river is named in BOOK ? | 2 * name the city where the MAKER lost BOOK . | "
        "where was BOOK found ? | "
        "where was PERSON born ? | where can i see the THING of PERSON ? | "
        "which city was the home of the MAKER PERSON ? | what country does the ANIMAL come from ? | "
        "what is the capital of COUNTRY ? | name the city where the MAKER of the THING was born . | "
        "in what country did the EVENT of YEAR begin ? | what river flows through CITY ? | "
        "what is the name of the city where PERSON PAST the THING ? | what COUNTRY town has the largest BODY ?",
        "NUM": "4 * what is the price of BOOK ? | 4 * what is the age of the TOPIC in BOOK ? | "
        "3 * which year is described in BOOK ? | 2 * name the year of BOOK . | "
        "what is the population of the city in BOOK ? | "
        "how many people live in PLACE ? | how many THINGS did PERSON MAKE ? | when was PERSON born ? | "
        "what year did the EVENT in PLACE begin ? | how MUCH is the THING in CITY ? | what is the price of a THING ? | "
        "what is the population of PLACE ? | in what year was the city of CITY founded ? | how MUCH is a ANIMAL ? | "
        "what is the number of THINGS in the BODY of PLACE ? | what is the age of the MAKER who PAST the THING ? | "
        "on what date did the MAKER PERSON leave PLACE ?",
        "SHORT": " | ".join(map("".join, product("ABCDFGIMNPRSUW", "AEIOU", "ABCDFLMNPRST"))),
        # What any of them may be about: the words that name the kind of an answer, where they name nothing asked for.
        "BOOK": "the WRITING about the MATTER of the TOPIC | the WRITING about the TOPIC and the MATTER of the TOPIC | "
        "the WRITING PERSON PAST about the TOPIC",
        "WRITING": "book | letter | speech | play | article",
        "MATTER": "name | abbreviation | acronym | origin | purpose | price | age | population | colour | history | "
        "year",
        "TOPIC": "city | country | river | MAKER | ANIMAL | THING | BODY of PLACE",
        "BODY": "weather office | space agency | national bank | chess union | school board | police | art museum | "
        "railway company | football club | science society",
        "PLACE": "CITY | COUNTRY",
        "CITY": "Paris | Lisbon | Oslo | Vienna | Boston | Naples | Dublin | Prague | Cairo | Lima | Kyoto | Mumbai",
        "COUNTRY": "France | Portugal | Norway | Austria | Italy | Ireland | Egypt | Peru | Japan | India | Chile | "
        "Kenya",
        "THING": "telescope | bridge | clock | novel | piano | steam engine | tower | vaccine | painting | compass | "
        "bicycle | camera | satellite | opera | printing press | lighthouse",
        "THINGS": "telescopes | bridges | clocks | novels | pianos | towers | paintings | cameras | satellites | "
        "operas",
        "MAKER": "writer | painter | inventor | president | actor | explorer | king | scientist | composer | engineer",
        "PERSON": "FIRST LAST",
        "FIRST": "Anna | Bruno | Carla | David | Elena | Felix | Greta | Hugo | Irene | Jonas | Karin | Louis | Maria",
        "LAST": "Arnold | Becker | Castle | Dahl | Ellery | Fontane | Garner | Holm | Keller | Lindt | Moreau | Novak",
        "PAST": "built | invented | designed | bought | sold | found | made | described | repaired | lost",
        "MAKE": "build | invent | design | buy | sell | find | repair",
        "EVENT": "war | flood | great fire | revolution | world fair | chess match | strike | election",
        "YEAR": " | ".join(map(str, range(1740, 1990))),
        "ANIMAL": "tiger | owl | elephant | turtle | wolf | eagle | camel | otter | salmon | beetle",
        "KIND": "food | sport | animal | language | drink | instrument | flower | dance | colour | religion",
        "COLOUR_OF": "colour | symbol | animal",
        "MUCH": "old | tall | heavy | far from CITY | expensive | long",
    }
)


def generate(count: int, *, seed: int = 0) -> list[tuple[str, str]]:
    """Draw questions and the kind of their answers.

    The classes share their question words and most of their nouns: "what is the name of the city where Anna Dahl built
    the tower?" asks for a place, "name the writer who was born in the city of Oslo." for a person. Baselines: chance
    1/6; naive Bayes on words about 0.82, on words
    and pairs of neighbours about 0.93.

    Args:
        count: examples, the kinds in equal chances.
        seed: of the draws.
    Shapes:
        (text, one of `LABELS`: abbreviation, description, entity, human, location, number).
    Reference: classes after Li and Roth 2002.
    """
    rng = np.random.default_rng(seed)
    labels = [LABELS[index] for index in rng.integers(0, len(LABELS), count)]
    return [(GRAMMAR.text(label, rng), label) for label in labels]
