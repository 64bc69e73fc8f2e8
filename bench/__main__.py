"""make bench: every kind of page at each size, beside an empty view, Datasette and raw SQL, all up at once.

Times are of this machine at this moment: read the ratios of one run, never two runs' figures. E: an empty view on the
same gunicorn; D: Datasette, whose facets are plain columns, indexed. No address of a row is asked twice, but where the
row says « kept ».
"""

import argparse

from bench import data, run, servers, writes

MAKING = 180  # minutes that the data may take


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("sizes", nargs="*", type=int, default=[152], help="numbers of fiches: 152 10000 100000 1000000")
    parser.add_argument("--repetitions", type=int, default=3, help="times that the whole table is gone through")
    parser.add_argument("--rounds", type=int, default=8, help="questions of a row in a repetition")
    parser.add_argument("--seconds", type=float, default=3, help="of eight connections on a row")
    parser.add_argument("--writes", type=float, metavar="SECONDS", help="instead: requests and edits, for so long")
    parser.add_argument("--rate", type=float, default=30, help="with --writes: requests a second")
    parser.add_argument("--every", type=float, default=5, help="with --writes: seconds from an edit to the next")
    parser.add_argument("--minutes", type=float, default=60, help="a size stops by itself after so long")
    parser.add_argument("--prepare", action="store_true", help="only make the data that runs keep for the next")
    parser.add_argument("--forget", action="store_true", help="take away the data that runs keep for the next")
    given = parser.parse_args()
    if given.forget:
        data.forget()
        return
    for size in given.sizes:
        servers.stop_after(MAKING)
        address, sqlite = data.prepare(size)
        try:
            servers.stop_after(given.minutes)
            if given.writes:
                writes.run(size, address, sqlite, given.writes, given.rate, given.every)
            elif not given.prepare:
                run.run(size, address, sqlite, given.repetitions, given.rounds, given.seconds)
        finally:
            data.done()


if __name__ == "__main__":
    main()
