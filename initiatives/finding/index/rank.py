"""How PostgreSQL ranks a word or a phrase in a vector (`ts_rank`), in the single precision that it reckons in.

Two fiches of the same rank are in the order of their numbers: the last bit decides. So every step is rounded as there.
"""

import math
import struct
from functools import cache

# Where a word stands: around (D), text (C), porteur (B), title (A); as sql.WEIGHTS.
PLACES = {"D": 0.08, "C": 0.3, "B": 0.6, "A": 1.0}
FLOAT = struct.Struct("<f")
# x * SPLIT - (x * SPLIT - x) is x in single precision, at a third of the cost of packing it.
SPLIT = float(2**29 + 1)
FAR = 100  # words: beyond, a pair counts nothing that single precision would see
UNSEEN = 1e-4
NOTHING_NEAR = 1e-30


def single(number: float) -> float:
    """The nearest number in single precision."""
    return FLOAT.unpack(FLOAT.pack(number))[0]


WEIGHT = {letter: single(weight) for letter, weight in PLACES.items()}


@cache
def of_weights(letters: str) -> float:
    """What a word brings that stands in these places (« CCAD »), before it is divided. Few are different."""
    total, best, best_place = 0.0, -1.0, 0
    for place, letter in enumerate(letters, start=1):
        weight = WEIGHT[letter]
        total = single(total + single(weight / (place * place)))
        if weight > best:
            best, best_place = weight, place
    return single(single(best + total) - single(best / (best_place * best_place)))


def either(letters: list[str | None], size: int) -> float:
    """The rank of `size` words, any of them; None for one that is not there."""
    total = 0.0
    for one in letters:
        if one is not None:
            total = single(total + of_weights(one) / 1.64493406685)
    return single(total / size)


@cache
def near(distance: int) -> float:
    """How much two words at this distance are one thing."""
    return single(1.0 / (1.005 + 0.05 * math.exp(distance / 1.5 - 2))) if distance <= FAR else single(NOTHING_NEAR)


@cache
def pair(one: float, other: float, distance: int) -> float:
    """What two words bring, of these weights and at this distance."""
    return single(math.sqrt(single(single(one * other) * near(min(distance, FAR + 1)))))


PAIRS = {
    one: {other: [pair(WEIGHT[one], WEIGHT[other], distance) for distance in range(FAR + 1)] for other in WEIGHT}
    for one in WEIGHT
}


def together(words: list) -> float:
    """The rank of words that stand together, each with its positions and their letters; None for one that is absent."""
    rank = -1.0
    for index, places in enumerate(words):
        for before in words[:index] if places else ():
            if before:
                rank = joined(rank, *places, *before)
    return rank if rank >= 0 else single(1e-20)


def joined(rank: float, positions, letters: str, others, other_letters: str) -> float:
    """The rank once every pair of two words' places is counted."""
    for position, letter in zip(positions, letters, strict=True):
        pairs = PAIRS[letter]
        for other, other_letter in zip(others, other_letters, strict=True):
            distance = abs(position - other)
            if 0 < distance <= FAR:
                brings = pairs[other_letter][distance]
            elif not distance or rank > UNSEEN:
                continue
            else:
                brings = pair(WEIGHT[letter], WEIGHT[other_letter], distance)
            rank = brings if rank < 0 else 1.0 - (1.0 - rank) * (1.0 - brings)
            scaled = rank * SPLIT
            rank = scaled - (scaled - rank)
            if rank == 1.0:
                return rank
    return rank
