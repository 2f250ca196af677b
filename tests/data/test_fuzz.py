"""Damaged files: every reader returns, or raises a DataError that names the file, within bounds of time and memory."""

import gzip
import io
import json
import re
import resource
import tarfile
import time
import warnings
import zlib
from collections.abc import Callable
from pathlib import Path

import mido
import numpy as np
import pytest
from PIL import Image

from zoo.data.featurizers import piano_rolls
from zoo.data.featurizers.drawings import Drawings
from zoo.data.featurizers.forecast_windows import ForecastWindows
from zoo.data.featurizers.images import ImageResizer, VideoFrames
from zoo.data.featurizers.log_mel_spectrogram import LogMelSpectrogram
from zoo.data.readers import (
    babi,
    chorales,
    class_files,
    conll,
    drawings,
    idx,
    inflections,
    jsonl,
    nlvr,
    parallel,
    pictures,
    point_sets,
    pronunciations,
    questions,
    scan,
    series,
    sim_m,
    splice,
    spoken_digits,
    table,
    text,
    transcripts,
    trees,
    ts,
    turns,
    vectors,
    wav,
)
from zoo.data.vocabularies.dialogues import Utterances
from zoo.data.vocabularies.load import load_vocabulary
from zoo.data.vocabularies.pointer_vocabulary import PointerVocabulary
from zoo.data.vocabularies.vocabulary import Labels, Vocabulary
from zoo.storage.files import DataError

MAX_SECONDS = 10.0  # of one reading, on a busy machine
MAX_BYTES = 1 << 30  # by which all readings may raise the peak of memory
# What damage by chance seldom writes, and what files of others hold.
TOKENS = [b"\0", b"\xff" * 4, b"inf", b"nan", b"1e999", b"-1", b"9" * 5000, b"[" * 3000, b'{"a":' * 2000, b"((", b"\n"]
TOKENS += [b"\t", b"@", b"#", b'"', b"\\u0000", b"\\ud800", b"1_5", "²".encode(), b"a" * 300]


def lines(*rows: str) -> bytes:
    return "".join(f"{row}\n" for row in rows).encode()


def objects(*values) -> bytes:
    return lines(*map(json.dumps, values))


def saved(write: Callable[[Path], object]) -> Callable[[Path], bytes]:
    """A file as its writer makes it."""

    def make(folder: Path) -> bytes:
        write(folder / "saved")
        return (folder / "saved").read_bytes()

    return make


def picture(kind: str, frames: int = 1, size: int = 8) -> bytes:
    random = np.random.default_rng(0)
    first, *others = [Image.fromarray(random.integers(0, 256, (size, size, 3), "uint8")) for _ in range(frames)]
    buffer = io.BytesIO()
    first.save(buffer, kind, **({"save_all": True, "append_images": others} if frames > 1 else {}))
    return buffer.getvalue()


def archive(files: dict[str, bytes], mode: str) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode=mode) as packed:
        for name, content in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            packed.addfile(member, io.BytesIO(content))
    return buffer.getvalue()


def npz(folder: Path) -> bytes:
    buffer = io.BytesIO()
    points, offsets = np.array([[1, 2, 0], [3, 4, 1], [5, 6, 1]], "int16"), np.array([0, 2, 3], "int32")
    arrays = {f"{part}_{name}": each for part in ("train", "valid", "test") for name, each in
              (("points", points), ("offsets", offsets))}  # fmt: skip
    np.savez_compressed(buffer, **arrays)
    return buffer.getvalue()


def sound(folder: Path | None = None, count: int = 60) -> bytes:
    samples = np.round(9000 * np.sin(np.arange(count))).astype("<i2").tobytes()
    header = b"RIFF" + (36 + len(samples)).to_bytes(4, "little") + b"WAVEfmt " + (16).to_bytes(4, "little")
    layout = np.array([(1, 1, 8000, 16000, 2, 16)], "<u2, <u2, <u4, <u4, <u2, <u2").tobytes()
    return header + layout + b"data" + len(samples).to_bytes(4, "little") + samples


