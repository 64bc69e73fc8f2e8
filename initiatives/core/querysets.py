"""The vocabulary of the data. `publiees()` is the only place that says what "public" means."""

from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import Case, Count, Exists, F, Func, OuterRef, Prefetch, Q, Subquery, Value, When
from django.db.models.functions import Coalesce, Greatest, JSONObject

from .enums import CertitudeCitation, IssueSondage, NatureContact, Provenance, RoleCitation, Statut, Visibilite

SOURCE_DU_RAPPORT = "recension-2022"
PROCHES = 4  # fiches near another, for each reason


def publique(chemin: str = "") -> Q:
    """What makes a fiche public, seen from the fiche or through a relation that leads to it (`initiatives__`)."""
    return Q(**{f"{chemin}statut": Statut.PUBLIEE})


def accepte_ages(lowest: int, highest: int) -> Q:
    """The fiches that accept somebody between two ages, in whole years, both included.

    « Tous les âges » accepts everybody; a fiche that gives no age accepts nobody that we could promise.
    """
    has_range = Q(age_min__isnull=False) | Q(age_max__isnull=False)
    overlaps = (Q(age_min__isnull=True) | Q(age_min__lte=highest)) & (Q(age_max__isnull=True) | Q(age_max__gte=lowest))
    return Q(tous_ages=True) | (has_range & overlaps)


def en_dicts(rows, *columns: str) -> ArraySubquery:
    """Rows as an array of dicts, in the query of what they belong to."""
    return ArraySubquery(rows.values(_=JSONObject(**{name: name for name in columns})))


def contacts_publics(model, **titulaire) -> ArraySubquery:
    """The public contacts of whom the condition says, in order, as dicts."""
    contacts = model._meta.apps.get_model("initiatives", "Contact").objects.publics().en_ordre()
    return en_dicts(contacts.filter(**titulaire), "nature", "valeur", "precision")


def organismes_ids(model) -> Case:
    """The porteurs of the row, in order. The row holds them too, by number: where there is one, that is all to know."""
    liens = model._meta.get_field("liens_porteurs").related_model.objects.order_by("rang", "pk")
    en_ordre = ArraySubquery(liens.filter(initiative=OuterRef("pk")).values("organisme"))
    return Case(When(porteurs_ids__len__lt=2, then=F("porteurs_ids")), default=en_ordre)


def ressources_liees(model) -> ArraySubquery:
    """The resources shown on the page of the row, in order, as dicts."""
    ressources = model._meta.apps.get_model("initiatives", "Ressource").objects.affichees()
    titled = ("slug", "langue", "titre_fr", "titre_en", "genre", "auteur", "annee", "quoi_fr", "quoi_en", "lien")
    return en_dicts(ressources.filter(fiches=OuterRef("pk")), *titled)


def points_entree(model) -> ArraySubquery:
    """The ways in of the row's region, then those of every region, as dicts."""
    points = model._meta.apps.get_model("initiatives", "PointEntree").objects.affiches()
    points = points.filter(Q(region=OuterRef("region")) | Q(region=None))
    return en_dicts(points, "nom_fr", "nom_en", "telephone", "note_fr", "note_en")


class SlugQuerySet(models.QuerySet):
    """Rows whose natural key is their slug."""

    def get_by_natural_key(self, slug):
        return self.get(slug=slug)


