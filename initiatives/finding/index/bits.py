"""Sets of fiches as whole numbers: bit n is the fiche whose number is n, so that their order is that of the numbers."""

from collections.abc import Iterable, Iterator

SPARSE = 64  # as many numbers for each fiche of a set: from here on one at a time is quicker
ALONE = [[bit for bit in range(8) if byte >> bit & 1] for byte in range(256)]


def bits_of(numeros: Iterable[int]) -> int:
    """The set of these fiches."""
    numeros = list(numeros)
    if not numeros:
        return 0
    held = bytearray((max(numeros) >> 3) + 1)
    for numero in numeros:
        held[numero >> 3] |= 1 << (numero & 7)
    return int.from_bytes(held, "little")


def as_bytes(bits: int) -> bytes:
    """The set as `is_in` asks about one fiche after another."""
    return bits.to_bytes((bits.bit_length() >> 3) + 1, "little")


def is_in(held: bytes, numero: int) -> bool:
    place = numero >> 3
    return place < len(held) and bool(held[place] >> (numero & 7) & 1)


def numeros_of(bits: int) -> Iterator[int]:
    """The fiches of a set, by number."""
    if bits.bit_count() * SPARSE < bits.bit_length():
        while bits:
            last = bits & -bits
            yield last.bit_length() - 1
            bits ^= last
        return
    for place, byte in enumerate(as_bytes(bits)):
        if byte:
            start = place << 3
            for bit in ALONE[byte]:
                yield start + bit
