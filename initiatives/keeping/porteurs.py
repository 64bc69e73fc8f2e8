"""Which organisation a printed porteur names: those that look like it, the one that it is to the letter, a new one."""

import re

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Case, FloatField, Func, TextField, Value, When
from django.db.models.functions import Greatest, Lower
from django.utils.translation import gettext as _

from initiatives.core.enums import NatureVersion
from initiatives.core.slugs import free_code, plain_slug
from initiatives.models import Organisme

from . import history

# From which likeness of letters (pg_trgm, 0 to 1) an organisation is shown.
ALIKE = 0.5


def suggested(mention: str, n: int = 5) -> list[Organisme]:
    """The organisations that these words may name, the likeliest first, each with `exact`. One query; none for nothing.

    Compared without accents nor capitals: the name, its other spellings, the acronym among the words.
    """
    if not mention.strip():
        return []
    words = Value(mention)
    tokens = [token for token in re.split(r"[\s,;:()/]+", mention) if len(token) > 1]
    by_acronym = Case(
        When(sigle_lu__in=[plain(Value(token)) for token in tokens], then=Value(1.0)),
        default=Value(0.0),
        output_field=FloatField(),
    )
    spellings = Func("variantes", Value(" | "), function="array_to_string", output_field=TextField())
    rows = (
        Organisme.objects.actuels()
        .annotate(sigle_lu=plain("sigle"))
        .annotate(
            lettres=likeness("similarity", "nom", words),
            ressemblance=Greatest(
                likeness("similarity", "nom", words),
                likeness("word_similarity", "nom", words),
                likeness("word_similarity", words, spellings),
                by_acronym,
            ),
        )
    )
    found = list(rows.filter(ressemblance__gte=ALIKE).order_by("-ressemblance", "-lettres", "nom")[:n])
    for row in found:
        row.exact = is_named(row, mention)
    return found


def called(rows, text: str):
    """Of these organisations, those of which each of these words is in a name, an acronym or another spelling, without
    accents nor capitals.
    """
    spellings = Func("variantes", Value(" "), function="array_to_string", output_field=TextField())
    every = Func(Value(" "), "nom", "sigle", "nom_court", spellings, function="concat_ws", output_field=TextField())
    rows = rows.annotate(appele=plain(every))
    for word in text.split():
        rows = rows.filter(appele__contains=plain(Value(word)))
    return rows


def plain(expression):
    """Without accents nor capitals."""
    return Lower(Func(expression, function="public.sans_accents", output_field=TextField()))


def likeness(function: str, one, other):
    return Func(plain(one), plain(other), function=function, output_field=FloatField())


def is_named(organisme: Organisme, mention: str) -> bool:
    """Whether these words are a name of the organisation, letter for letter."""
    names = [organisme.nom, organisme.sigle, f"{organisme.nom} {organisme.sigle}", *organisme.variantes]
    return plain_slug(mention, 300) in {plain_slug(name, 300) for name in names if name.strip()}


def the_one(found: list[Organisme]) -> Organisme | None:
    """The only one that is named letter for letter."""
    exact = [row for row in found if row.exact]
    return exact[0] if len(exact) == 1 else None


@transaction.atomic
def create(nom: str, categorie: str, region: str | None, par, motif: str) -> Organisme:
    """A new organisation, that somebody is to confirm. Raises ValidationError, also where it is there already."""
    note = _("%(motif)s : à confirmer (catégorie, région).") % {"motif": motif}
    organisme = Organisme(nom=nom.strip(), categorie=categorie, region_id=region, note_interne=note)
    while True:
        if found := next((row for row in suggested(nom) if row.exact), None):
            raise ValidationError(_("« %(nom)s » est déjà au répertoire : choisissez-le.") % {"nom": found})
        organisme.slug = free_slug(organisme.nom)
        organisme.full_clean(validate_unique=False)
        try:
            with transaction.atomic():
                organisme.save()
        except IntegrityError:
            if organisme.slug == free_slug(organisme.nom):  # it was not the address
                raise
        else:
            history.record(organisme, NatureVersion.CREATION, par, motif)
            return organisme


def free_slug(nom: str) -> str:
    taken = set(Organisme.objects.values_list("slug", flat=True))
    return free_code(nom, taken, Organisme._meta.get_field("slug").max_length)