class InitiativeQuerySet(models.QuerySet):
    def get_by_natural_key(self, numero):
        return self.get(numero=numero)

    def publiees(self):
        """The fiches that anybody may see. Page, JSON, CSV, counts, sitemap and search all go through here."""
        return self.filter(publique())

    def avec_changement(self):
        """Adds `change_le`: when the public was last told something else by the fiche, its publication included."""
        changes = self.model._meta.apps.get_model("initiatives", "Changement").objects.filter(numero=OuterRef("pk"))
        return self.annotate(change_le=Subquery(changes.order_by("-version").values("fait_le")[:1]))

    def du_rapport(self):
        """The fiches of the report's Annexe C."""
        return self.filter(source__slug=SOURCE_DU_RAPPORT)

    def avec_relations(self):
        """Fetches what a card shows besides the row itself: source (join), porteurs (one query)."""
        return self.select_related("source").prefetch_related(self.liens())

    def liens(self):
        """What fetches the links to the porteurs, and these with them."""
        liens = self.model._meta.get_field("liens_porteurs").related_model.objects.select_related("organisme")
        return Prefetch("liens_porteurs", liens)

    def joignables(self):
        """Fetches what an export shows besides the row itself: source and how the fiche is reached (its own query:
        `contacts_publics` and `points_entree`, as dicts), porteurs, with how each is reached (two queries).
        """
        organismes = self.model._meta.get_field("organismes").related_model.objects.joignables()
        return (
            self.select_related("source")
            .annotate(
                contacts_publics=contacts_publics(self.model, initiative=OuterRef("pk")),
                points_entree=points_entree(self.model),
            )
            .prefetch_related("liens_porteurs", Prefetch("liens_porteurs__organisme", organismes))
        )

    def en_colonnes(self):
        """Adds, in the same query, what the public columns say besides the row: `contacts_publics`, as dicts, and
        `organismes_ids`, its porteurs in order.
        """
        return self.annotate(
            contacts_publics=contacts_publics(self.model, initiative=OuterRef("pk")),
            organismes_ids=organismes_ids(self.model),
        )

    def entieres(self):
        """Adds, in the fiche's own query, what belongs to it: `corrections_faites`, `contacts_publics`,
        `points_entree` (whom to call in its region) and `besoins_nommes` (the needs that it answers) as dicts,
        `ressources_liees` (what to read beside it), as dicts too, `citations_sures` (under what the body of the
        report names it), `organismes_ids`, its porteurs in order, and `proposee`, whether the public form brought it.
        """
        corrections = self.model._meta.get_field("corrections").related_model.objects.order_by("pk")
        propositions = self.model._meta.get_field("propositions").related_model.objects
        citations = self.model._meta.apps.get_model("initiatives", "Citation").objects.sures().order_by("rang")
        place = Func(OuterRef("besoins"), F("slug"), function="array_position", output_field=models.IntegerField())
        besoins = self.model._meta.apps.get_model("initiatives", "Besoin").objects.alias(place=place)
        return self.select_related("source").annotate(
            corrections_faites=en_dicts(corrections.filter(initiative=OuterRef("pk")), "avant", "apres", "motif"),
            contacts_publics=contacts_publics(self.model, initiative=OuterRef("pk")),
            points_entree=points_entree(self.model),
            besoins_nommes=ArraySubquery(
                besoins.exclude(place=None).values(_=JSONObject(slug="slug", fr="nom_fr", en="nom_en"))
            ),
            ressources_liees=ressources_liees(self.model),
            citations_sures=en_dicts(citations.filter(fiches=OuterRef("pk")), "sous_rubrique", "section"),
            organismes_ids=organismes_ids(self.model),
            proposee=Exists(propositions.filter(initiative=OuterRef("pk"), provenance=Provenance.FORMULAIRE)),
        )

    def proches(
        self, numero: int, famille: str, porteurs: list, region: str, clienteles: list, types: list, modalite: str
    ):
        """What is shown of the public fiches near the one that these values are of, as dicts: `lien` says why
        (famille, porteur, besoin), `ecart` is 1 where the kind of help is another. At most `PROCHES` of each of both.

        The need is the same when region and kind of help are, for somebody in common. Each search stops at the few
        that it wants, whatever the number of fiches.
        """
        field, near = self.model._meta.get_field, self.publiees().exclude(pk=numero).order_by()
        porteurs = Value(porteurs, field("porteurs_ids"))
        clienteles, types = Value(clienteles, field("clienteles")), Value(types, field("types"))
        parente = Q(famille=famille, famille__gt="")
        carried = Q(porteurs_ids__overlap=porteurs)
        around = near.exclude(parente).exclude(carried).filter(region=region, clienteles__overlap=clienteles)
        of_types, same = Q(types__overlap=types), Q(modalite=modalite)
        ecart = Case(When(same, then=0), default=1, output_field=models.IntegerField())
        found = [
            ("famille", ecart, near.filter(parente)),
            ("porteur", ecart, near.exclude(parente).filter(carried)),
            ("besoin", Value(0), around.filter(of_types | Q(modalite__gt=""), same)),
            ("besoin", Value(1), around.filter(of_types).exclude(same)),
        ]
        shown = ("numero", "slug", "titre", "langue", "region_id", "stade")
        first, *others = [
            rows.annotate(lien=Value(lien), ecart=ecart)
            .order_by("ecart", "numero")
            .values("lien", "ecart", *shown)[:PROCHES]
            for lien, ecart, rows in found
        ]
        return first.union(*others, all=True)


class InitiativeManager(models.Manager.from_queryset(InitiativeQuerySet)):
    """Leaves the search columns in the database: nobody reads them here, and they weigh more than the fiche."""

    def get_queryset(self):
        return super().get_queryset().defer("recherche", "mots", "titre_tri", "porteurs_ids")


class PorteurQuerySet(models.QuerySet):
    def get_by_natural_key(self, numero, slug):
        return self.get(initiative_id=numero, organisme__slug=slug)


