"""What a visitor may ask of the list: one FilterSet, for HTML, JSON, CSV and every later output.

Nothing is guessed. A value or a parameter that the contract does not know is an error with its reason, never an
empty page and never everything (django-filter alone would do both).
"""

from collections.abc import Callable
from copy import copy
from dataclasses import dataclass
from functools import cache
from urllib.parse import quote_plus, urlencode

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import BooleanField, Case, F, Q, When
from django.http import QueryDict
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from initiatives.core import enums
from initiatives.core.cells import whole_number
from initiatives.core.querysets import SOURCE_DU_RAPPORT, accepte_ages
from initiatives.models import Besoin, Initiative, Organisme

from . import search

TRACKING = {"fbclid", "gclid", "msclkid", "mc_cid", "mc_eid"}
PER_PAGE, MAX_PER_PAGE = 25, 100
MAX_QUERY_LENGTH = 300
# Whom a need speaks for, and what is for those around a person rather than for her.
PERSONS = {
    enums.Voix.MOI: (enums.Clientele.JEUNES, enums.Clientele.POPULATION),
    enums.Voix.PROCHE: (enums.Clientele.JEUNES, enums.Clientele.PARENTS, enums.Clientele.POPULATION),
}
FOR_OTHERS = [
    *(enums.Type.OUTIL, enums.Type.FORMATION, enums.Type.RECHERCHE, enums.Type.CONCERTATION),
    enums.Type.SENSIBILISATION,
]
# A workshop held there is for those who are there already: a class, a unit.
CLOSED_PLACES = [enums.Lieu.SCOLAIRE, enums.Lieu.INSTITUTIONNEL]
TRIS = [
    ("pertinence", _("Pertinence")),
    ("titre", _("Titre")),
    ("annee", _("Année, la plus récente d'abord")),
    ("region", _("Région")),
]


def is_tracking(name: str) -> bool:
    """Whether a parameter was put there by somebody who follows people around."""
    return name in TRACKING or name.startswith("utm_")


@dataclass(frozen=True)
class ParameterError:
    """A parameter that cannot be answered, as the contract's `erreurs` print it."""

    parametre: str
    valeur: str
    message: str


class WholeNumberField(forms.IntegerField):
    """A number written with plain digits: no sign, no space, no decimal point."""

    def to_python(self, value):
        if value in self.empty_values:
            return None
        number = whole_number(value)
        if number is None:
            raise ValidationError(_("Un nombre entier est attendu."), params={"value": value})
        return number


class ChosenCodesField(forms.MultipleChoiceField):
    """Any number of values of a closed list; every unknown one is told."""

    def validate(self, value):
        if unknown := [code for code in value if not self.valid_value(code)]:
            raise ValidationError([unknown_value(code) for code in unknown])


class RowsField(forms.MultipleChoiceField):
    """Slugs of rows that the public may see. One query when given, none otherwise."""

    def rows(self):
        raise NotImplementedError

    def clean(self, value):
        slugs = [slug for slug in value or [] if "\0" not in slug]  # PostgreSQL refuses the NUL byte
        known = {row.slug: row for row in self.rows().filter(slug__in=slugs)} if slugs else {}
        if unknown := [slug for slug in value or [] if slug not in known]:
            raise ValidationError([unknown_value(slug) for slug in unknown])
        return list(known.values())


class PorteursField(RowsField):
    def rows(self):
        return Organisme.objects.publics()


class BesoinsField(RowsField):
    def rows(self):
        return Besoin.objects.all()


class AgeField(forms.CharField):
    """A whole number of years, or one of the four bands, as (lowest, highest) year."""

    default_error_messages = {
        "age": _("Un âge est un nombre entier de 0 à 120, ou moins-de-12, 12-17, 18-25 ou plus-de-25."),
    }

    def clean(self, value):
        text = super().clean(value)
        if not text:
            return None
        if text in enums.BandeAge.values:
            return enums.BandeAge(text).bornes
        years = whole_number(text, digits=3)
        if years is not None and years <= enums.AGE_MAX:
            return years, years
        raise ValidationError(self.error_messages["age"], params={"value": text})


def unreadable(name: str, values: list[str]) -> list[ParameterError]:
    """What is wrong with values that were not UTF-8, or were spoilt on their way: reading them left a U+FFFD there."""
    spoilt = next((value for value in values if "\N{REPLACEMENT CHARACTER}" in value), None)
    message = _("Ce texte ne peut pas être lu : ce n'est pas de l'UTF-8.")
    return [] if spoilt is None else [ParameterError(name, spoilt, str(message))]


