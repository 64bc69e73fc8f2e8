"""Fiches as a spreadsheet and back: the same columns both ways, every line checked before anything is written.

`columns` and `values` say what a heading and a cell mean, `reading` and `writing` are the files, `returning` what comes
back of a file that was refused, `trial` what a file would do, `applying` does it.
"""

from .applying import fiches_of, keep_trial, left_to_read, write_import
from .columns import COLUMNS, RefusedError
from .reading import MAX_BYTES, read_file
from .returning import corrections, pack, unpack
from .trial import check_lines
from .values import legend
from .writing import as_csv, empty_model, rows_of, workbook_of

__all__ = [
    "COLUMNS",
    "MAX_BYTES",
    "RefusedError",
    "as_csv",
    "check_lines",
    "corrections",
    "empty_model",
    "fiches_of",
    "keep_trial",
    "left_to_read",
    "legend",
    "pack",
    "read_file",
    "rows_of",
    "unpack",
    "workbook_of",
    "write_import",
]