class OrganismeQuerySet(SlugQuerySet):
    def actuels(self):
        """Those that were not merged into another."""
        return self.filter(fusionne_dans=None)

    def publics(self):
        """The organisations that anybody may see: those of a public fiche, and those that Annexe A says were surveyed.

        Adds `nombre`, their public fiches. A subquery and not a join, so that no later filter multiplies the count.
        An organisation known by a draft alone stays hidden: its name would tell that the draft exists.
        """
        sondages = self.model._meta.get_field("sondages").related_model.objects
        liens = self.model._meta.get_field("liens_porteurs").related_model.objects
        nombre = (
            liens.filter(publique("initiative__"), organisme=OuterRef("pk"))
            .order_by()
            .values("organisme")
            .annotate(nombre=Count("pk"))
            .values("nombre")
        )
        return self.annotate(nombre=Coalesce(Subquery(nombre), 0)).filter(
            Q(fusionne_dans=None), Q(nombre__gt=0) | Exists(sondages.publics().filter(organisme=OuterRef("pk")))
        )

    def avec_changement(self):
        """Adds `change_le`: when what the page of each says last changed, its fiches included, those that left too."""
        liens = self.model._meta.get_field("liens_porteurs").related_model.objects.filter(organisme=OuterRef("pk"))
        changes = self.model._meta.apps.get_model("initiatives", "Changement").objects
        last = (
            liens.annotate(
                le=Subquery(changes.filter(numero=OuterRef("initiative")).order_by("-version").values("fait_le")[:1])
            )
            .order_by(F("le").desc(nulls_last=True))
            .values("le")
        )
        return self.annotate(change_le=Greatest("modifie_le", Subquery(last[:1])))

    def en_donnees(self):
        """Adds, in the same query, what data say of each: as `joignables`, `sonde`, `parent_public` (whether what it
        is part of may be named) and `numeros`, those of its public fiches in order.
        """
        fiches = self.model._meta.get_field("initiatives").related_model.objects.publiees()
        numeros = fiches.filter(organismes=OuterRef("pk")).order_by("numero").values("numero")
        parents = self.model.objects.publics().filter(pk=OuterRef("fait_partie_de"))
        return self.joignables().avec_sondage().annotate(parent_public=Exists(parents), numeros=ArraySubquery(numeros))

    def avec_sondage(self):
        """Adds `sonde`: whether Annexe A says, in public, that it was surveyed."""
        sondages = self.model._meta.get_field("sondages").related_model.objects
        return self.annotate(sonde=Exists(sondages.publics().filter(organisme=OuterRef("pk"))))

    def joignables(self):
        """Adds, in the same query, how each is reached: `contacts_publics`, `points_entree` and, where it is part of a
        public organisation, `contacts_du_parent`, as dicts; and that organisation, public or not.
        """
        parents = self.model.objects.publics().filter(pk=OuterRef(OuterRef("fait_partie_de"))).values("pk")
        return self.select_related("fait_partie_de").annotate(
            contacts_publics=contacts_publics(self.model, organisme=OuterRef("pk")),
            contacts_du_parent=contacts_publics(self.model, organisme__in=parents),
            points_entree=points_entree(self.model),
        )


class SondageQuerySet(models.QuerySet):
    def get_by_natural_key(self, rang):
        return self.get(rang=rang)

    def publics(self):
        """The organisations surveyed. Those not reached, and every remark, are for editors only."""
        return self.filter(issue=IssueSondage.SONDE)


class CitationQuerySet(models.QuerySet):
    def sures(self):
        """Those that say a fiche's strategies and headings (migration 0002): surely or probably it, acting directly."""
        certain = [CertitudeCitation.SURE, CertitudeCitation.PROBABLE]
        return self.filter(role=RoleCitation.DIRECTE, certitude__in=certain)

    def avec_fiches(self):
        """Adds, in the same query, `fiches_publiques`: the public fiches that each is, as dicts."""
        fiches = self.model._meta.get_field("fiches").related_model.objects.publiees().order_by("numero")
        return self.annotate(
            fiches_publiques=en_dicts(fiches.filter(citations=OuterRef("pk")), "numero", "slug", "titre", "langue")
        )

    def get_by_natural_key(self, rang):
        return self.get(rang=rang)


class ContactQuerySet(models.QuerySet):
    def publics(self):
        return self.filter(visibilite=Visibilite.PUBLIQUE)

    def en_ordre(self):
        """By nature, in the order of the closed list."""
        rangs = [models.When(nature=code, then=rang) for rang, code in enumerate(NatureContact.values)]
        return self.order_by(models.Case(*rangs, output_field=models.IntegerField()), "pk")


class LigneAideQuerySet(SlugQuerySet):
    def affichees(self):
        return self.filter(active=True)


class PointEntreeQuerySet(SlugQuerySet):
    def affiches(self):
        """Those that pages show, a region's own before those of every region."""
        return self.filter(actif=True).order_by(F("region").asc(nulls_last=True), "ordre", "slug")


class RessourceQuerySet(SlugQuerySet):
    def affichees(self):
        """Those that anybody may see, in order, with their source."""
        return self.filter(affichee=True).select_related("source").order_by("ordre", "slug")

    def avec_fiches(self):
        """Adds, in the same query, `fiches_publiques`: the public fiches on whose page each is, as dicts."""
        fiches = self.model._meta.get_field("fiches").related_model.objects.publiees().order_by("numero")
        linked = fiches.filter(ressources=OuterRef("pk"))
        return self.annotate(fiches_publiques=en_dicts(linked, "numero", "slug", "titre", "langue"))