def unknown_value(value: str) -> ValidationError:
    return ValidationError(_("Cette valeur n'existe pas."), code="unknown", params={"value": value})


class Facet(django_filters.Filter):
    """A filter whose values are counted. `condition(value)` is a Q: a facet is left out of its own count."""

    def __init__(self, enum=None, field="", lookup="in", **kwargs):
        self.enum, self.column, self.lookup = enum, field, lookup
        if enum is not None:
            kwargs.setdefault("choices", enum.choices)
        super().__init__(**kwargs)

    def condition(self, value) -> Q:
        return Q(**{f"{self.column}__{self.lookup}": value})

    def filter(self, queryset, value):
        return queryset.filter(self.condition(value)) if value else queryset


class CodesFacet(Facet):
    """OR between its values."""

    field_class = ChosenCodesField


class PorteurFacet(Facet):
    field_class = PorteursField

    def condition(self, value):
        return Q(porteurs_ids__overlap=[row.pk for row in value])


class BesoinFacet(Facet):
    """The needs that a fiche answers, which the database keeps beside it (migration 0002)."""

    field_class = BesoinsField

    def condition(self, value):
        return Q(besoins__overlap=[row.slug for row in value])


class SexeFacet(Facet):
    """Asks who is accepted: a fiche open to all accepts girls and boys."""

    field_class = forms.ChoiceField

    def condition(self, value):
        accepted = {"feminin": ["feminin", "tous"], "masculin": ["masculin", "tous"]}
        return Q(sexe__in=accepted.get(value, [value]))


class AgeFacet(Facet):
    """Asks who is accepted: fiches for all ages, and those whose range overlaps the age or the band."""

    field_class = AgeField

    def condition(self, value):
        return accepte_ages(*value)


class ReportFilter(django_filters.ChoiceFilter):
    """`1`: the fiches of the report alone, as they were gathered."""

    def filter(self, queryset, value):
        return queryset.filter(source__slug=SOURCE_DU_RAPPORT) if value else queryset


class UnknownYearFilter(django_filters.ChoiceFilter):
    """`inconnue`: the fiches that print no year, which no other year asks for."""

    def condition(self, _value) -> Q:
        return Q(annee=None)

    def filter(self, queryset, value):
        return queryset.filter(self.condition(value)) if value else queryset


class SearchFilter(django_filters.CharFilter):
    def filter(self, queryset, value):
        return search.matching(queryset, self.parent.understanding) if value else queryset


class WholeNumberFilter(django_filters.NumberFilter):
    field_class = WholeNumberField

    def condition(self, value) -> Q:
        return Q(**{f"{self.field_name}__{self.lookup_expr}": value})


class NumbersField(forms.TypedMultipleChoiceField):
    """Whole numbers, whatever they are the numbers of."""

    def valid_value(self, value):
        return whole_number(value) is not None


class ListForm(forms.Form):
    """The parameters of the list that choose no fiche: order, page, and what every page carries along.

    What the address does not name is not read: it is what an empty address gives.
    """

    tri = forms.ChoiceField(choices=TRIS, required=False)
    page = WholeNumberField(min_value=1, required=False)
    par_page = WholeNumberField(min_value=1, max_value=MAX_PER_PAGE, required=False)
    exact = forms.ChoiceField(choices=[("1", "1")], required=False)
    discret = forms.ChoiceField(choices=[("1", "1")], required=False)
    f = NumbersField(required=False)

    def full_clean(self):
        every, self.fields = self.fields, {name: field for name, field in self.fields.items() if name in self.data}
        super().full_clean()
        self.fields = every
        if self.is_bound:
            self.cleaned_data = {**nothing_asked(type(self)), **self.cleaned_data}


@cache
def nothing_asked(form: type[forms.Form]) -> dict:
    """What each parameter is where nothing is asked for."""
    return {
        name: field.clean(field.widget.value_from_datadict(QueryDict(), {}, name))
        for name, field in form.base_fields.items()
    }


def takes_directly(clienteles: list[str], any_age: bool = False) -> Q:
    """The fiches that take a person today: neither suspended, nor what others use for her (a tool, a training), nor a
    workshop that comes to a class or a unit; nor, unless `any_age`, what takes adults alone.
    """
    for_others = Q(types__contained_by=FOR_OTHERS, types__len__gt=0)
    elsewhere = Q(modalite=enums.Modalite.ATELIERS, lieu__in=CLOSED_PLACES)
    takes = Q(stade=enums.Stade.EN_APPLICATION, clienteles__overlap=clienteles) & ~for_others & ~elsewhere
    return takes if any_age else takes & (Q(age_min=None) | Q(age_min__lt=enums.MAJORITE))