def piece(folder: Path) -> bytes:
    track = mido.MidiTrack([mido.MetaMessage("key_signature", key="D"), mido.MetaMessage("set_tempo", tempo=500000)])
    for note in range(60, 68):
        track += [mido.Message("note_on", note=note, time=0), mido.Message("note_off", note=note, time=480)]
    buffer = io.BytesIO()
    mido.MidiFile(tracks=[track]).save(file=buffer)
    return buffer.getvalue()


def beside(name: str, content: bytes, read: Callable[[Path], object]) -> Callable[[Path], object]:
    """Reads with another file in the folder, which is whole."""

    def reading(path: Path) -> object:
        (path.parent / name).write_bytes(content)
        return read(path)

    return reading


STORY = b"1 Mary went home.\n2 John went out.\n3 Where is Mary?\thome\t1\n"
TASKS = {f"x/en/qa1_x_{part}.txt": STORY for part in ("train", "test")}
ROWS = {"image": "a.png", "sentence": "A box.", "label": "true", "directory": "1", "identifier": "1"}
WORDS = Vocabulary(["the", "cat"])
COLUMNS = lines("# text = cats", "\t".join("1 cats cat NOUN NNS _ 0 root _ _".split()), "")
TREES = lines("(3 (2 a) (4 (3 lovely) (2 film)))", "(1 bad)")
PIECES = json.dumps({part: [[[60, 64], [], [72]]] * 2 for part in ("train", "valid", "test")}).encode()
POINTS = lines("0 0 1 0 1 1 output 1 2 3 1", "0 0 2 0 1 1 0.5 3 output 1 2 4 1")
SERIES = lines("@dimensions 2", "@classLabel true a b", "@data", "1,2,3:4,5,6:a", "1,2:3,4:b")
TABLE = lines("text\tlabel", "a film\tgood", "a book\tbad")
IDX = b"\0\0\x0d\x02" + bytes([0, 0, 0, 2, 0, 0, 0, 2]) + np.arange(4, dtype=">f4").tobytes()
# Inputs on which readers failed, by the reader that is named before the first dash.
CASES = sorted((Path(__file__).parent / "cases" / "damaged").iterdir())
READERS_OF_CASES: dict[str, Callable[[Path], object]] = {
    "babi.read_file.txt": babi.read_file,
    "chorales.json": chorales.read,
    "conll.universal": lambda path: conll.read(path, column="upos"),
    "drawings.lines": drawings.read_lines,
    "drawings.npz": drawings.read,
    "idx.any": idx.read,
    "midi": piano_rolls.read,
    "pictures.frames": pictures.read_frames,
    "series.csv": series.read,
    "transcripts": transcripts.read,
    "vocabulary.labels": load_vocabulary,
    "vocabulary.pictures": load_vocabulary,
    "vocabulary.sound": load_vocabulary,
    "wav": wav.read,
}
# Name of the file, how to make it, how to read it.
READERS: dict[str, tuple[str, bytes | Callable[[Path], bytes], Callable[[Path], object]]] = {
    "babi file": ("qa1_x_train.txt", STORY, babi.read_file),
    "babi own": ("a.jsonl", objects({"story": ["A b."], "question": "c?", "answer": "b"}), babi.read_file),
    "babi tar": ("a.tar", archive(TASKS, "w"), babi.read),
    "babi tar.gz": ("a.tar.gz", archive(TASKS, "w:gz"), babi.read),
    "chorales": ("a.json", PIECES, chorales.read),
    "class files": (
        "a.txt",
        lines("one", "two"),
        beside("b.txt", b"x\n", lambda path: class_files.read_folder(path.parent)),
    ),
    "conll": ("a.conll", lines("# id 1", "Ann B-PER", "sat O", "", "Oslo B-LOC"), conll.read),
    "conll universal": ("a.conllu", COLUMNS, lambda path: conll.read(path, column="upos")),
    "drawings npz": ("a.npz", npz, drawings.read),
    "drawings lines": ("a.jsonl", objects([[[0, 0], [1, 2.5]], [[5, 5], [6, 6]]]), drawings.read_lines),
    "idx": ("a.idx", IDX, idx.read),
    "idx.gz": ("a.idx.gz", gzip.compress(IDX), idx.read),
    "inflections": ("a.tsv", lines("go\twent\tV;PST", "be\twas\tV;PST;1;SG"), inflections.read),
    "jsonl": ("a.jsonl", objects({"text": "a film", "label": 1}, {"text": "b", "label": "x"}), jsonl.read),
    "jsonl tags": ("a.jsonl", objects({"tokens": ["a", "b"], "tags": ["X", "Y"]}), jsonl.read_tags),
    "midi": ("a.mid", piece, piano_rolls.read),
    "nlvr": (
        "a.jsonl",
        objects(ROWS),
        beside("a.tar", archive({"x/a.png": picture("PNG")}, "w"), lambda path: nlvr.read(path, path.parent / "a.tar")),
    ),
    "nlvr tar": (
        "a.tar",
        archive({"x/a.png": picture("PNG")}, "w"),
        beside("a.jsonl", objects(ROWS), lambda path: nlvr.read(path.parent / "a.jsonl", path)),
    ),
    "parallel": (
        "a.en",
        lines("one", "two"),
        beside("a.de", b"eins\nzwei\n", lambda path: parallel.read(path, path.with_name("a.de"))),
    ),
    "picture png": ("a.png", picture("PNG"), pictures.read),
    "picture jpeg": ("a.jpg", picture("JPEG"), pictures.read),
    "picture gif": ("a.gif", picture("GIF"), pictures.read),
    "frames gif": ("a.gif", picture("GIF", 4), pictures.read_frames),
    "frames png": ("a.png", picture("PNG", 3), pictures.read_frames),
    "point sets": ("a.txt", POINTS, point_sets.read),
    "pronunciations": ("a.dict", lines(";;; words", "a AH0", "a(2) EY1", "bat B AE1 T"), pronunciations.read),
    "questions": ("a.label", lines("NUM:date When was it ?", "HUM:ind Who was it ?"), questions.read),
    "scan": ("a.txt", lines("IN: jump twice OUT: I_JUMP I_JUMP", "IN: look OUT: I_LOOK"), scan.read),
    "series": ("a.csv", lines("month,v,w", "2020-01,1,2", "2020-02,2,3", "2020-03,3,4", "2020-04,4,5"), series.read),
    "sim_m": ("a.json", json.dumps([{"turns": [{"user_utterance": {"text": "hi"}}]}]).encode(), sim_m.read),
    "splice": ("a.data", lines("EI, A-1, ACGT", "N, B-2, ACGN"), splice.read),
    "spoken digits": (
        "a.tar.gz",
        archive({f"{digit}_ann_{digit}.wav": sound() for digit in range(3)}, "w:gz"),
        spoken_digits.read,
    ),
    "table tsv": ("a.tsv", TABLE, table.read),
    "table csv": ("a.csv", TABLE.replace(b"\t", b","), table.read),
    "table gz": ("a.tsv.gz", gzip.compress(TABLE), table.read),
    "text": ("a.txt", lines("one", "", "two"), text.read),
    "transcripts": (
        "a.tsv",
        lines("file\ttext", "a.wav\tyes", "a.wav\tno"),
        beside("a.wav", sound(), transcripts.read),
    ),
    "transcripts wav": (
        "a.wav",
        sound,
        beside("a.tsv", lines("file\ttext", "a.wav\tyes"), lambda path: transcripts.read(path.with_name("a.tsv"))),
    ),
    "trees": ("a.txt", TREES, trees.read),
    "trees penn": ("a.mrg", lines("", "( (S ", "    (NP (DT The) (NN cat) )", "    (VP (VBZ sat) )))"), trees.read),
    "ts": ("a.ts", SERIES, ts.read),
    "turns": ("a.jsonl", objects({"turns": ["hello", "hi"]}), turns.read),
    "vectors": ("a.vec", lines("2 3", "the 0.1 0.2 0.3", "cat 1 2 3"), lambda path: vectors.read(path, WORDS)),
    "wav": ("a.wav", sound, wav.read),
    "vocabulary": ("a.json", saved(WORDS.save), load_vocabulary),
    "subwords": (
        "a.json",
        saved(Vocabulary.build(["low lower lowest"], level="subword", size=20).save),
        load_vocabulary,
    ),
    "labels": ("a.json", saved(Labels(["a", "b"]).save), load_vocabulary),
    "utterances": ("a.json", saved(Utterances(WORDS).save), load_vocabulary),
    "positions": ("a.json", saved(PointerVocabulary().save), load_vocabulary),
    "sound": ("a.json", saved(LogMelSpectrogram().save), load_vocabulary),
    "pictures": ("a.json", saved(ImageResizer().save), load_vocabulary),
    "clips": ("a.json", saved(VideoFrames().save), load_vocabulary),
    "drawings": ("a.json", saved(Drawings(2.0).save), load_vocabulary),
    "windows": (
        "a.json",
        saved(ForecastWindows(("a", "b"), "a", 4, 2, means=(0.0, 1.0), deviations=(1.0, 2.0)).save),
        load_vocabulary,
    ),
}


