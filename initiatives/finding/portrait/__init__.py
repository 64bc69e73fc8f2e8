"""The portrait: what the directory holds, for whom and where, and what nobody offers. Every number is declared once."""