class Filters(dict):
    """By name. A copy for a list is one of each, not of all that they hold: no request changes anything but whose they
    are.
    """

    def __deepcopy__(self, memo):
        return {name: copy(item) for name, item in self.items()}


class Fields(dict):
    """By name. Those of every list are the same: a field keeps nothing of what it reads."""

    def __deepcopy__(self, memo):
        return dict(self)


class InitiativeFilter(django_filters.FilterSet):
    """The list that the parameters ask for, once `errors_found()` is empty."""

    # In this order on the page: what an intervenante asks first, then the rest.
    q = SearchFilter(label=_("Recherche"), max_length=MAX_QUERY_LENGTH)
    besoin = BesoinFacet(label=_("Besoin"))
    region = CodesFacet(enums.Regions, "region_id", label=_("Région"))
    clientele = CodesFacet(enums.Clientele, "clienteles", "overlap", label=_("Pour qui"))
    age = AgeFacet(label=_("Âge accepté"))
    sexe = SexeFacet(enums.Sexe, label=_("Sexe accepté"))
    modalite = CodesFacet(enums.Modalite, "modalite", label=_("Sorte d'aide"))
    type = CodesFacet(enums.Type, "types", "overlap", label=_("Genre de projet"))
    stade = CodesFacet(enums.Stade, "stade", label=_("État"))
    implication = CodesFacet(enums.Implication, "implications", "overlap", label=_("Implication"))
    lieu = CodesFacet(enums.Lieu, "lieu", label=_("Où ça se passe"))
    porteur = PorteurFacet(label=_("Qui l'offre"))
    cible = CodesFacet(enums.Cible, "cible", label=_("Sujet principal"))
    pour_qui = CodesFacet(enums.PourQui, "pour_qui", "overlap", label=_("Pour qui seulement"))
    strategie = CodesFacet(enums.Strategie, "strategies", "overlap", label=_("Stratégie du rapport"))
    strategie_principale = CodesFacet(enums.Strategie, "strategie", label=_("Stratégie principale"))
    mention = CodesFacet(enums.Theme, "mentions", "overlap", label=_("D'après ses mots"))
    rubrique = CodesFacet(enums.SousRubrique, "rubriques", "overlap", label=_("Sous-rubrique du rapport"))
    annee = UnknownYearFilter(label=_("Année de création"), choices=[("inconnue", "inconnue")])
    annee_min = WholeNumberFilter("annee", "gte", label=_("Créée en ou après"), max_value=9999)
    annee_max = WholeNumberFilter("annee", "lte", label=_("Créée en ou avant"), max_value=9999)
    recension = ReportFilter(label=_("Depuis la recension"), choices=[("1", "1")])

    class Meta:
        model = Initiative
        fields = []
        form = ListForm

    form_class = None  # made when the first list is asked for

    def __init__(self, data, version: int | None = None):
        """`data`: a QueryDict. The fiches are the public ones, always. `version`: that of the data, as the request has
        read it; without it nothing is answered from memory.
        """
        self.version = version
        given = copy(data)
        for name in list(given):
            values = [value for value in given.getlist(name) if value.strip()]
            if values and not is_tracking(name):
                given.setlist(name, values)
            else:
                del given[name]
        super().__init__(given, Initiative.objects.publiees())

    def get_form_class(self):
        """Made once: its fields are those of every list."""
        if self.form_class is None:
            made = super().get_form_class()
            made.base_fields = Fields(made.base_fields)
            InitiativeFilter.form_class = made
        return self.form_class

    @staticmethod
    @cache
    def label(name: str, _language: str) -> str:
        """What a parameter is called in the language that is active."""
        return str(InitiativeFilter.base_filters[name].label)

    @classmethod
    def of_everything(cls, version: int | None = None):
        """The list that nothing narrows: every public fiche."""
        filterset = cls(QueryDict(), version)
        filterset.errors_found()
        return filterset

    @classmethod
    def facets(cls) -> dict[str, Facet]:
        """The counted filters, in the order of the contract."""
        return {name: item for name, item in cls.base_filters.items() if isinstance(item, Facet)}

    def errors_found(self) -> list[ParameterError]:
        """Everything wrong with the parameters, in their own order; empty when the list can be answered."""
        self.form.full_clean()
        errors, fields = [], self.form.fields
        for name in self.data:
            values = self.data.getlist(name)
            if name not in fields:
                errors.append(ParameterError(name, values[0], str(_("Ce paramètre n'existe pas."))))
            elif len(set(values)) > 1 and not isinstance(fields[name], forms.MultipleChoiceField):
                errors.append(ParameterError(name, values[-1], str(_("Ce paramètre n'accepte qu'une valeur."))))
            else:
                errors += unreadable(name, values) or self.field_errors(name, values)
        return errors

    def field_errors(self, name: str, values: list[str]) -> list[ParameterError]:
        return [
            ParameterError(name, str((error.params or {}).get("value", values[0])), " ".join(error.messages))
            for error in self.form.errors.get(name, forms.utils.ErrorList()).as_data()
        ]

    def base(self):
        """The fiches that pass every filter that is not a facet."""
        queryset, facets = self.queryset, self.facets()
        for name, item in self.filters.items():
            if name not in facets:
                queryset = item.filter(queryset, self.form.cleaned_data[name])
        return queryset

    @cached_property
    def understanding(self) -> search.Understanding | None:
        """What the search means, or None without one. As many queries as `understand` asks."""
        text = self.form.cleaned_data["q"]
        return search.understand(text, self.form.cleaned_data["exact"] == "1", self.version) if text else None

    def narrows_by_facets_alone(self) -> bool:
        """Whether nothing but facets is asked for: then the combinations can be counted."""
        given = self.form.cleaned_data
        years = given["annee"] or given["annee_min"] is not None or given["annee_max"] is not None
        return not (given["q"] or years or given["recension"])

    def conditions(self) -> dict[str, Q]:
        """The conditions of the facets in which something is chosen, by name."""
        chosen = {name: self.form.cleaned_data[name] for name in self.facets()}
        return {name: self.filters[name].condition(value) for name, value in chosen.items() if value}

    @property
    def qs(self):
        """The fiches asked for, in the order asked for."""
        queryset = self.base()
        for condition in self.conditions().values():
            queryset = queryset.filter(condition)
        ordering = self.ordering()
        if "-pertinence" in ordering:
            queryset = search.ranked(queryset, self.understanding)
        elif self.person_wanted:
            takes = When(takes_directly(self.person_wanted, any_age=bool(self.data.get("age"))), then=True)
            queryset = queryset.annotate(tout=Case(takes, default=False, output_field=BooleanField()))
            ordering = ["-tout", *ordering]
        return queryset.order_by(*ordering)

    @property
    def person_wanted(self) -> list[str]:
        """The clienteles of whoever a chosen need speaks for, when nothing is typed: empty for somebody at work."""
        given = self.form.cleaned_data
        voices = {need.voix for need in given["besoin"]} if not given["q"] and not given["tri"] else set()
        return sorted({code for voice in voices for code in PERSONS.get(voice, ())})

    def ordering(self) -> list:
        chosen = self.form.cleaned_data["tri"] or "pertinence"
        orders = {
            "pertinence": ["-pertinence"] if self.form.cleaned_data["q"] else [],
            "titre": ["titre_tri"],
            "annee": [F("annee").desc(nulls_last=True)],
            "region": ["region__ordre"],
        }
        return [*orders[chosen], "numero"]

    @property
    def page_number(self) -> int:
        return self.form.cleaned_data["page"] or 1

    @property
    def per_page(self) -> int:
        return self.form.cleaned_data["par_page"] or PER_PAGE

    def without(self, *names: str) -> str:
        """The query string without these parameters."""
        return urlencode({name: values for name, values in self.data.lists() if name not in names}, doseq=True)

    def toggled(self, name: str, value: str) -> str:
        """The query string with one value of a facet added or removed, from the first page on."""
        return self.toggler(name)(value)

    def toggler(self, name: str) -> Callable[[str], str]:
        """Gives that query string for any value of a facet; made once for all of them."""
        given = {other: values for other, values in self.data.lists() if other != "page"}
        names, values = list(given), given.get(name, [])
        place = names.index(name) if name in given else len(names)
        before, after = ({other: given[other] for other in part} for part in (names[:place], names[place + 1 :]))
        parts = urlencode(before, doseq=True), urlencode(after, doseq=True)
        several = isinstance(self.form.fields[name], forms.MultipleChoiceField)

        def toggled(value: str) -> str:
            if value in values:
                kept = [other for other in values if other != value]
            else:
                kept = [*values, value] if several else [value]
            own = "&".join(f"{name}={quote_plus(other)}" for other in kept)
            return "&".join(part for part in (parts[0], own, parts[1]) if part)

        return toggled


# What the contract calls those that no name of Python can say.
NAMES = {"pour_qui": "pour-qui", "strategie_principale": "strategie-principale"}
InitiativeFilter.base_filters = Filters(
    {NAMES.get(name, name): item for name, item in InitiativeFilter.base_filters.items()}
)
