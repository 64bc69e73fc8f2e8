"""A line of a rule: codes that a fiche must have, and none of which it may have."""

from django.db import models


class LigneDeRegle(models.Model):
    """True of a fiche that has one of the codes of every column filled in, and none of those of the columns « sans ».
    The database reads it (migration 0002, `fits`).
    """

    # The columns of a line, each with the column of a fiche that it looks at: to have, and to be without.
    COLONNES: dict[str, str] = {}
    SANS: dict[str, str] = {}

    class Meta:
        abstract = True

    def __str__(self):
        return self.en_cases()

    def en_cases(self) -> str:
        """What the line asks, column by column, in words."""
        parts = []
        for colonne in (*self.COLONNES, *self.SANS):
            field = self._meta.get_field(colonne)
            labels = [str(field.enum(code).label) for code in getattr(self, colonne)]
            if labels:
                parts.append(f"{field.verbose_name} : {', '.join(labels)}")
        return "; ".join(parts)
