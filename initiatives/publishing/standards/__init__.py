"""The open data as the formats of strangers want them: each derives from the public columns (publishing/dataset.py)."""
