"""What goes out: the public columns, the words of a fiche, documents, help lines, the map. Knows no editor."""
