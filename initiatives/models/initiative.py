"""The fiche: an initiative against the sexual exploitation of minors, its porteurs, and the corrections of its text."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.search import SearchVectorField
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Func, Q
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from initiatives.core import enums
from initiatives.core.querysets import SOURCE_DU_RAPPORT, InitiativeManager, PorteurQuerySet

from .fields import CodesField, LinesField


class Initiative(models.Model):
    """A fiche. Typed fields serve the machine; the printed words stay beside them in the `*_mention` fields.

    `numero` is the primary key: permanent, public, 1 to 152 from the report, then given by the database from 153
    on and never reused. Facets are columns and small arrays, never joins (docs/decisions).
    """

    numero = models.AutoField(_("numéro"), primary_key=True)
    slug = models.SlugField(_("adresse"), max_length=80, unique=True, blank=True)
    statut = models.CharField(
        _("statut"), max_length=10, choices=enums.Statut.choices, default=enums.Statut.BROUILLON, editable=False
    )

    titre = models.CharField(_("titre"), max_length=300)
    # Titles in alphabetical order whatever their accents and capitals, and whatever the collation of the server.
    titre_tri = models.GeneratedField(
        expression=Lower(Func("titre", function="public.sans_accents", output_field=models.TextField())),
        output_field=models.TextField(),
        db_persist=True,
    )
    description = models.TextField(_("description"), blank=True)
    annee = models.PositiveSmallIntegerField(
        _("année de création"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1900), MaxValueValidator(2100)],
    )
    annee_mention = models.CharField(
        _("mention de l'année"), max_length=60, blank=True, help_text=_("Seulement sans année : « À venir ».")
    )
    stade = models.CharField(_("stade de développement"), max_length=20, choices=enums.Stade.choices)
    stade_mention = models.CharField(
        _("mention du stade"), max_length=60, blank=True, help_text=_("Seulement si elle précise le stade.")
    )
    organismes = models.ManyToManyField(
        "Organisme", through="Porteur", verbose_name=_("organismes porteurs"), related_name="initiatives"
    )
    porteur_mention = models.CharField(_("porteur, tel qu'imprimé"), max_length=300, blank=True)
    partenaires = models.TextField(_("partenaires officiels"), blank=True)
    partenaires_tronques = models.BooleanField(_("liste tronquée dans la source"), default=False)
    financement = models.CharField(_("financement"), max_length=20, choices=enums.Financement.choices, blank=True)
    financement_source = models.CharField(_("source de financement"), max_length=300, blank=True)

    clienteles = CodesField(enums.Clientele, verbose_name=_("clientèles"))
    autre_clientele_mention = models.CharField(_("autre clientèle, telle qu'imprimée"), max_length=300, blank=True)
    age_min = models.PositiveSmallIntegerField(
        _("âge minimal"), null=True, blank=True, validators=[MaxValueValidator(enums.AGE_MAX)]
    )
    age_max = models.PositiveSmallIntegerField(
        _("âge maximal"), null=True, blank=True, validators=[MaxValueValidator(enums.AGE_MAX)]
    )
    tous_ages = models.BooleanField(_("tous les âges"), default=False)
    age_mention = models.CharField(_("âge, tel qu'imprimé"), max_length=100, blank=True)
    sexe = models.CharField(_("sexe des jeunes"), max_length=20, choices=enums.Sexe.choices, blank=True)
    implications = CodesField(enums.Implication, verbose_name=_("types d'implication"))
    niveaux_risque = CodesField(enums.NiveauRisque, verbose_name=_("niveaux de risque"))

    objectifs = LinesField(verbose_name=_("objectifs"), help_text=_("Un objectif par ligne."))
    composantes = models.TextField(_("composantes essentielles"), blank=True)
    frequence = models.CharField(_("fréquence des activités"), max_length=200, blank=True)
    pour_en_savoir_plus = models.TextField(_("pour en savoir plus"), blank=True)

    types = CodesField(enums.Type, verbose_name=_("types de projet"))
    types_connus = models.BooleanField(
        _("types connus"), default=True, help_text=_("Décocher quand la source a perdu les cases cochées.")
    )
    lieu = models.CharField(_("lieu de déploiement"), max_length=20, choices=enums.Lieu.choices, blank=True)
    modalite = models.CharField(
        _("principale modalité d'intervention"), max_length=20, choices=enums.Modalite.choices, blank=True
    )
    cible = models.CharField(_("cible principale"), max_length=30, choices=enums.Cible.choices, blank=True)
    cible_mention = models.CharField(_("cible, telle qu'imprimée"), max_length=100, blank=True)
    region = models.ForeignKey(
        "Region", models.PROTECT, verbose_name=_("région administrative"), related_name="initiatives"
    )

    famille = models.CharField(
        _("famille de programme"),
        max_length=80,
        blank=True,
        help_text=_(
            "Le programme dont la fiche est une déclinaison. Les fiches d'une famille se renvoient l'une à l'autre."
        ),
    )
    langue = models.CharField(
        _("langue de la fiche"), max_length=2, choices=enums.Langue.choices, default=enums.Langue.FRANCAIS
    )
    langue_objectifs = models.CharField(
        _("langue des objectifs, si autre"), max_length=2, choices=enums.Langue.choices, blank=True
    )
    source = models.ForeignKey(
        "Source", models.PROTECT, verbose_name=_("source"), related_name="initiatives", null=True, blank=True
    )
    verifiee_le = models.DateField(_("vérifiée le"), null=True, blank=True)
    a_verifier_le = models.DateField(
        _("à vérifier avant le"),
        null=True,
        blank=True,
        help_text=_("Douze mois après la vérification, sauf avis contraire."),
    )
    creee_le = models.DateTimeField(_("créée le"), auto_now_add=True)
    # When what it tells last changed here: written by keeping/history.py alone, null until then.
    modifiee_le = models.DateTimeField(_("modifiée le"), null=True, blank=True, editable=False)
    publiee_le = models.DateTimeField(_("publiée le"), null=True, blank=True, editable=False)
    fusionnee_dans = models.ForeignKey(
        "self",
        models.PROTECT,
        verbose_name=_("fusionnée dans"),
        related_name="fusionnees",
        null=True,
        blank=True,
        editable=False,
    )
    note_interne = models.TextField(_("note interne"), blank=True, help_text=_("Jamais publique."))

    # All of these are written by a database trigger at every write, raw SQL included (migration 0002), never from here.
    recherche = SearchVectorField(_("vecteur de recherche"), null=True, editable=False)
    mots = ArrayField(models.TextField(), verbose_name=_("mots"), default=list, editable=False)
    porteurs_ids = ArrayField(
        models.BigIntegerField(), verbose_name=_("organismes porteurs"), default=list, editable=False
    )
    besoins = ArrayField(models.CharField(max_length=40), verbose_name=_("besoins"), default=list, editable=False)
    strategies = CodesField(enums.Strategie, verbose_name=_("stratégies"), editable=False)
    strategie = models.CharField(
        _("stratégie principale"), max_length=10, choices=enums.Strategie.choices, default="", editable=False
    )
    # Of each strategy, in their order: who says it.
    provenances = CodesField(enums.ProvenanceClassement, verbose_name=_("provenance des stratégies"), editable=False)
    pour_qui = CodesField(enums.PourQui, verbose_name=_("pour qui seulement"), editable=False)
    mentions = CodesField(enums.Theme, verbose_name=_("lectures du texte"), editable=False)
    rubriques = CodesField(enums.SousRubrique, verbose_name=_("sous-rubriques du rapport"), editable=False)

    objects = InitiativeManager()

    class Meta:
        verbose_name = _("initiative")
        verbose_name_plural = _("initiatives")
        ordering = ["numero"]
        permissions = [("decider_initiative", _("Peut publier, archiver et refuser"))]
        indexes = [
            GinIndex(fields=["recherche"], name="initiative_recherche"),
            GinIndex(OpClass("titre_tri", name="gin_trgm_ops"), name="initiative_titre_lettres"),
            GinIndex(fields=["types"], name="initiative_types"),
            GinIndex(fields=["clienteles"], name="initiative_clienteles"),
            GinIndex(fields=["implications"], name="initiative_implications"),
            GinIndex(fields=["porteurs_ids"], name="initiative_porteurs"),
            GinIndex(fields=["besoins"], name="initiative_besoins"),
            GinIndex(fields=["mentions"], name="initiative_mentions"),
            GinIndex(fields=["rubriques"], name="initiative_rubriques"),
            models.Index(fields=["region", "numero"], name="initiative_region", condition=Q(statut="publiee")),
            models.Index(fields=["numero"], name="initiative_publique", condition=Q(statut="publiee")),
            models.Index(fields=["famille"], name="initiative_famille", condition=~Q(famille="")),
            models.Index(fields=["titre_tri", "numero"], name="initiative_titre", condition=Q(statut="publiee")),
            models.Index(
                models.F("annee").desc(nulls_last=True),
                "numero",
                name="initiative_annee",
                condition=Q(statut="publiee"),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(age_min__isnull=True) | Q(age_max__isnull=True) | Q(age_min__lte=models.F("age_max")),
                name="ages_dans_l_ordre",
                violation_error_message=_("L'âge minimal dépasse l'âge maximal."),
            ),
            models.CheckConstraint(
                condition=Q(tous_ages=False) | Q(age_min__isnull=True, age_max__isnull=True),
                name="tous_ages_sans_bornes",
                violation_error_message=_("« Tous les âges » et des âges précis s'excluent."),
            ),
            models.CheckConstraint(
                condition=Q(annee__isnull=True) | Q(annee_mention=""),
                name="mention_sans_annee_seulement",
                violation_error_message=_("La mention de l'année ne sert que sans année."),
            ),
            models.CheckConstraint(
                condition=Q(types_connus=True) | Q(types=[]),
                name="types_inconnus_vides",
                violation_error_message=_("Des types sont cochés : ils sont donc connus."),
            ),
            models.CheckConstraint(condition=Q(types__contained_by=enums.Type.values), name="types_codes"),
            models.CheckConstraint(
                condition=Q(clienteles__contained_by=enums.Clientele.values), name="clienteles_codes"
            ),
            models.CheckConstraint(
                condition=Q(implications__contained_by=enums.Implication.values), name="implications_codes"
            ),
            models.CheckConstraint(condition=Q(stade__in=enums.Stade.values), name="stade_code"),
            models.CheckConstraint(condition=Q(statut__in=enums.Statut.values), name="statut_code"),
            models.CheckConstraint(
                condition=~Q(statut="publiee") | ~Q(slug=""),
                name="publiee_a_une_adresse",
            ),
        ]

    def __str__(self):
        return f"{self.numero}. {self.titre}" if self.numero else self.titre

    def natural_key(self):
        return (self.numero,)

    natural_key.dependencies = ["initiatives.region", "initiatives.source"]

    def get_absolute_url(self):
        return reverse("initiative", args=[self.slug])

    def clean(self):
        if self.verifiee_le and self.verifiee_le > timezone.localdate():
            raise ValidationError({"verifiee_le": _("Cette date n'est pas encore venue.")})
        if self.verifiee_le and not self.a_verifier_le:
            self.a_verifier_le = enums.a_year_after(self.verifiee_le)
        if self.autre_clientele_mention and not self.clienteles:
            raise ValidationError({"clienteles": _("La mention nomme une clientèle : cochez-la.")})

    @property
    def est_publique(self):
        return self.statut == enums.Statut.PUBLIEE

    @cached_property
    def porteurs(self):
        """The organisations that carry the initiative, in order; no query when `avec_relations()` fetched them."""
        return [lien.organisme for lien in self.liens_porteurs.all()]

    @property
    def region_nom(self):
        """The region's name without a query."""
        return enums.Regions(self.region_id).label

    @property
    def fiche_du_rapport(self):
        """The number of the fiche in its source, or None where the source has no numbered fiches."""
        return self.numero if self.source and self.source.slug == SOURCE_DU_RAPPORT else None


