"""Subwords: frequent words whole, rare ones in pieces, learned from texts by byte-pair encoding."""

import io
from collections.abc import Iterable, Sequence

# SentencePiece writes a space as this mark, so that pieces join back to the text they came from.
SPACE = "\u2581"


class Subwords:
    """Splits text into the pieces of a trained SentencePiece model. Its ids 0 to 3 are those of `Vocabulary`.

    Args:
        model: the trained model, as `train` returns it in `.model`.
    Reference: Sennrich et al. 2016, arXiv:1508.07909; Kudo and Richardson 2018, arXiv:1808.06226.
    """

    def __init__(self, model: bytes):
        from sentencepiece import SentencePieceProcessor

        self.model = model
        self._processor = SentencePieceProcessor(model_proto=model)
        self.pieces = [self._processor.id_to_piece(number) for number in range(len(self._processor))]

    @classmethod
    def train(cls, texts: Iterable[str], *, size: int = 8000) -> "Subwords":
        """Learns at most `size` pieces, the four special ones included; the same texts give the same pieces.

        Raises:
            ValueError: no text, or too small a size for the characters of the texts.
        """
        from sentencepiece import SentencePieceTrainer

        model = io.BytesIO()
        try:
            SentencePieceTrainer.train(
                sentence_iterator=iter(texts),
                model_writer=model,
                model_type="bpe",
                vocab_size=size,
                hard_vocab_limit=False,
                # What comes out is what went in: no folding of full-width forms, ligatures and the like.
                normalization_rule_name="identity",
                max_sentence_length=1 << 20,
                pad_id=0,
                unk_id=1,
                bos_id=2,
                eos_id=3,
                pad_piece="<pad>",
                unk_piece="<unknown>",
                bos_piece="<start>",
                eos_piece="<end>",
                minloglevel=2,
            )
        except RuntimeError as error:
            raise ValueError(
                f"subwords need some text and a size above its number of characters, received: size {size}. "
                f"Raise the size or give more text. SentencePiece reports: {error}"
            ) from error
        return cls(model.getvalue())

    def split(self, text: str) -> list[str]:
        """Splits a text into pieces."""
        return self._processor.encode(text, out_type=str)

    def join(self, pieces: Sequence[str]) -> str:
        """Joins pieces to the text they came from; runs of spaces have become one."""
        return "".join(pieces).replace(SPACE, " ").strip()