def mutated(content: bytes, random: np.random.Generator) -> bytes:
    """The content with one to three damages."""
    for _ in range(random.integers(1, 4)):
        first, last = sorted(random.integers(0, len(content) + 1, 2).tolist())
        piece = content[first : min(last, first + 40)]
        match random.integers(6):
            case 0:
                inner = bytearray(content)
                for place in random.integers(0, max(len(content), 1), random.integers(1, 5)) if content else ():
                    inner[place] = random.integers(256)
                content = bytes(inner)
            case 1:
                content = content[:first] + random.bytes(random.integers(1, 9)) + content[first:]
            case 2:
                content = content[:first] + TOKENS[random.integers(len(TOKENS))] + content[first:]
            case 3:
                content = content[:first] + content[first + len(piece) :]
            case 4:
                content = content[:last]
            case _:
                content = content[:first] + piece * int(random.choice([2, 3, 100])) + content[first:]
    return content


def check(name: str, folder: Path, count: int) -> None:
    file, make, read = READERS[name]
    whole = make if isinstance(make, bytes) else make(folder)
    path = folder / "files" / file
    path.parent.mkdir()
    random, peak = np.random.default_rng(zlib.crc32(name.encode())), _peak()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        path.write_bytes(whole)
        read(path)
        for number in range(count):
            path.write_bytes(mutated(whole, random))
            start = time.perf_counter()
            try:
                read(path)
            except Exception as error:
                if not (isinstance(error, DataError) and str(path.parent) in str(error)):
                    raise AssertionError(f"mutation {number}: {path.read_bytes()[:2000]!r}") from error
            assert time.perf_counter() - start < MAX_SECONDS, f"mutation {number}: {path.read_bytes()[:2000]!r}"
    assert _peak() - peak < MAX_BYTES


def _peak() -> int:
    """Bytes that this process has ever held at once."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.name)
def test_inputs_that_broke_a_reader_are_data_errors(path):
    with pytest.raises(DataError, match=re.escape(str(path))):
        READERS_OF_CASES[path.name.split("-")[0]](path)


@pytest.mark.parametrize("name", READERS)
def test_damage_is_a_data_error(name, tmp_path):
    check(name, tmp_path, 50)


@pytest.mark.slow
@pytest.mark.parametrize("name", READERS)
def test_a_thousand_damages_are_data_errors(name, tmp_path):
    check(name, tmp_path, 1000)
