"""What the search knows besides the fiches: everyday words, places, and the words of the collection."""

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from initiatives.core.enums import Langue, Regions
from initiatives.core.querysets import SlugQuerySet

from .fields import LinesField


class EntreeThesaurus(models.Model):
    """Words of the public that lead to words of the fiches; `deux_sens` where each leads to the other."""

    slug = models.SlugField(_("code"), max_length=80, unique=True)
    termes = LinesField(verbose_name=_("mots du public"), help_text=_("Un mot ou une expression par ligne."))
    vers = LinesField(verbose_name=_("mots des fiches"), help_text=_("Un par ligne, présents dans une fiche."))
    deux_sens = models.BooleanField(_("dans les deux sens"), default=False)
    langue = models.CharField(_("langue"), max_length=2, choices=Langue.choices, default=Langue.FRANCAIS)
    note = models.CharField(_("note"), max_length=300, blank=True)

    objects = SlugQuerySet.as_manager()

    class Meta:
        verbose_name = _("entrée du thésaurus")
        verbose_name_plural = _("thésaurus")
        ordering = ["slug"]

    def __str__(self):
        return f"{', '.join(self.termes)} → {', '.join(self.vers)}"

    def natural_key(self):
        return (self.slug,)


class Localite(models.Model):
    """A town, borough or territory, and the region of the report that it lies in."""

    slug = models.SlugField(_("code"), max_length=80, unique=True)
    nom = models.CharField(_("nom"), max_length=100)
    variantes = LinesField(verbose_name=_("autres noms"), help_text=_("Un par ligne."))
    region = models.ForeignKey("Region", models.PROTECT, verbose_name=_("région"), related_name="localites")

    objects = SlugQuerySet.as_manager()

    def clean(self):
        """A name leads to one region."""
        others = Localite.objects.exclude(pk=self.pk)
        for name, texts in (("nom", [self.nom]), ("variantes", self.variantes)):
            for text in texts:
                if found := others.filter(Q(nom__iexact=text) | Q(variantes__contains=[text])).first():
                    words = {"nom": text, "region": Regions(found.region_id).label}
                    raise ValidationError({name: gettext("« %(nom)s » mène déjà à %(region)s.") % words})

    class Meta:
        verbose_name = _("localité")
        verbose_name_plural = _("localités")
        ordering = ["nom"]

    def __str__(self):
        return f"{self.nom} ({Regions(self.region_id).label})"

    def natural_key(self):
        return (self.slug,)

    natural_key.dependencies = ["initiatives.region"]


class Combinaison(models.Model):
    """The facet values that public fiches have together, and how many have them: what counts are computed from.

    A few hundred rows whatever the number of fiches. Counted by the database at commit (migration 0002), never
    written here; its columns are those of Initiative, so that the same conditions apply to both.
    """

    empreinte = models.CharField(_("empreinte"), max_length=32, primary_key=True)
    nombre = models.IntegerField(_("nombre de fiches"))
    region = models.ForeignKey("Region", models.DO_NOTHING, related_name="+", db_constraint=False)
    types = ArrayField(models.CharField(max_length=30))
    clienteles = ArrayField(models.CharField(max_length=30))
    stade = models.CharField(max_length=20)
    implications = ArrayField(models.CharField(max_length=30))
    lieu = models.CharField(max_length=20)
    modalite = models.CharField(max_length=20)
    cible = models.CharField(max_length=30)
    sexe = models.CharField(max_length=20)
    age_min = models.PositiveSmallIntegerField(null=True)
    age_max = models.PositiveSmallIntegerField(null=True)
    tous_ages = models.BooleanField()
    porteurs_ids = ArrayField(models.BigIntegerField())
    besoins = ArrayField(models.CharField(max_length=40))
    strategies = ArrayField(models.CharField(max_length=30))
    strategie = models.CharField(max_length=10)
    pour_qui = ArrayField(models.CharField(max_length=30))
    mentions = ArrayField(models.CharField(max_length=30))
    rubriques = ArrayField(models.CharField(max_length=30))

    class Meta:
        verbose_name = _("combinaison de facettes")
        verbose_name_plural = _("combinaisons de facettes")

    def __str__(self):
        return f"{self.empreinte} : {self.nombre}"


class Mot(models.Model):
    """A word of the public fiches, unstemmed, and how many hold it. Counted at commit (migration 0002)."""

    mot = models.TextField(_("mot"), primary_key=True)
    nombre = models.IntegerField(_("nombre de fiches"))

    class Meta:
        verbose_name = _("mot de la collection")
        verbose_name_plural = _("mots de la collection")

    def __str__(self):
        return self.mot
