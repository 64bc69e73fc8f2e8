"""Fills the needs and the ways of saying them: a need once, with all that is its own, and never again."""

from collections import Counter

from initiatives.models import Besoin, ExceptionBesoin, Expression, LigneAide, RegleBesoin

from .build import FIXTURES, read_json

NEEDS, EXPRESSIONS = FIXTURES / "besoins.json", FIXTURES / "expressions.json"
OFF_TOPIC = ""  # the key of what the directory does not answer


def load_needs() -> Counter:
    """Creates the needs that are missing, by code, each with its rule, its exceptions and its expressions; and what is
    off topic, when there is nothing of it. An editor may have taken any of it out since: it does not come back.

    Returns how many rows of each model were created. Six queries, and one for each need that names help lines.
    """
    known = set(Besoin.objects.values_list("slug", flat=True))
    missing = [row for row in read_json(NEEDS) if row["slug"] not in known]
    names = [name for name in (missing[0] if missing else {}) if name not in ("lignes", "regles", "exceptions")]
    needs = Besoin.objects.bulk_create(
        Besoin(ordre=place, **{name: row[name] for name in names}) for place, row in enumerate(missing, start=1)
    )
    lines = {line.slug: line for line in LigneAide.objects.all()} if missing else {}
    rules, exceptions = [], []
    for need, row in zip(needs, missing, strict=True):
        if row["lignes"]:
            need.lignes.set([lines[slug] for slug in row["lignes"]])
        rules += [RegleBesoin(besoin=need, **rule) for rule in row["regles"]]
        exceptions += [
            ExceptionBesoin(besoin=need, initiative_id=made["fiche"], sens=made["sens"], motif=made["motif"])
            for made in row["exceptions"]
        ]
    RegleBesoin.objects.bulk_create(rules)
    ExceptionBesoin.objects.bulk_create(exceptions)
    expressions = Expression.objects.bulk_create(new_expressions(needs))
    return Counter(
        {
            model._meta.label_lower: len(rows)
            for model, rows in (
                (Besoin, needs),
                (RegleBesoin, rules),
                (ExceptionBesoin, exceptions),
                (Expression, expressions),
            )
            if rows
        }
    )


def new_expressions(needs: list[Besoin]) -> list[Expression]:
    """The expressions of new needs, and all that is off topic when none is known. One query."""
    by_code = {need.slug: need for need in needs}
    if not Expression.objects.filter(besoin=None).exists():
        by_code[OFF_TOPIC] = None
    if not by_code:
        return []
    return [
        Expression(besoin=by_code[code], registre=registre, texte=text)
        for code, said in read_json(EXPRESSIONS).items()
        if code in by_code
        for registre, texts in said.items()
        for text in texts
    ]


def delivered_texts() -> list[str]:
    """Every expression that comes with the directory, what is off topic too."""
    return [text for said in read_json(EXPRESSIONS).values() for texts in said.values() for text in texts]
