"""Small files in the formats and under the names of published sets: name -> lines of N examples that differ."""

import io
import json
import tarfile

import numpy as np

from zoo.data.featurizers import piano_rolls
from zoo.data.readers import pictures, wav


def scan(count):
    return "".join(f"IN: walk {number} OUT: I_WALK {number}\n" for number in range(count))


def questions(count):
    kinds = ("NUM:date When was", "LOC:city Where is")
    return "".join(f"{kinds[number % 2]} {number} ?\n" for number in range(count))


def universal(count):
    tags = ("NOUN", "VERB")
    return "".join(
        f"# text = word{number}\n1\tword{number}\tlemma\t{tags[number % 2]}\tX\t_\t0\troot\t_\t_\n\n"
        for number in range(count)
    )


def columns(count):
    return "".join(f"name{number} NNP I-NP B-PER\nsat VBD O O\n\n" for number in range(count))


def trees(count):
    return "".join(f"({number % 2} (1 word{number}) (0 film))\n" for number in range(count))


def stories(count):
    return "".join(f"1 Ann{number} sat.\n2 Who sat?\tAnn{number}\t1\n" for number in range(count))


def pronunciations(count):
    return "".join(f"word{number}\tw ɔ{number} d\n" for number in range(count))


def dictionary(count):
    letters = [chr(65 + number // 26) + chr(65 + number % 26) for number in range(count)]
    return "".join(f"{one.lower()} {one} AH0\n" for one in letters)


def inflections(count, *, features_last=True):
    rows = [(f"gehen{number}", f"ging{number}", "V;PST") for number in range(count)]
    return "".join("\t".join(row if features_last else (row[0], row[2], row[1])) + "\n" for row in rows)


def dialogues(count):
    turns = [{"user_utterance": {"text": "hi"}}, {"system_utterance": {"text": "hello"}}]
    return json.dumps([{"dialogue_id": number, "turns": turns} for number in range(count)])


def series(count):
    head = "#comment\n@problemName A\n@dimensions 1\n@classLabel true a b\n@data\n"
    return head + "".join(f"{number},2,3:{'ab'[number % 2]}\n" for number in range(count))


def chorales(train, valid, test):
    counts = {"train": train, "valid": valid, "test": test}
    return json.dumps({part: [[[60, 60 + number % 20], [64]] for number in range(n)] for part, n in counts.items()})


def points(count):
    return "".join(f"0 0 1 0.{number:04d} 0.5 1 output 1 2 3 1\n" for number in range(1, count + 1))


def drawings(count):
    return "".join(json.dumps([[[0, 0], [0, 5 + number]]]) + "\n" for number in range(count))


def quick_draw(count):
    rows = ({"word": "cat", "drawing": [[[0, 5 + number], [0, 3], [0, 10]], [[4], [4]]]} for number in range(count))
    return "".join(json.dumps(row) + "\n" for row in rows)


def windows(count):
    return "".join(f"{'EI IE N'.split()[number % 3]}, NAME-{number},  {base(number)}\n" for number in range(count))


def base(number, length=8):
    """A number in bases."""
    return "".join("ACGT"[number >> 2 * place & 3] for place in range(length))


def lines(count, word="line"):
    return "".join(f"{word} {number}\n" for number in range(count))


def table(count, *, text="text", label="label", between="\t"):
    rows = (f"a film {number}{between}{number % 2}\n" for number in range(count))
    return f"{text}{between}{label}\n" + "".join(rows)


def json_lines(count, **keys):
    """Each key with what a number makes of it."""
    return "".join(json.dumps({key: make(number) for key, make in keys.items()}) + "\n" for number in range(count))


def months(count, name="Passengers"):
    rows = (f"{1949 + number // 12}-{number % 12 + 1:02d},{100 + number % 7}\n" for number in range(count))
    return f"Month,{name}\n" + "".join(rows)


def idx_pictures(count, axes=3):
    shape = (count, 2, 2)[:axes]
    numbers = np.arange(count).repeat(4 if axes == 3 else 1).astype("uint8")
    return bytes([0, 0, 8, axes]) + np.array(shape, ">u4").tobytes() + numbers.tobytes()


def npz(train, valid, test):
    buffer, arrays = io.BytesIO(), {}
    for part, count in {"train": train, "valid": valid, "test": test}.items():
        arrays[f"{part}_points"] = np.array([[number + 1, 1, 1] for number in range(count)], "int16")
        arrays[f"{part}_offsets"] = np.arange(count + 1, dtype="int32")
    np.savez(buffer, **arrays)
    return buffer.getvalue()


def archive(files):
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as packed:
        for name, content in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(content.encode())
            packed.addfile(member, io.BytesIO(content.encode()))
    return buffer.getvalue()


def write_sounds(folder, names):
    for number, name in enumerate(names):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        wav.write(folder / name, 8000, np.sin(np.arange(400) * (0.1 + 0.01 * number)) * 0.5)


def write_pictures(folder, names):
    for number, name in enumerate(names):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        pictures.write(folder / name, np.full((2, 2, 3), number, "uint8"))


def write_pieces(folder, names):
    for number, name in enumerate(names):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        roll = np.zeros((4, 88), "float32")
        roll[:, 20 + number] = 1
        piano_rolls.write(folder / name, roll)


def write_all(folder, files):
    """Files by name: texts or bytes."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder
