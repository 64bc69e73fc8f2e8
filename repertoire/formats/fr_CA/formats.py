"""Django's own writes the hour twice: its « h » is read as a code."""

DATETIME_FORMAT = r"j F Y, H \h i"