class Porteur(models.Model):
    """The link between a fiche and an organisation that carries it; `rang` keeps the report's order."""

    initiative = models.ForeignKey("Initiative", models.CASCADE, related_name="liens_porteurs")
    organisme = models.ForeignKey("Organisme", models.PROTECT, related_name="liens_porteurs")
    rang = models.PositiveSmallIntegerField(_("rang"), default=1)

    objects = PorteurQuerySet.as_manager()

    class Meta:
        verbose_name = _("organisme porteur")
        verbose_name_plural = _("organismes porteurs")
        ordering = ["rang", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["initiative", "organisme"], name="porteur_une_fois_par_fiche"),
        ]

    def __str__(self):
        return str(self.organisme)

    def natural_key(self):
        return (self.initiative_id, *self.organisme.natural_key())

    natural_key.dependencies = ["initiatives.initiative", "initiatives.organisme"]


class Correction(models.Model):
    """A repair of the PDF's conversion noise: what the text read before, what it reads now, and why."""

    initiative = models.ForeignKey("Initiative", models.CASCADE, related_name="corrections")
    champ = models.CharField(_("champ"), max_length=40)
    avant = models.CharField(_("avant"), max_length=200)
    apres = models.CharField(_("après"), max_length=200)
    motif = models.CharField(_("pourquoi"), max_length=200)

    class Meta:
        verbose_name = _("correction de conversion")
        verbose_name_plural = _("corrections de conversion")
        ordering = ["initiative", "pk"]

    def __str__(self):
        return f"{self.avant} → {self.apres}"
