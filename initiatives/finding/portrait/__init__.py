"""The portrait: what the directory holds, for whom and where, and what it lacks. Every number is declared once."""
