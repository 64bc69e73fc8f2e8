"""How good an answer is against judgments: 3 what was sought, 2 clearly relevant, 1 marginal, absent 0."""

import math
from dataclasses import dataclass


@dataclass
class Score:
    ndcg: float  # at 10, gain 2^grade - 1
    useful: bool  # something of grade 2 or more among the first five


def gain(grades) -> float:
    return sum((2**grade - 1) / math.log2(rank + 2) for rank, grade in enumerate(grades))


def measured(judged: dict[str, int], found: list[int]) -> Score:
    grades = {int(number): grade for number, grade in judged.items()}
    best = gain(sorted(grades.values(), reverse=True)[:10])
    ndcg = gain([grades.get(number, 0) for number in found[:10]]) / best
    return Score(ndcg, any(grades.get(number, 0) >= 2 for number in found[:5]))
