"""Phrases and words together, in many fiches at once: what lexemes.py and rank.py do for one, by whole columns.

The steps are those of `rank.together`, in the same order and as precise: each is made for every fiche at once.
"""

import numpy as np

from .rank import FAR, PAIRS, UNSEEN, WEIGHT, pair, single

SHIFT = 16  # a position is less than 2 ** 14, and so is a distance
LETTERS = "ABCD"
FIRST = ord(LETTERS[0])
# What two words bring, by their letters and their distance; the last is that of any distance beyond.
BRINGS = np.array(
    [[[*PAIRS[one][other], pair(WEIGHT[one], WEIGHT[other], FAR + 1)] for other in LETTERS] for one in LETTERS]
)


def keys_of(word) -> np.ndarray:
    """Every place of a word as one number, in order: its fiche, then its position there."""
    numeros = np.frombuffer(word.numeros, np.uint32).astype(np.int64)
    counts = np.frombuffer(word.counts, np.uint16)
    return np.repeat(numeros << SHIFT, counts) + np.frombuffer(word.positions, np.uint16)


def holding_phrase(words: list, asked: list[tuple[int, int]]) -> list[int]:
    """The fiches where the words asked for stand, each with how far it is from the first; by number."""
    keys = {word: keys_of(words[word]) for word in {word for word, _ahead in asked}}
    (first, _start), *others = asked
    found = keys[first]
    for word, ahead in others:
        wanted, known = found + ahead, keys[word]
        places = np.minimum(np.searchsorted(known, wanted), len(known) - 1)
        found = found[known[places] == wanted]
    return np.unique(found >> SHIFT).tolist()


def ranks_of(words: list, numeros: list[int]) -> list[float]:
    """The rank of several words that stand together in each of these fiches, which hold them all."""
    places = [Places(word, np.array(numeros, np.uint32)) for word in words]
    ranks = np.full(len(numeros), -1.0)
    for index, one in enumerate(places):
        for before in places[:index]:
            join(ranks, one, before)
    return np.where(ranks < 0, single(1e-20), ranks).tolist()


class Places:
    """Where a word stands in some of its fiches: how many times in each, and from where on in the columns of all."""

    def __init__(self, word, numeros: np.ndarray):
        rows = np.searchsorted(np.frombuffer(word.numeros, np.uint32), numeros)
        counts = np.frombuffer(word.counts, np.uint16).astype(np.int64)
        self.counts, self.starts = counts[rows], (np.cumsum(counts) - counts)[rows]
        self.positions = np.frombuffer(word.positions, np.uint16).astype(np.int64)
        self.letters = np.frombuffer(word.letters.encode(), np.uint8).astype(np.int64) - FIRST


def join(ranks: np.ndarray, one: Places, before: Places) -> None:
    """Counts every pair of two words' places in the ranks (rank.joined); nothing is added to a rank of 1."""
    live = np.flatnonzero(ranks < 1.0)
    counts, others = one.counts[live], before.counts[live]
    sizes = counts * others
    fiche = np.repeat(np.arange(len(live)), sizes)
    turn = np.arange(len(fiche)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    outer = turn // others[fiche]
    inner = turn - outer * others[fiche] + before.starts[live][fiche]
    outer += one.starts[live][fiche]
    distance = np.abs(one.positions[outer] - before.positions[inner])
    # Beyond FAR nothing is seen where anything near is counted, before or after.
    near = np.flatnonzero((distance <= FAR) & (distance > 0))
    brings = BRINGS[one.letters[outer[near]], before.letters[inner[near]], distance[near]]
    strong = ranks[live] > UNSEEN
    strong[fiche[near[brings > UNSEEN]]] = True
    if not strong.all():
        near = np.flatnonzero((distance > 0) & ((distance <= FAR) | ~strong[fiche]))
        brings = BRINGS[one.letters[outer[near]], before.letters[inner[near]], np.minimum(distance[near], FAR + 1)]
    fold(ranks, live, np.bincount(fiche[near], minlength=len(live)), brings)


def fold(ranks: np.ndarray, live: np.ndarray, sizes: np.ndarray, brings: np.ndarray) -> None:
    """Adds to the rank of each of these fiches what so many pairs bring, one after the other."""
    starts = np.cumsum(sizes) - sizes
    left, turn = np.flatnonzero(sizes), 0
    while len(left):
        rank, more = ranks[live[left]], brings[starts[left] + turn]
        joined = 1.0 - (1.0 - rank) * (1.0 - more)
        rank = np.where(rank < 0, more, joined.astype(np.float32))
        ranks[live[left]] = rank
        turn += 1
        left = left[(sizes[left] > turn) & (rank < 1.0)]
