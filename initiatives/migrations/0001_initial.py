"""The tables; before them, the extensions and the one function that a column of theirs uses."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.text
from django.conf import settings
from django.contrib.postgres.operations import TrigramExtension, UnaccentExtension
from django.db import migrations, models

import initiatives.models.fields


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        UnaccentExtension(),
        TrigramExtension(),
        # unaccent() depends on a dictionary that could change, so PostgreSQL does not call it immutable and refuses it
        # in a generated column. Ours names the dictionary; schemas are written out so that a dump restores anywhere.
        migrations.RunSQL(
            """
            CREATE FUNCTION public.sans_accents(text) RETURNS text
            LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
            RETURN public.unaccent('public.unaccent'::regdictionary, $1);
            """,
            "DROP FUNCTION public.sans_accents(text);",
        ),
        migrations.CreateModel(
            name="EntreeThesaurus",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("slug", models.SlugField(max_length=80, unique=True, verbose_name="code")),
                (
                    "termes",
                    initiatives.models.fields.LinesField(
                        base_field=models.TextField(),
                        blank=True,
                        default=list,
                        help_text="Un mot ou une expression par ligne.",
                        size=None,
                        verbose_name="mots du public",
                    ),
                ),
                (
                    "vers",
                    initiatives.models.fields.LinesField(
                        base_field=models.TextField(),
                        blank=True,
                        default=list,
                        help_text="Un par ligne, présents dans une fiche.",
                        size=None,
                        verbose_name="mots des fiches",
                    ),
                ),
                ("deux_sens", models.BooleanField(default=False, verbose_name="dans les deux sens")),
                (
                    "langue",
                    models.CharField(
                        choices=[("fr", "français"), ("en", "anglais")],
                        default="fr",
                        max_length=2,
                        verbose_name="langue",
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=300, verbose_name="note")),
            ],
            options={
                "verbose_name": "entrée du thésaurus",
                "verbose_name_plural": "thésaurus",
                "ordering": ["slug"],
            },
        ),
        migrations.CreateModel(
            name="LigneAide",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("slug", models.SlugField(max_length=60, unique=True, verbose_name="code")),
                ("nom_fr", models.CharField(max_length=120, verbose_name="nom en français")),
                ("nom_en", models.CharField(max_length=120, verbose_name="nom en anglais")),
                ("telephone", models.CharField(blank=True, max_length=30, verbose_name="téléphone")),
                (
                    "texto",
                    models.CharField(
                        blank=True,
                        help_text="Le numéro à qui envoyer un message texte.",
                        max_length=30,
                        verbose_name="numéro pour les textos",
                    ),
                ),
                (
                    "clavardage_fr",
                    models.CharField(
                        blank=True,
                        max_length=200,
                        validators=[django.core.validators.URLValidator(schemes=["https"])],
                        verbose_name="adresse du clavardage en français",
                    ),
                ),
                (
                    "clavardage_en",
                    models.CharField(
                        blank=True,
                        max_length=200,
                        validators=[django.core.validators.URLValidator(schemes=["https"])],
                        verbose_name="adresse du clavardage en anglais",
                    ),
                ),
                (
                    "qui_repond_fr",
                    models.CharField(
                        blank=True,
                        help_text="Une phrase simple : qui répond, et ce qui se passe quand on appelle.",
                        max_length=200,
                        verbose_name="qui répond, en français",
                    ),
                ),
                ("qui_repond_en", models.CharField(blank=True, max_length=200, verbose_name="qui répond, en anglais")),
                ("heures_fr", models.CharField(blank=True, max_length=100, verbose_name="heures en français")),
                ("heures_en", models.CharField(blank=True, max_length=100, verbose_name="heures en anglais")),
                ("langues_fr", models.CharField(blank=True, max_length=100, verbose_name="langues, en français")),
                ("langues_en", models.CharField(blank=True, max_length=100, verbose_name="langues, en anglais")),
                (
                    "precisions_fr",
                    models.CharField(
                        blank=True,
                        help_text="« gratuit · anonyme et confidentiel »",
                        max_length=200,
                        verbose_name="précisions en français",
                    ),
                ),
                ("precisions_en", models.CharField(blank=True, max_length=200, verbose_name="précisions en anglais")),
                (
                    "pour",
                    initiatives.models.fields.CodesField(
                        base_field=models.CharField(
                            choices=[
                                ("jeune", "Une personne jeune"),
                                ("proche", "Un parent, un proche"),
                                ("professionnel", "Un·e professionnel·le"),
                            ],
                            max_length=30,
                        ),
                        blank=True,
                        default=list,
                        help_text="Rien de coché : pour tout le monde. Une ligne faite pour d'autres vient après celles-là.",
                        size=None,
                        verbose_name="faite pour",
                    ),
                ),
                ("ordre", models.PositiveSmallIntegerField(default=100, verbose_name="ordre")),
                ("active", models.BooleanField(default=True, verbose_name="affichée")),
                ("provenance", models.CharField(max_length=200, verbose_name="provenance")),
            ],
            options={
                "verbose_name": "ligne d'aide",
                "verbose_name_plural": "lignes d'aide",
                "ordering": ["ordre", "slug"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("clavardage_en", ""),
                            ("clavardage_fr", ""),
                            ("telephone", ""),
                            ("texto", ""),
                            _negated=True,
                        ),
                        name="ligne_joignable",
                        violation_error_message="Une ligne a un téléphone, un numéro pour les textos ou un clavardage.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Mot",
            fields=[
                ("mot", models.TextField(primary_key=True, serialize=False, verbose_name="mot")),
                ("nombre", models.IntegerField(verbose_name="nombre de fiches")),
            ],
            options={
                "verbose_name": "mot de la collection",
                "verbose_name_plural": "mots de la collection",
            },
        ),
        migrations.CreateModel(
            name="Passage",
            fields=[
                ("le", models.DateTimeField(primary_key=True, serialize=False, verbose_name="le")),
                ("empreintes", models.JSONField(default=dict, verbose_name="empreintes")),
            ],
            options={
                "verbose_name": "passage",
                "verbose_name_plural": "passages",
            },
        ),
        migrations.CreateModel(
            name="Source",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("slug", models.SlugField(max_length=80, unique=True, verbose_name="code")),
                ("titre", models.CharField(max_length=300, verbose_name="titre")),
                ("auteur", models.CharField(max_length=300, verbose_name="auteur ou organisation")),
                ("annee", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="année de publication")),
                ("isbn", models.CharField(blank=True, max_length=20, verbose_name="ISBN")),
                (
                    "collecte_debut",
                    models.DateField(blank=True, null=True, verbose_name="début de la collecte des faits"),
                ),
                ("collecte_fin", models.DateField(blank=True, null=True, verbose_name="fin de la collecte des faits")),
                ("reproduction", models.TextField(blank=True, verbose_name="conditions de reproduction")),
            ],
            options={
                "verbose_name": "source",
                "verbose_name_plural": "sources",
                "ordering": ["slug"],
            },
        ),
        migrations.CreateModel(
            name="VersionDonnees",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("numero", models.BigIntegerField(default=1, verbose_name="version")),
                ("modifiee_le", models.DateTimeField(verbose_name="modifiée le")),
            ],
            options={
                "verbose_name": "version des données",
                "verbose_name_plural": "versions des données",
            },
        ),
        migrations.CreateModel(
            name="Changement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.BigIntegerField(verbose_name="version des données")),
                ("numero", models.IntegerField(verbose_name="numéro de la fiche")),
                (
                    "nature",
                    models.CharField(
                        choices=[
                            ("publication", "Publication"),
                            ("modification", "Modification"),
                            ("retrait", "Retrait"),
                            ("fusion", "Fusion"),
                        ],
                        max_length=20,
                        verbose_name="nature",
                    ),
                ),
                (
                    "colonnes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.TextField(), default=list, size=None, verbose_name="colonnes"
                    ),
                ),
                ("vers", models.IntegerField(null=True, verbose_name="fusionnée dans")),
                ("fait_le", models.DateTimeField(verbose_name="fait le")),
            ],
            options={
                "verbose_name": "changement public",
                "verbose_name_plural": "changements publics",
                "ordering": ["version", "numero"],
                "constraints": [
                    models.UniqueConstraint(fields=("version", "numero"), name="changement_un_par_version"),
                ],
                "indexes": [
                    models.Index(fields=["numero", "-version"], name="changement_dernier"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Campagne",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("nom", models.CharField(help_text="Pour vous : « Automne ».", max_length=100, verbose_name="nom")),
                (
                    "choix",
                    models.CharField(
                        choices=[
                            ("dues", "Jamais vérifiées, ou dont la date est passée"),
                            ("jamais", "Jamais vérifiées"),
                            ("passees", "Dont la date de vérification est passée"),
                        ],
                        default="dues",
                        max_length=10,
                        verbose_name="fiches",
                    ),
                ),
                (
                    "repit",
                    models.PositiveSmallIntegerField(
                        default=60,
                        help_text="Un organisme à qui on a écrit depuis moins de jours est laissé tranquille.",
                        verbose_name="jours de répit",
                    ),
                ),
                (
                    "lancee_le",
                    models.DateTimeField(blank=True, editable=False, null=True, verbose_name="lancée le"),
                ),
                (
                    "lancee_par",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="lancée par",
                    ),
                ),
                ("en_pause", models.BooleanField(default=False, editable=False, verbose_name="en pause")),
                ("arret", models.CharField(blank=True, editable=False, max_length=60, verbose_name="arrêt")),
                ("jours", models.PositiveSmallIntegerField(default=45, verbose_name="jours de validité des liens")),
                ("creee_le", models.DateTimeField(auto_now_add=True, verbose_name="créée le")),
                (
                    "creee_par",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="créée par",
                    ),
                ),
            ],
            options={
                "verbose_name": "campagne de vérification",
                "verbose_name_plural": "campagnes de vérification",
                "ordering": ["-creee_le"],
                "permissions": [("lancer_campagne", "Peut écrire aux organismes")],
            },
        ),
        migrations.CreateModel(
            name="Import",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("nom", models.CharField(max_length=200, verbose_name="fichier")),
                ("cree_le", models.DateTimeField(auto_now_add=True, verbose_name="essayé le")),
                ("applique_le", models.DateTimeField(blank=True, null=True, verbose_name="écrit le")),
                ("lignes", models.JSONField(verbose_name="lignes")),
                (
                    "par",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="par",
                    ),
                ),
            ],
            options={
                "verbose_name": "import",
                "verbose_name_plural": "imports",
                "ordering": ["-cree_le"],
            },
        ),
        migrations.CreateModel(
            name="Initiative",
            fields=[
                ("numero", models.AutoField(primary_key=True, serialize=False, verbose_name="numéro")),
                ("slug", models.SlugField(blank=True, max_length=80, unique=True, verbose_name="adresse")),
                (
                    "statut",
                    models.CharField(
                        choices=[
                            ("brouillon", "Brouillon"),
                            ("a-relire", "À relire"),
                            ("publiee", "Publiée"),
                            ("archivee", "Archivée"),
                            ("refusee", "Refusée"),
                        ],
                        default="brouillon",
                        editable=False,
                        max_length=10,
                        verbose_name="statut",
                    ),
                ),
                ("titre", models.CharField(max_length=300, verbose_name="titre")),
                (
                    "titre_tri",
                    models.GeneratedField(
                        db_persist=True,
                        expression=django.db.models.functions.text.Lower(
                            models.Func("titre", function="public.sans_accents", output_field=models.TextField())
                        ),
                        output_field=models.TextField(),
                    ),
                ),
                ("description", models.TextField(blank=True, verbose_name="description")),
                (
                    "annee",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(1900),
                            django.core.validators.MaxValueValidator(2100),
                        ],
                        verbose_name="année de création",
                    ),
                ),
                (
                    "annee_mention",
                    models.CharField(
                        blank=True,
                        help_text="Seulement sans année : « À venir ».",
                        max_length=60,
                        verbose_name="mention de l'année",
                    ),
                ),
                (
                    "stade",
                    models.CharField(
                        choices=[
                            ("en-application", "En application"),
                            ("en-developpement", "En développement"),
                            ("en-suspens", "En suspens"),
                        ],
                        max_length=20,
                        verbose_name="stade de développement",
                    ),
                ),
                (
                    "stade_mention",
                    models.CharField(
                        blank=True,
                        help_text="Seulement si elle précise le stade.",
                        max_length=60,
                        verbose_name="mention du stade",
                    ),
                ),
                (
                    "porteur_mention",
                    models.CharField(blank=True, max_length=300, verbose_name="porteur, tel qu'imprimé"),
                ),
                ("partenaires", models.TextField(blank=True, verbose_name="partenaires officiels")),
                (
                    "partenaires_tronques",
                    models.BooleanField(default=False, verbose_name="liste tronquée dans la source"),
                ),
                (
                    "financement",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("non-finance", "Non financé"),
                            ("en-recherche", "En recherche de financement"),
                            ("finance", "Financé"),
                        ],
                        max_length=20,
                        verbose_name="financement",
                    ),
                ),
                (
                    "financement_source",
                    models.CharField(blank=True, max_length=300, verbose_name="source de financement"),
                ),
                (
                    "clienteles",
                    initiatives.models.fields.CodesField(
                        base_field=models.CharField(
                            choices=[
                                ("jeunes", "Jeunes"),
                                ("parents", "Parents"),
                                ("sante-services-sociaux", "Santé et services sociaux"),
                                ("police", "Milieux policiers"),
                                ("justice", "Milieux judiciaires"),
                                ("scolaire", "Milieux scolaires"),
                                ("communautaire", "Réseau communautaire"),
                                ("population-generale", "Population générale"),
                            ],
                            max_length=30,
                        ),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="clientèles",
                    ),
                ),
                (
                    "autre_clientele_mention",
                    models.CharField(blank=True, max_length=300, verbose_name="autre clientèle, telle qu'imprimée"),
                ),
                (
                    "age_min",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        null=True,
                        validators=[django.core.validators.MaxValueValidator(120)],
                        verbose_name="âge minimal",
                    ),
                ),
                (
                    "age_max",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        null=True,
                        validators=[django.core.validators.MaxValueValidator(120)],
                        verbose_name="âge maximal",
                    ),
                ),
                ("tous_ages", models.BooleanField(default=False, verbose_name="tous les âges")),
                ("age_mention", models.CharField(blank=True, max_length=100, verbose_name="âge, tel qu'imprimé")),
                (
                    "sexe",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("tous", "Tous les sexes"),
                            ("feminin", "Féminin"),
                            ("masculin", "Masculin"),
                            ("autre", "Autre"),
                            ("sans-objet", "Ne s'applique pas"),
                        ],
                        max_length=20,
                        verbose_name="sexe des jeunes",
                    ),
                ),
                (
                    "implications",
                    initiatives.models.fields.CodesField(
                        base_field=models.CharField(
                            choices=[
                                ("victime", "Victime"),
                                ("proxenete", "Proxénète"),
                                ("tierce-partie", "Tierce partie"),
                            ],
                            max_length=30,
                        ),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="types d'implication",
                    ),
                ),
                (
                    "niveaux_risque",
                    initiatives.models.fields.CodesField(
                        base_field=models.CharField(
                            choices=[
                                ("tous-les-jeunes", "Tous les jeunes"),
                                ("a-risque", "Jeunes à risque d'exploitation sexuelle"),
                                (
                                    "impliques",
                                    "Jeunes impliqués dans l'exploitation sexuelle, par le passé ou à l'heure actuelle",
                                ),
                            ],
                            max_length=30,
                        ),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="niveaux de risque",
                    ),
                ),
                (
                    "objectifs",
                    initiatives.models.fields.LinesField(
                        base_field=models.TextField(),
                        blank=True,
                        default=list,
                        help_text="Un objectif par ligne.",
                        size=None,
                        verbose_name="objectifs",
                    ),
                ),
                ("composantes", models.TextField(blank=True, verbose_name="composantes essentielles")),
                ("frequence", models.CharField(blank=True, max_length=200, verbose_name="fréquence des activités")),
                ("pour_en_savoir_plus", models.TextField(blank=True, verbose_name="pour en savoir plus")),
                (
                    "types",
                    initiatives.models.fields.CodesField(
                        base_field=models.CharField(
                            choices=[
                                ("outil", "Outil"),
                                ("formation", "Formation"),
                                ("sensibilisation", "Programme de sensibilisation"),
                                ("recherche", "Projet de recherche"),
                                ("concertation", "Table de concertation ou autre groupe de réflexion/stratégie"),
                                ("prevention", "Projet de prévention"),
                                ("intervention", "Projet d'intervention"),
                                ("prevention-intervention", "Projet de prévention et d'intervention"),
                                ("soutien-conseils", "Service de soutien et de conseils"),
                            ],
                            max_length=30,
                        ),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="types de projet",
                    ),
                ),
                (
                    "types_connus",
                    models.BooleanField(
                        default=True,
                        help_text="Décocher quand la source a perdu les cases cochées.",
                        verbose_name="types connus",
                    ),
                ),
                (
                    "lieu",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("communaute", "Dans la communauté"),
                            ("institutionnel", "En milieu institutionnel"),
                            ("scolaire", "En milieu scolaire"),
                            ("en-ligne", "En ligne exclusivement"),
                            ("autre", "Autre"),
                        ],
                        max_length=20,
                        verbose_name="lieu de déploiement",
                    ),
                ),
                (
                    "modalite",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("ateliers", "Ateliers"),
                            ("travail-de-rue", "Travail de rue"),
                            ("gestion-de-cas", "Gestion de cas (counseling)"),
                            ("soutien-aux-parents", "Soutien aux parents"),
                            ("activite-sociale", "Activité sociale/récréative"),
                            ("hebergement", "Hébergement"),
                            ("plateforme-web", "Plateforme/matériel web"),
                            ("mentorat", "Mentorat/pair-aidance"),
                            ("referencement", "Référencement"),
                            ("temoignages", "Témoignages de survivantes"),
                            ("autre", "Autre"),
                            ("sans-objet", "Ne s'applique pas"),
                        ],
                        max_length=20,
                        verbose_name="principale modalité d'intervention",
                    ),
                ),
                (
                    "cible",
                    models.CharField(
                        blank=True,
                        choices=[("exploitation-sexuelle", "Exploitation sexuelle"), ("autre", "Autre")],
                        max_length=30,
                        verbose_name="cible principale",
                    ),
                ),
                (
                    "cible_mention",
                    models.CharField(blank=True, max_length=100, verbose_name="cible, telle qu'imprimée"),
                ),
                (
                    "famille",
                    models.CharField(
                        blank=True,
                        help_text="Le programme dont la fiche est une déclinaison. Les fiches d'une famille se renvoient l'une à l'autre.",
                        max_length=80,
                        verbose_name="famille de programme",
                    ),
                ),
                (
                    "langue",
                    models.CharField(
                        choices=[("fr", "français"), ("en", "anglais")],
                        default="fr",
                        max_length=2,
                        verbose_name="langue de la fiche",
                    ),
                ),
                (
                    "langue_objectifs",
                    models.CharField(
                        blank=True,
                        choices=[("fr", "français"), ("en", "anglais")],
                        max_length=2,
                        verbose_name="langue des objectifs, si autre",
                    ),
                ),
                ("verifiee_le", models.DateField(blank=True, null=True, verbose_name="vérifiée le")),
                (
                    "a_verifier_le",
                    models.DateField(
                        blank=True,
                        help_text="Douze mois après la vérification, sauf avis contraire.",
                        null=True,
                        verbose_name="à vérifier avant le",
                    ),
                ),
                ("creee_le", models.DateTimeField(auto_now_add=True, verbose_name="créée le")),
                (
                    "modifiee_le",
                    models.DateTimeField(blank=True, editable=False, null=True, verbose_name="modifiée le"),
                ),
                ("publiee_le", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="publiée le")),
                (
                    "note_interne",
                    models.TextField(blank=True, help_text="Jamais publique.", verbose_name="note interne"),
                ),
                (
                    "recherche",
                    django.contrib.postgres.search.SearchVectorField(
                        editable=False, null=True, verbose_name="vecteur de recherche"
                    ),
                ),
                (
                    "mots",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.TextField(), default=list, editable=False, size=None, verbose_name="mots"
                    ),
                ),
                (
                    "porteurs_ids",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(),
                        default=list,
                        editable=False,
                        size=None,
                        verbose_name="organismes porteurs",
                    ),
                ),
                (
                    "besoins",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=40),
                        default=list,
                        editable=False,
                        size=None,
                        verbose_name="besoins",
                    ),
                ),
                (
                    "fusionnee_dans",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="fusionnees",
                        to="initiatives.initiative",
                        verbose_name="fusionnée dans",
                    ),
                ),
            ],
            options={
                "verbose_name": "initiative",
                "verbose_name_plural": "initiatives",
                "ordering": ["numero"],
                "permissions": [("decider_initiative", "Peut publier, archiver et refuser")],
            },
        ),
        migrations.CreateModel(
            name="Decision",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "ancien_statut",
                    models.CharField(
                        choices=[
                            ("brouillon", "Brouillon"),
                            ("a-relire", "À relire"),
                            ("publiee", "Publiée"),
                            ("archivee", "Archivée"),
                            ("refusee", "Refusée"),
                        ],
                        max_length=10,
                        verbose_name="ancien statut",
                    ),
                ),
                (
                    "nouveau_statut",
                    models.CharField(
                        choices=[
                            ("brouillon", "Brouillon"),
                            ("a-relire", "À relire"),
                            ("publiee", "Publiée"),
                            ("archivee", "Archivée"),
                            ("refusee", "Refusée"),
                        ],
                        max_length=10,
                        verbose_name="nouveau statut",
                    ),
                ),
                ("motif", models.TextField(verbose_name="motif")),
                ("prise_le", models.DateTimeField(auto_now_add=True, verbose_name="prise le")),
                (
                    "par",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="par",
                    ),
                ),
                (
                    "initiative",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="decisions",
                        to="initiatives.initiative",
                        verbose_name="initiative",
                    ),
                ),
            ],
            options={
                "verbose_name": "décision",
                "verbose_name_plural": "décisions",
                "ordering": ["-prise_le", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="Correction",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("champ", models.CharField(max_length=40, verbose_name="champ")),
                ("avant", models.CharField(max_length=200, verbose_name="avant")),
                ("apres", models.CharField(max_length=200, verbose_name="après")),
                ("motif", models.CharField(max_length=200, verbose_name="pourquoi")),
                (
                    "initiative",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="corrections",
                        to="initiatives.initiative",
                    ),
                ),
            ],
            options={
                "verbose_name": "correction de conversion",
                "verbose_name_plural": "corrections de conversion",
                "ordering": ["initiative", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Organisme",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "slug",
                    models.SlugField(
                        help_text="Permanente une fois publique.", max_length=80, unique=True, verbose_name="adresse"
                    ),
                ),
                ("nom", models.CharField(max_length=200, verbose_name="nom")),
                ("sigle", models.CharField(blank=True, max_length=30, verbose_name="sigle")),
                ("nom_court", models.CharField(blank=True, max_length=60, verbose_name="nom court")),
                (
                    "categorie",
                    models.CharField(
                        choices=[
                            ("cisss-ciusss", "CISSS ou CIUSSS"),
                            ("police", "Service de police"),
                            ("calacs", "CALACS"),
                            ("cavac", "CAVAC"),
                            ("communautaire", "Organisme communautaire"),
                            ("concertation", "Table ou comité de concertation"),
                            ("regroupement", "Regroupement d'organismes"),
                            ("fondation", "Fondation"),
                            ("universite", "Université"),
                            ("gouvernement", "Ministère ou régie publique"),
                            ("autre", "Autre"),
                        ],
                        max_length=20,
                        verbose_name="catégorie",
                    ),
                ),
                (
                    "variantes",
                    initiatives.models.fields.LinesField(
                        base_field=models.TextField(),
                        blank=True,
                        default=list,
                        help_text="Une par ligne, telles qu'imprimées.",
                        size=None,
                        verbose_name="autres graphies",
                    ),
                ),
                (
                    "note_interne",
                    models.TextField(blank=True, help_text="Jamais publique.", verbose_name="note interne"),
                ),
                (
                    "fait_partie_de",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="directions",
                        to="initiatives.organisme",
                        verbose_name="fait partie de",
                    ),
                ),
                ("modifie_le", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="modifié le")),
                (
                    "fusionne_dans",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="fusionnes",
                        to="initiatives.organisme",
                        verbose_name="fusionné dans",
                    ),
                ),
            ],
            options={
                "verbose_name": "organisme",
                "verbose_name_plural": "organismes",
                "ordering": ["nom"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("fusionne_dans", None),
                            models.Q(("fusionne_dans", models.F("pk")), _negated=True),
                            _connector="OR",
                        ),
                        name="organisme_pas_dans_lui_meme",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Desabonnement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "courriel",
                    models.EmailField(
                        blank=True,
                        help_text="On n'écrit plus à cette adresse, quel que soit l'organisme.",
                        max_length=254,
                        verbose_name="courriel",
                    ),
                ),
                ("demande_le", models.DateTimeField(auto_now_add=True, verbose_name="demandé le")),
                (
                    "organisme",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="initiatives.organisme",
                        verbose_name="organisme",
                    ),
                ),
            ],
            options={
                "verbose_name": "désabonnement",
                "verbose_name_plural": "désabonnements",
            },
        ),
        migrations.CreateModel(
            name="Porteur",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("rang", models.PositiveSmallIntegerField(default=1, verbose_name="rang")),
                (
                    "initiative",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="liens_porteurs",
                        to="initiatives.initiative",
                    ),
                ),
                (
                    "organisme",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="liens_porteurs",
                        to="initiatives.organisme",
                    ),
                ),
            ],
            options={
                "verbose_name": "organisme porteur",
                "verbose_name_plural": "organismes porteurs",
                "ordering": ["rang", "pk"],
            },
        ),
        migrations.AddField(
            model_name="initiative",
            name="organismes",
            field=models.ManyToManyField(
                related_name="initiatives",
                through="initiatives.Porteur",
                to="initiatives.organisme",
                verbose_name="organismes porteurs",
            ),
        ),
        migrations.CreateModel(
            name="Proposition",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "etat",
                    models.CharField(
                        choices=[
                            ("recue", "Reçue"),
                            ("retenue", "Retenue"),
                            ("ecartee", "Écartée"),
                            ("retiree", "Retirée par l'organisme"),
                        ],
                        default="recue",
                        editable=False,
                        max_length=10,
                        verbose_name="état",
                    ),
                ),
                ("jeton", models.CharField(editable=False, max_length=40, unique=True, verbose_name="jeton")),
                ("nom_expediteur", models.CharField(blank=True, max_length=100, verbose_name="nom de l'expéditeur")),
                (
                    "courriel_expediteur",
                    models.EmailField(blank=True, max_length=254, verbose_name="courriel de l'expéditeur"),
                ),
                ("recue_le", models.DateTimeField(auto_now_add=True, verbose_name="reçue le")),
                ("decidee_le", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="décidée le")),
                ("motif", models.TextField(blank=True, verbose_name="motif")),
                (
                    "contact_efface_le",
                    models.DateTimeField(blank=True, editable=False, null=True, verbose_name="coordonnées effacées le"),
                ),
                (
                    "repondu_le",
                    models.DateTimeField(blank=True, editable=False, null=True, verbose_name="réponse faite le"),
                ),
                (
                    "repondu_par",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="réponse faite par",
                    ),
                ),
                (
                    "provenance",
                    models.CharField(
                        choices=[("formulaire", "Formulaire public"), ("verification", "Campagne de vérification")],
                        default="formulaire",
                        max_length=12,
                        verbose_name="provenance",
                    ),
                ),
                ("reponses", models.JSONField(verbose_name="réponses")),
                ("autres_initiatives", models.TextField(blank=True, verbose_name="autres initiatives")),
                (
                    "decidee_par",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="décidée par",
                    ),
                ),
                (
                    "initiative",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="propositions",
                        to="initiatives.initiative",
                        verbose_name="fiche",
                    ),
                ),
            ],
            options={
                "verbose_name": "proposition",
                "verbose_name_plural": "propositions",
                "ordering": ["-recue_le"],
                "permissions": [("voir_expediteur", "Peut voir qui a envoyé")],
            },
        ),
        migrations.CreateModel(
            name="Region",
            fields=[
                (
                    "slug",
                    models.SlugField(
                        choices=[
                            ("bas-saint-laurent", "Bas-Saint-Laurent"),
                            ("saguenay-lac-saint-jean", "Saguenay-Lac-Saint-Jean"),
                            ("capitale-nationale", "Capitale-Nationale"),
                            ("mauricie-centre-du-quebec", "Mauricie-Centre-du-Québec"),
                            ("estrie", "Estrie"),
                            ("montreal", "Montréal"),
                            ("outaouais", "Outaouais"),
                            ("abitibi-temiscamingue", "Abitibi-Témiscamingue"),
                            ("cote-nord", "Côte-Nord"),
                            ("nord-du-quebec", "Nord-du-Québec"),
                            ("gaspesie", "Gaspésie"),
                            ("chaudiere-appalaches", "Chaudière-Appalaches"),
                            ("laval", "Laval"),
                            ("lanaudiere", "Lanaudière"),
                            ("laurentides", "Laurentides"),
                            ("monteregie", "Montérégie"),
                        ],
                        max_length=30,
                        primary_key=True,
                        serialize=False,
                        verbose_name="code",
                    ),
                ),
                ("ordre", models.PositiveSmallIntegerField(unique=True, verbose_name="rang dans le rapport")),
                (
                    "voisines",
                    models.ManyToManyField(blank=True, to="initiatives.region", verbose_name="régions voisines"),
                ),
            ],
            options={
                "verbose_name": "région",
                "verbose_name_plural": "régions",
                "ordering": ["ordre"],
            },
        ),
        migrations.AddField(
            model_name="organisme",
            name="region",
            field=models.ForeignKey(
                blank=True,
                help_text="Vide pour une organisation de tout le Québec.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="organismes",
                to="initiatives.region",
                verbose_name="région",
            ),
        ),
        migrations.CreateModel(
            name="Localite",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("slug", models.SlugField(max_length=80, unique=True, verbose_name="code")),
                ("nom", models.CharField(max_length=100, verbose_name="nom")),
                (
                    "variantes",
                    initiatives.models.fields.LinesField(
                        base_field=models.TextField(),
                        blank=True,
                        default=list,
                        help_text="Un par ligne.",
                        size=None,
                        verbose_name="autres noms",
                    ),
                ),
                (
                    "region",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="localites",
                        to="initiatives.region",
                        verbose_name="région",
                    ),
                ),
            ],
            options={
                "verbose_name": "localité",
                "verbose_name_plural": "localités",
                "ordering": ["nom"],
            },
        ),
        migrations.AddField(
            model_name="initiative",
            name="region",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="initiatives",
                to="initiatives.region",
                verbose_name="région administrative",
            ),
        ),
        migrations.CreateModel(
            name="Combinaison",
            fields=[
                (
                    "empreinte",
                    models.CharField(max_length=32, primary_key=True, serialize=False, verbose_name="empreinte"),
                ),
                ("nombre", models.IntegerField(verbose_name="nombre de fiches")),
                (
                    "types",
                    django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=30), size=None),
                ),
                (
                    "clienteles",
                    django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=30), size=None),
                ),
                ("stade", models.CharField(max_length=20)),
                (
                    "implications",
                    django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=30), size=None),
                ),
                ("lieu", models.CharField(max_length=20)),
                ("modalite", models.CharField(max_length=20)),
                ("cible", models.CharField(max_length=30)),
                ("sexe", models.CharField(max_length=20)),
                ("age_min", models.PositiveSmallIntegerField(null=True)),
                ("age_max", models.PositiveSmallIntegerField(null=True)),
                ("tous_ages", models.BooleanField()),
                (
                    "porteurs_ids",
                    django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None),
                ),
                (
                    "besoins",
                    django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), size=None),
                ),
                (
                    "strategies",
                    django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=30), size=None),
                ),
                ("strategie", models.CharField(max_length=10)),
                (
                    "pour_qui",
                    django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=30), size=None),
                ),
                (
                    "mentions",
                    django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=30), size=None),
                ),
                (
                    "rubriques",
                    django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=30), size=None),
                ),
                (
                    "region",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="initiatives.region",
                    ),
                ),
            ],
            options={
                "verbose_name": "combinaison de facettes",
                "verbose_name_plural": "combinaisons de facettes",
            },
        ),
        migrations.CreateModel(
            name="Signalement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "etat",
                    models.CharField(
                        choices=[
                            ("recue", "Reçue"),
                            ("retenue", "Retenue"),
                            ("ecartee", "Écartée"),
                            ("retiree", "Retirée par l'organisme"),
                        ],
                        default="recue",
                        editable=False,
                        max_length=10,
                        verbose_name="état",
                    ),
                ),
                ("jeton", models.CharField(editable=False, max_length=40, unique=True, verbose_name="jeton")),
                ("nom_expediteur", models.CharField(blank=True, max_length=100, verbose_name="nom de l'expéditeur")),
                (
                    "courriel_expediteur",
                    models.EmailField(blank=True, max_length=254, verbose_name="courriel de l'expéditeur"),
                ),
                ("recue_le", models.DateTimeField(auto_now_add=True, verbose_name="reçue le")),
                ("decidee_le", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="décidée le")),
                ("motif", models.TextField(blank=True, verbose_name="motif")),
                (
                    "contact_efface_le",
                    models.DateTimeField(blank=True, editable=False, null=True, verbose_name="coordonnées effacées le"),
                ),
                (
                    "repondu_le",
                    models.DateTimeField(blank=True, editable=False, null=True, verbose_name="réponse faite le"),
                ),
                (
                    "repondu_par",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="réponse faite par",
                    ),
                ),
                ("page", models.CharField(blank=True, max_length=300, verbose_name="page du site")),
                (
                    "raisons",
                    initiatives.models.fields.CodesField(
                        base_field=models.CharField(
                            choices=[
                                ("coordonnees", "Les coordonnées"),
                                ("suspendue", "L'initiative est suspendue"),
                                ("clientele", "Les personnes acceptées"),
                                ("territoire", "Le territoire"),
                                ("n-existe-plus", "L'initiative n'existe plus"),
                                ("autre", "Autre chose"),
                            ],
                            max_length=30,
                        ),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="raisons",
                    ),
                ),
                ("texte", models.TextField(blank=True, verbose_name="texte")),
                (
                    "decidee_par",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="décidée par",
                    ),
                ),
                (
                    "initiative",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="signalements",
                        to="initiatives.initiative",
                        verbose_name="fiche",
                    ),
                ),
            ],
            options={
                "verbose_name": "signalement",
                "verbose_name_plural": "signalements",
                "ordering": ["-recue_le"],
            },
        ),
        migrations.CreateModel(
            name="Sondage",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("nom", models.CharField(max_length=200, verbose_name="nom imprimé")),
                (
                    "issue",
                    models.PositiveSmallIntegerField(
                        choices=[
                            (1, "Sondé"),
                            (2, "Contacté, mais non disponible"),
                            (3, "Absence de retour après plusieurs relances"),
                            (4, "Rien à recenser"),
                        ],
                        verbose_name="issue",
                    ),
                ),
                ("remarque", models.CharField(blank=True, max_length=300, verbose_name="remarque")),
                ("rang", models.PositiveSmallIntegerField(unique=True, verbose_name="rang dans l'Annexe A")),
                (
                    "organisme",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sondages",
                        to="initiatives.organisme",
                        verbose_name="organisme",
                    ),
                ),
                (
                    "region",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sondages",
                        to="initiatives.region",
                        verbose_name="région",
                    ),
                ),
            ],
            options={
                "verbose_name": "milieu approché (Annexe A)",
                "verbose_name_plural": "milieux approchés (Annexe A)",
                "ordering": ["rang"],
            },
        ),
        migrations.AddField(
            model_name="initiative",
            name="source",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="initiatives",
                to="initiatives.source",
                verbose_name="source",
            ),
        ),
        migrations.CreateModel(
            name="PointEntree",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("slug", models.SlugField(max_length=60, unique=True, verbose_name="code")),
                ("nom_fr", models.CharField(max_length=120, verbose_name="nom en français")),
                ("nom_en", models.CharField(max_length=120, verbose_name="nom en anglais")),
                ("telephone", models.CharField(max_length=30, verbose_name="téléphone")),
                (
                    "note_fr",
                    models.CharField(
                        blank=True,
                        help_text="Une phrase simple : ce qu'on peut y demander.",
                        max_length=200,
                        verbose_name="note en français",
                    ),
                ),
                ("note_en", models.CharField(blank=True, max_length=200, verbose_name="note en anglais")),
                (
                    "ordre",
                    models.PositiveSmallIntegerField(
                        default=100,
                        help_text="Le premier est celui que les fiches disent d'appeler.",
                        verbose_name="ordre",
                    ),
                ),
                ("actif", models.BooleanField(default=True, verbose_name="affiché")),
                ("provenance", models.CharField(max_length=200, verbose_name="provenance")),
                (
                    "region",
                    models.ForeignKey(
                        blank=True,
                        help_text="Vide : dans toutes les régions. Ceux de la région viennent d'abord.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="points_entree",
                        to="initiatives.region",
                        verbose_name="région",
                    ),
                ),
            ],
            options={
                "verbose_name": "point d'entrée",
                "verbose_name_plural": "points d'entrée",
                "ordering": ["ordre", "slug"],
            },
        ),
        migrations.CreateModel(
            name="Texte",
            fields=[
                ("code", models.CharField(max_length=60, primary_key=True, serialize=False, verbose_name="code")),
                ("texte_fr", models.TextField(blank=True, verbose_name="texte français")),
                ("texte_en", models.TextField(blank=True, verbose_name="texte anglais")),
            ],
            options={
                "verbose_name": "texte",
                "verbose_name_plural": "textes",
                "ordering": ["code"],
            },
        ),
        migrations.CreateModel(
            name="Ressource",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("slug", models.SlugField(max_length=60, unique=True, verbose_name="code")),
                (
                    "langue",
                    models.CharField(
                        choices=[("fr", "français"), ("en", "anglais")],
                        default="fr",
                        max_length=2,
                        verbose_name="langue du document",
                    ),
                ),
                (
                    "titre_fr",
                    models.CharField(
                        blank=True,
                        help_text="Dans la langue du document, le titre imprimé; dans l'autre, notre traduction, ou rien.",
                        max_length=250,
                        verbose_name="titre en français",
                    ),
                ),
                ("titre_en", models.CharField(blank=True, max_length=250, verbose_name="titre en anglais")),
                (
                    "genre",
                    models.CharField(
                        choices=[
                            ("outil", "Guide ou outil"),
                            ("capsule", "Capsule"),
                            ("bulletin", "Bulletin, actes de colloque"),
                            ("repertoire", "Répertoire"),
                            ("financement", "Programme de financement"),
                            ("projet", "Projet ou réseau"),
                            ("recherche", "Recherche, rapport ou avis"),
                            ("cadre", "Stratégie, convention, organisation des services"),
                            ("autre", "Autre chose"),
                        ],
                        max_length=20,
                        verbose_name="genre",
                    ),
                ),
                (
                    "pour",
                    initiatives.models.fields.CodesField(
                        base_field=models.CharField(
                            choices=[
                                ("jeunes", "Jeunes"),
                                ("proches", "Parents et proches"),
                                ("intervenants", "Personnes qui interviennent"),
                                ("organismes", "Organismes qui montent un projet"),
                                ("analyse", "Recherche, ministères et médias"),
                            ],
                            max_length=30,
                        ),
                        blank=True,
                        default=list,
                        help_text="Rien de coché : pour tout le monde. La page la range sous le premier coché.",
                        size=None,
                        verbose_name="pour qui",
                    ),
                ),
                ("auteur", models.CharField(blank=True, max_length=200, verbose_name="auteur ou organisation")),
                (
                    "annee",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(1900),
                            django.core.validators.MaxValueValidator(2100),
                        ],
                        verbose_name="année",
                    ),
                ),
                (
                    "quoi_fr",
                    models.TextField(
                        blank=True,
                        help_text="Dans vos mots : rien ne se copie.",
                        max_length=1200,
                        verbose_name="ce que c'est, en français",
                    ),
                ),
                ("quoi_en", models.TextField(blank=True, max_length=1200, verbose_name="ce que c'est, en anglais")),
                (
                    "lien",
                    models.CharField(
                        blank=True,
                        help_text="Seulement une adresse imprimée intacte dans la source, ou essayée.",
                        max_length=500,
                        validators=[django.core.validators.URLValidator(schemes=["http", "https"])],
                        verbose_name="adresse",
                    ),
                ),
                (
                    "verifiee_le",
                    models.DateField(
                        blank=True,
                        help_text="Le jour où quelqu'un a ouvert l'adresse, et vu que c'est ça.",
                        null=True,
                        verbose_name="essayée le",
                    ),
                ),
                (
                    "endroit",
                    models.CharField(
                        blank=True,
                        help_text="« p. 19 », « note 26 »",
                        max_length=60,
                        verbose_name="endroit dans la source",
                    ),
                ),
                ("note_interne", models.TextField(blank=True, verbose_name="note interne")),
                ("ordre", models.PositiveSmallIntegerField(default=100, verbose_name="ordre")),
                ("affichee", models.BooleanField(default=True, verbose_name="affichée")),
                (
                    "fiches",
                    models.ManyToManyField(
                        blank=True,
                        help_text="La ressource paraît aussi sur leur page.",
                        related_name="ressources",
                        to="initiatives.initiative",
                        verbose_name="fiches",
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="ressources",
                        to="initiatives.source",
                        verbose_name="source",
                    ),
                ),
            ],
            options={
                "verbose_name": "ressource",
                "verbose_name_plural": "ressources",
                "ordering": ["ordre", "slug"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("langue", "fr"), models.Q(("titre_fr", ""), _negated=True)),
                            models.Q(("langue", "en"), models.Q(("titre_en", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="ressource_titree",
                        violation_error_message="Il manque le titre imprimé, dans la langue du document.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Version",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("rang", models.PositiveIntegerField(verbose_name="version")),
                ("etat", models.JSONField(verbose_name="état")),
                (
                    "nature",
                    models.CharField(
                        choices=[
                            ("reprise", "Reprise de la source"),
                            ("creation", "Création"),
                            ("modification", "Modification"),
                            ("decision", "Décision"),
                            ("verification", "Vérification"),
                            ("restauration", "Restauration"),
                            ("import", "Import d'un tableur"),
                            ("fusion", "Fusion"),
                            ("hors-atelier", "Changement fait hors de l'atelier"),
                        ],
                        max_length=20,
                        verbose_name="nature",
                    ),
                ),
                ("motif", models.TextField(blank=True, verbose_name="motif")),
                ("faite_le", models.DateTimeField(auto_now_add=True, verbose_name="faite le")),
                (
                    "initiative",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="versions",
                        to="initiatives.initiative",
                        verbose_name="initiative",
                    ),
                ),
                (
                    "organisme",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="versions",
                        to="initiatives.organisme",
                        verbose_name="organisme",
                    ),
                ),
                (
                    "par",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="par",
                    ),
                ),
                (
                    "texte",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="versions",
                        to="initiatives.texte",
                        verbose_name="texte",
                    ),
                ),
                (
                    "ligneaide",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="versions",
                        to="initiatives.ligneaide",
                        verbose_name="ligne d'aide",
                    ),
                ),
                (
                    "pointentree",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="versions",
                        to="initiatives.pointentree",
                        verbose_name="point d'entrée",
                    ),
                ),
                (
                    "ressource",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="versions",
                        to="initiatives.ressource",
                        verbose_name="ressource",
                    ),
                ),
            ],
            options={
                "verbose_name": "version",
                "verbose_name_plural": "versions",
                "ordering": ["-rang"],
            },
        ),
        migrations.CreateModel(
            name="Envoi",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("courriel", models.EmailField(blank=True, max_length=254, verbose_name="courriel")),
                ("note_appel", models.CharField(blank=True, max_length=200, verbose_name="note d'appel")),
                ("tente_le", models.DateTimeField(blank=True, null=True, verbose_name="tenté le")),
                ("essaye_le", models.DateTimeField(blank=True, null=True, verbose_name="essayé le")),
                ("essais", models.PositiveSmallIntegerField(default=0, verbose_name="essais")),
                (
                    "echec",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("adresse", "l'adresse est refusée"),
                            ("message", "le courriel est refusé"),
                            ("mal-ecrite", "l'adresse est mal écrite"),
                            ("rien", "ses fiches ne sont plus publiques"),
                            ("autre", "le serveur a refusé"),
                        ],
                        max_length=12,
                        verbose_name="échec",
                    ),
                ),
                (
                    "code_smtp",
                    models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="réponse du serveur"),
                ),
                ("pas_avant", models.DateTimeField(blank=True, null=True, verbose_name="pas avant")),
                (
                    "relance_demandee_le",
                    models.DateTimeField(blank=True, null=True, verbose_name="relance demandée le"),
                ),
                ("envoye_le", models.DateTimeField(blank=True, null=True, verbose_name="envoyé le")),
                ("relance_le", models.DateTimeField(blank=True, null=True, verbose_name="relancé le")),
                ("repondu_le", models.DateTimeField(blank=True, null=True, verbose_name="répondu le")),
                (
                    "campagne",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="envois",
                        to="initiatives.campagne",
                        verbose_name="campagne",
                    ),
                ),
                (
                    "initiatives",
                    models.ManyToManyField(related_name="envois", to="initiatives.initiative", verbose_name="fiches"),
                ),
                (
                    "organisme",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="initiatives.organisme",
                        verbose_name="organisme",
                    ),
                ),
            ],
            options={
                "verbose_name": "envoi",
                "verbose_name_plural": "envois",
                "ordering": ["organisme__nom"],
                "constraints": [
                    models.UniqueConstraint(fields=("campagne", "organisme"), name="un_envoi_par_organisme")
                ],
            },
        ),
        migrations.AddField(
            model_name="campagne",
            name="region",
            field=models.ForeignKey(
                blank=True,
                help_text="Vide : tout le Québec.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="initiatives.region",
                verbose_name="région",
            ),
        ),
        migrations.CreateModel(
            name="Contact",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "nature",
                    models.CharField(
                        choices=[
                            ("telephone", "Téléphone"),
                            ("courriel", "Courriel"),
                            ("site-web", "Site web"),
                            ("adresse", "Adresse"),
                            ("municipalite", "Municipalité"),
                        ],
                        max_length=20,
                        verbose_name="nature",
                    ),
                ),
                ("valeur", models.CharField(max_length=300, verbose_name="valeur")),
                ("precision", models.CharField(blank=True, max_length=200, verbose_name="précision")),
                (
                    "visibilite",
                    models.CharField(
                        choices=[
                            ("publique", "Publique"),
                            ("intervenants", "À dire aux intervenants seulement"),
                            ("editeurs", "Réservée à l'équipe éditoriale"),
                        ],
                        default="editeurs",
                        max_length=20,
                        verbose_name="visibilité",
                    ),
                ),
                (
                    "initiative",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="contacts",
                        to="initiatives.initiative",
                        verbose_name="initiative",
                    ),
                ),
                (
                    "organisme",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="contacts",
                        to="initiatives.organisme",
                        verbose_name="organisme",
                    ),
                ),
            ],
            options={
                "verbose_name": "contact",
                "verbose_name_plural": "contacts",
                "ordering": ["nature", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("initiative__isnull", False), ("organisme__isnull", False), _connector="XOR"
                        ),
                        name="contact_a_un_seul_titulaire",
                        violation_error_message="Un contact appartient à une initiative ou à un organisme, pas aux deux.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="PaireEcartee",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("le", models.DateTimeField(auto_now_add=True, verbose_name="le")),
                (
                    "par",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="par",
                    ),
                ),
                (
                    "premiere",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="initiatives.initiative"
                    ),
                ),
                (
                    "seconde",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="initiatives.initiative"
                    ),
                ),
            ],
            options={
                "verbose_name": "paire écartée",
                "verbose_name_plural": "paires écartées",
                "constraints": [models.UniqueConstraint(fields=("premiere", "seconde"), name="paire_une_fois")],
            },
        ),
        migrations.CreateModel(
            name="FusionFiches",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("motif", models.TextField(verbose_name="motif")),
                ("deplace", models.JSONField(verbose_name="ce qui a été déplacé")),
                ("faite_le", models.DateTimeField(auto_now_add=True, verbose_name="faite le")),
                ("defaite_le", models.DateTimeField(blank=True, null=True, verbose_name="défaite le")),
                (
                    "autre",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="initiatives.initiative",
                        verbose_name="l'autre",
                    ),
                ),
                (
                    "defaite_par",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="défaite par",
                    ),
                ),
                (
                    "garde",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="initiatives.initiative",
                        verbose_name="celle qui reste",
                    ),
                ),
                (
                    "par",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="par",
                    ),
                ),
            ],
            options={
                "verbose_name": "fusion de fiches",
                "verbose_name_plural": "fusions de fiches",
                "ordering": ["-faite_le", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="FusionOrganismes",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("motif", models.TextField(verbose_name="motif")),
                ("deplace", models.JSONField(verbose_name="ce qui a été déplacé")),
                ("faite_le", models.DateTimeField(auto_now_add=True, verbose_name="faite le")),
                ("defaite_le", models.DateTimeField(blank=True, null=True, verbose_name="défaite le")),
                (
                    "autre",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="initiatives.organisme",
                        verbose_name="l'autre",
                    ),
                ),
                (
                    "defaite_par",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="défaite par",
                    ),
                ),
                (
                    "garde",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="initiatives.organisme",
                        verbose_name="celui qui reste",
                    ),
                ),
                (
                    "par",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="par",
                    ),
                ),
            ],
            options={
                "verbose_name": "fusion d'organismes",
                "verbose_name_plural": "fusions d'organismes",
                "ordering": ["-faite_le", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="PaireOrganismes",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("le", models.DateTimeField(auto_now_add=True, verbose_name="le")),
                (
                    "par",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="par",
                    ),
                ),
                (
                    "premier",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="initiatives.organisme",
                    ),
                ),
                (
                    "second",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="initiatives.organisme",
                    ),
                ),
            ],
            options={
                "verbose_name": "paire d'organismes écartée",
                "verbose_name_plural": "paires d'organismes écartées",
                "constraints": [
                    models.UniqueConstraint(fields=("premier", "second"), name="paire_d_organismes_une_fois")
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="porteur",
            constraint=models.UniqueConstraint(fields=("initiative", "organisme"), name="porteur_une_fois_par_fiche"),
        ),
        migrations.AddConstraint(
            model_name="region",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "slug__in",
                        [
                            "bas-saint-laurent",
                            "saguenay-lac-saint-jean",
                            "capitale-nationale",
                            "mauricie-centre-du-quebec",
                            "estrie",
                            "montreal",
                            "outaouais",
                            "abitibi-temiscamingue",
                            "cote-nord",
                            "nord-du-quebec",
                            "gaspesie",
                            "chaudiere-appalaches",
                            "laval",
                            "lanaudiere",
                            "laurentides",
                            "monteregie",
                        ],
                    )
                ),
                name="region_connue",
            ),
        ),
        migrations.AddConstraint(
            model_name="sondage",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("issue", 1), _negated=True),
                    models.Q(("organisme__isnull", False), ("region__isnull", False)),
                    _connector="OR",
                ),
                name="sonde_a_organisme_et_region",
                violation_error_message="Un milieu sondé a une région et un organisme : ils sont publics.",
            ),
        ),
        migrations.AddIndex(
            model_name="initiative",
            index=django.contrib.postgres.indexes.GinIndex(fields=["recherche"], name="initiative_recherche"),
        ),
        migrations.AddIndex(
            model_name="initiative",
            index=django.contrib.postgres.indexes.GinIndex(
                django.contrib.postgres.indexes.OpClass("titre_tri", name="gin_trgm_ops"),
                name="initiative_titre_lettres",
            ),
        ),
        migrations.AddIndex(
            model_name="initiative",
            index=django.contrib.postgres.indexes.GinIndex(fields=["types"], name="initiative_types"),
        ),
        migrations.AddIndex(
            model_name="initiative",
            index=django.contrib.postgres.indexes.GinIndex(fields=["clienteles"], name="initiative_clienteles"),
        ),
        migrations.AddIndex(
            model_name="initiative",
            index=django.contrib.postgres.indexes.GinIndex(fields=["implications"], name="initiative_implications"),
        ),
        migrations.AddIndex(
            model_name="initiative",
            index=django.contrib.postgres.indexes.GinIndex(fields=["porteurs_ids"], name="initiative_porteurs"),
        ),
        migrations.AddIndex(
            model_name="initiative",
            index=django.contrib.postgres.indexes.GinIndex(fields=["besoins"], name="initiative_besoins"),
        ),
        migrations.AddIndex(
            model_name="initiative",
            index=models.Index(
                condition=models.Q(("statut", "publiee")), fields=["region", "numero"], name="initiative_region"
            ),
        ),
        migrations.AddIndex(
            model_name="initiative",
            index=models.Index(
                condition=models.Q(("statut", "publiee")), fields=["numero"], name="initiative_publique"
            ),
        ),
        migrations.AddIndex(
            model_name="initiative",
            index=models.Index(
                condition=models.Q(("famille", ""), _negated=True), fields=["famille"], name="initiative_famille"
            ),
        ),
        migrations.AddIndex(
            model_name="initiative",
            index=models.Index(
                condition=models.Q(("statut", "publiee")), fields=["titre_tri", "numero"], name="initiative_titre"
            ),
        ),
        migrations.AddIndex(
            model_name="initiative",
            index=models.Index(
                models.OrderBy(models.F("annee"), descending=True, nulls_last=True),
                models.F("numero"),
                condition=models.Q(("statut", "publiee")),
                name="initiative_annee",
            ),
        ),
        migrations.AddConstraint(
            model_name="initiative",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("age_min__isnull", True),
                    ("age_max__isnull", True),
                    ("age_min__lte", models.F("age_max")),
                    _connector="OR",
                ),
                name="ages_dans_l_ordre",
                violation_error_message="L'âge minimal dépasse l'âge maximal.",
            ),
        ),
        migrations.AddConstraint(
            model_name="initiative",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("tous_ages", False),
                    models.Q(("age_max__isnull", True), ("age_min__isnull", True)),
                    _connector="OR",
                ),
                name="tous_ages_sans_bornes",
                violation_error_message="« Tous les âges » et des âges précis s'excluent.",
            ),
        ),
        migrations.AddConstraint(
            model_name="initiative",
            constraint=models.CheckConstraint(
                condition=models.Q(("annee__isnull", True), ("annee_mention", ""), _connector="OR"),
                name="mention_sans_annee_seulement",
                violation_error_message="La mention de l'année ne sert que sans année.",
            ),
        ),
        migrations.AddConstraint(
            model_name="initiative",
            constraint=models.CheckConstraint(
                condition=models.Q(("types_connus", True), ("types", []), _connector="OR"),
                name="types_inconnus_vides",
                violation_error_message="Des types sont cochés : ils sont donc connus.",
            ),
        ),
        migrations.AddConstraint(
            model_name="initiative",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "types__contained_by",
                        [
                            "outil",
                            "formation",
                            "sensibilisation",
                            "recherche",
                            "concertation",
                            "prevention",
                            "intervention",
                            "prevention-intervention",
                            "soutien-conseils",
                        ],
                    )
                ),
                name="types_codes",
            ),
        ),
        migrations.AddConstraint(
            model_name="initiative",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "clienteles__contained_by",
                        [
                            "jeunes",
                            "parents",
                            "sante-services-sociaux",
                            "police",
                            "justice",
                            "scolaire",
                            "communautaire",
                            "population-generale",
                        ],
                    )
                ),
                name="clienteles_codes",
            ),
        ),
        migrations.AddConstraint(
            model_name="initiative",
            constraint=models.CheckConstraint(
                condition=models.Q(("implications__contained_by", ["victime", "proxenete", "tierce-partie"])),
                name="implications_codes",
            ),
        ),
        migrations.AddConstraint(
            model_name="initiative",
            constraint=models.CheckConstraint(
                condition=models.Q(("stade__in", ["en-application", "en-developpement", "en-suspens"])),
                name="stade_code",
            ),
        ),
        migrations.AddConstraint(
            model_name="initiative",
            constraint=models.CheckConstraint(
                condition=models.Q(("statut__in", ["brouillon", "a-relire", "publiee", "archivee", "refusee"])),
                name="statut_code",
            ),
        ),
        migrations.AddConstraint(
            model_name="initiative",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("statut", "publiee"), _negated=True),
                    models.Q(("slug", ""), _negated=True),
                    _connector="OR",
                ),
                name="publiee_a_une_adresse",
            ),
        ),
        migrations.AddConstraint(
            model_name="version",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("initiative__isnull", False),
                        ("ligneaide", None),
                        ("organisme", None),
                        ("pointentree", None),
                        ("ressource", None),
                        ("texte", None),
                    ),
                    models.Q(
                        ("initiative", None),
                        ("ligneaide", None),
                        ("organisme__isnull", False),
                        ("pointentree", None),
                        ("ressource", None),
                        ("texte", None),
                    ),
                    models.Q(
                        ("initiative", None),
                        ("ligneaide", None),
                        ("organisme", None),
                        ("pointentree", None),
                        ("ressource", None),
                        ("texte__isnull", False),
                    ),
                    models.Q(
                        ("initiative", None),
                        ("ligneaide__isnull", False),
                        ("organisme", None),
                        ("pointentree", None),
                        ("ressource", None),
                        ("texte", None),
                    ),
                    models.Q(
                        ("initiative", None),
                        ("ligneaide", None),
                        ("organisme", None),
                        ("pointentree__isnull", False),
                        ("ressource", None),
                        ("texte", None),
                    ),
                    models.Q(
                        ("initiative", None),
                        ("ligneaide", None),
                        ("organisme", None),
                        ("pointentree", None),
                        ("ressource__isnull", False),
                        ("texte", None),
                    ),
                    _connector="OR",
                ),
                name="version_d_un_seul_sujet",
            ),
        ),
        migrations.AddConstraint(
            model_name="version",
            constraint=models.UniqueConstraint(fields=("initiative", "rang"), name="version_initiative_rang"),
        ),
        migrations.AddConstraint(
            model_name="version",
            constraint=models.UniqueConstraint(fields=("organisme", "rang"), name="version_organisme_rang"),
        ),
        migrations.AddConstraint(
            model_name="version",
            constraint=models.UniqueConstraint(fields=("texte", "rang"), name="version_texte_rang"),
        ),
        migrations.AddConstraint(
            model_name="version",
            constraint=models.UniqueConstraint(fields=("ligneaide", "rang"), name="version_ligneaide_rang"),
        ),
        migrations.AddConstraint(
            model_name="version",
            constraint=models.UniqueConstraint(fields=("pointentree", "rang"), name="version_pointentree_rang"),
        ),
        migrations.AddConstraint(
            model_name="version",
            constraint=models.UniqueConstraint(fields=("ressource", "rang"), name="version_ressource_rang"),
        ),
        migrations.CreateModel(
            name="Besoin",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("slug", models.SlugField(max_length=40, unique=True, verbose_name="code")),
                ("nom_fr", models.CharField(max_length=120, verbose_name="nom en français, en mots simples")),
                ("nom_en", models.CharField(max_length=120, verbose_name="nom en anglais, en mots simples")),
                ("metier_fr", models.CharField(max_length=120, verbose_name="nom du métier, en français")),
                ("metier_en", models.CharField(max_length=120, verbose_name="nom du métier, en anglais")),
                (
                    "voix",
                    models.CharField(
                        choices=[("moi", "Moi"), ("proche", "Un proche"), ("pro", "Un·e professionnel·le")],
                        max_length=10,
                        verbose_name="qui parle",
                    ),
                ),
                (
                    "urgence",
                    models.BooleanField(
                        default=False,
                        help_text="Compris dans une phrase, il place l'urgence avant tout.",
                        verbose_name="danger immédiat",
                    ),
                ),
                ("ordre", models.PositiveSmallIntegerField(default=100, verbose_name="ordre")),
            ],
            options={
                "verbose_name": "besoin",
                "verbose_name_plural": "besoins",
                "ordering": ["ordre", "slug"],
            },
        ),
        migrations.CreateModel(
            name="ExceptionBesoin",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "sens",
                    models.CharField(
                        choices=[("ajoutee", "Ajoutée"), ("retiree", "Retirée")], max_length=10, verbose_name="décision"
                    ),
                ),
                ("motif", models.CharField(max_length=200, verbose_name="pourquoi")),
            ],
            options={
                "verbose_name": "fiche ajoutée ou retirée à la main",
                "verbose_name_plural": "fiches ajoutées ou retirées à la main",
                "ordering": ["sens", "initiative"],
            },
        ),
        migrations.CreateModel(
            name="Expression",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "registre",
                    models.CharField(
                        choices=[
                            ("ado", "Une personne jeune, en texto"),
                            ("adulte", "Un parent, un ami, une professionnelle"),
                            ("anglais", "En anglais"),
                        ],
                        max_length=10,
                        verbose_name="comment on parle",
                    ),
                ),
                (
                    "texte",
                    models.CharField(
                        help_text="Une phrase, telle qu'on l'écrirait. Un seul mot se règle plutôt au thésaurus.",
                        max_length=300,
                        unique=True,
                        verbose_name="ce qui s'écrit",
                    ),
                ),
            ],
            options={
                "verbose_name": "expression",
                "verbose_name_plural": "expressions",
                "ordering": ["besoin", "registre", "pk"],
            },
        ),
        migrations.CreateModel(
            name="RegleBesoin",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "modalites",
                    initiatives.models.fields.CodesField(
                        base_field=models.CharField(
                            choices=[
                                ("ateliers", "Ateliers"),
                                ("travail-de-rue", "Travail de rue"),
                                ("gestion-de-cas", "Gestion de cas (counseling)"),
                                ("soutien-aux-parents", "Soutien aux parents"),
                                ("activite-sociale", "Activité sociale/récréative"),
                                ("hebergement", "Hébergement"),
                                ("plateforme-web", "Plateforme/matériel web"),
                                ("mentorat", "Mentorat/pair-aidance"),
                                ("referencement", "Référencement"),
                                ("temoignages", "Témoignages de survivantes"),
                                ("autre", "Autre"),
                                ("sans-objet", "Ne s'applique pas"),
                            ],
                            max_length=30,
                        ),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="modalités",
                    ),
                ),
                (
                    "types",
                    initiatives.models.fields.CodesField(
                        base_field=models.CharField(
                            choices=[
                                ("outil", "Outil"),
                                ("formation", "Formation"),
                                ("sensibilisation", "Programme de sensibilisation"),
                                ("recherche", "Projet de recherche"),
                                ("concertation", "Table de concertation ou autre groupe de réflexion/stratégie"),
                                ("prevention", "Projet de prévention"),
                                ("intervention", "Projet d'intervention"),
                                ("prevention-intervention", "Projet de prévention et d'intervention"),
                                ("soutien-conseils", "Service de soutien et de conseils"),
                            ],
                            max_length=30,
                        ),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="types de projet",
                    ),
                ),
                (
                    "clienteles",
                    initiatives.models.fields.CodesField(
                        base_field=models.CharField(
                            choices=[
                                ("jeunes", "Jeunes"),
                                ("parents", "Parents"),
                                ("sante-services-sociaux", "Santé et services sociaux"),
                                ("police", "Milieux policiers"),
                                ("justice", "Milieux judiciaires"),
                                ("scolaire", "Milieux scolaires"),
                                ("communautaire", "Réseau communautaire"),
                                ("population-generale", "Population générale"),
                            ],
                            max_length=30,
                        ),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="clientèles",
                    ),
                ),
                (
                    "lieux",
                    initiatives.models.fields.CodesField(
                        base_field=models.CharField(
                            choices=[
                                ("communaute", "Dans la communauté"),
                                ("institutionnel", "En milieu institutionnel"),
                                ("scolaire", "En milieu scolaire"),
                                ("en-ligne", "En ligne exclusivement"),
                                ("autre", "Autre"),
                            ],
                            max_length=30,
                        ),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="lieux",
                    ),
                ),
                (
                    "cibles",
                    initiatives.models.fields.CodesField(
                        base_field=models.CharField(
                            choices=[("exploitation-sexuelle", "Exploitation sexuelle"), ("autre", "Autre")],
                            max_length=30,
                        ),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="cibles",
                    ),
                ),
                (
                    "implications",
                    initiatives.models.fields.CodesField(
                        base_field=models.CharField(
                            choices=[
                                ("victime", "Victime"),
                                ("proxenete", "Proxénète"),
                                ("tierce-partie", "Tierce partie"),
                            ],
                            max_length=30,
                        ),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="types d'implication",
                    ),
                ),
                (
                    "sexes",
                    initiatives.models.fields.CodesField(
                        base_field=models.CharField(
                            choices=[
                                ("tous", "Tous les sexes"),
                                ("feminin", "Féminin"),
                                ("masculin", "Masculin"),
                                ("autre", "Autre"),
                                ("sans-objet", "Ne s'applique pas"),
                            ],
                            max_length=30,
                        ),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="sexe",
                    ),
                ),
                (
                    "langues",
                    initiatives.models.fields.CodesField(
                        base_field=models.CharField(choices=[("fr", "français"), ("en", "anglais")], max_length=30),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="langue de la fiche",
                    ),
                ),
            ],
            options={
                "verbose_name": "ligne de la règle",
                "verbose_name_plural": "règle : une fiche répond si une de ces lignes est vraie",
                "ordering": ["pk"],
            },
        ),
        migrations.AddField(
            model_name="besoin",
            name="lignes",
            field=models.ManyToManyField(
                blank=True,
                help_text="Montrées avant les fiches quand ce besoin est compris.",
                related_name="besoins",
                to="initiatives.ligneaide",
                verbose_name="lignes d'aide d'abord",
            ),
        ),
        migrations.AddField(
            model_name="exceptionbesoin",
            name="besoin",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="exceptions",
                to="initiatives.besoin",
                verbose_name="besoin",
            ),
        ),
        migrations.AddField(
            model_name="exceptionbesoin",
            name="initiative",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="initiatives.initiative",
                verbose_name="fiche",
            ),
        ),
        migrations.AddField(
            model_name="expression",
            name="besoin",
            field=models.ForeignKey(
                blank=True,
                help_text="Vide : hors sujet, ce que le répertoire ne peut pas répondre.",
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="expressions",
                to="initiatives.besoin",
                verbose_name="besoin",
            ),
        ),
        migrations.AddField(
            model_name="reglebesoin",
            name="besoin",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="regles",
                to="initiatives.besoin",
                verbose_name="besoin",
            ),
        ),
        migrations.AddConstraint(
            model_name="exceptionbesoin",
            constraint=models.UniqueConstraint(
                fields=("besoin", "initiative"),
                name="une_exception_par_fiche",
                violation_error_message="Cette fiche a déjà une décision pour ce besoin.",
            ),
        ),
        migrations.AddConstraint(
            model_name="reglebesoin",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("cibles", []),
                    ("clienteles", []),
                    ("implications", []),
                    ("langues", []),
                    ("lieux", []),
                    ("modalites", []),
                    ("sexes", []),
                    ("types", []),
                    _negated=True,
                ),
                name="regle_jamais_vide",
                violation_error_message="Une ligne vide choisirait toutes les fiches.",
            ),
        ),
        migrations.CreateModel(
            name="Revision",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("avant", models.JSONField(verbose_name="avant")),
                ("apres", models.JSONField(verbose_name="après")),
                (
                    "nature",
                    models.CharField(
                        choices=[
                            ("reprise", "Reprise de la source"),
                            ("creation", "Création"),
                            ("modification", "Modification"),
                            ("decision", "Décision"),
                            ("verification", "Vérification"),
                            ("restauration", "Restauration"),
                            ("import", "Import d'un tableur"),
                            ("fusion", "Fusion"),
                            ("hors-atelier", "Changement fait hors de l'atelier"),
                        ],
                        max_length=20,
                        verbose_name="nature",
                    ),
                ),
                ("motif", models.TextField(blank=True, verbose_name="motif")),
                ("faite_le", models.DateTimeField(auto_now_add=True, verbose_name="faite le")),
                (
                    "issue",
                    models.CharField(
                        choices=[
                            ("en-attente", "À relire"),
                            ("renvoyee", "Renvoyée"),
                            ("publiee", "Publiée"),
                            ("remplacee", "Remplacée par la suivante"),
                            ("abandonnee", "Abandonnée"),
                        ],
                        default="en-attente",
                        max_length=20,
                        verbose_name="état",
                    ),
                ),
                ("decidee_le", models.DateTimeField(blank=True, null=True, verbose_name="relue le")),
                ("raison", models.TextField(blank=True, verbose_name="raison")),
                (
                    "decidee_par",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="relue par",
                    ),
                ),
                (
                    "initiative",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="revisions",
                        to="initiatives.initiative",
                        verbose_name="initiative",
                    ),
                ),
                (
                    "organisme",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="revisions",
                        to="initiatives.organisme",
                        verbose_name="organisme",
                    ),
                ),
                (
                    "par",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="auteur",
                    ),
                ),
            ],
            options={
                "verbose_name": "modification à relire",
                "verbose_name_plural": "modifications à relire",
                "ordering": ["-faite_le", "-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("initiative__isnull", False), ("organisme", None)),
                            models.Q(("initiative", None), ("organisme__isnull", False)),
                            _connector="OR",
                        ),
                        name="revision_d_un_seul_sujet",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("issue__in", ["en-attente", "renvoyee"])),
                        fields=("initiative",),
                        name="revision_ouverte_une_par_fiche",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("issue__in", ["en-attente", "renvoyee"])),
                        fields=("organisme",),
                        name="revision_ouverte_une_par_organisme",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="signalement",
            name="revision",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="signalements",
                to="initiatives.revision",
                verbose_name="modification à relire",
            ),
        ),
        migrations.AddField(
            model_name="signalement",
            name="version",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="signalements",
                to="initiatives.version",
                verbose_name="version",
            ),
        ),
        migrations.CreateModel(
            name="Geste",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "nature",
                    models.CharField(
                        choices=[
                            ("verifier", "Rien n'a changé"),
                            ("publier", "Publier"),
                            ("archiver", "Archiver"),
                            ("refuser", "Refuser"),
                        ],
                        max_length=20,
                        verbose_name="geste",
                    ),
                ),
                ("motif", models.TextField(verbose_name="motif")),
                ("fiches", models.JSONField(verbose_name="fiches")),
                ("fait_le", models.DateTimeField(auto_now_add=True, verbose_name="fait le")),
                ("annule_le", models.DateTimeField(blank=True, null=True, verbose_name="annulé le")),
                (
                    "par",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="par",
                    ),
                ),
            ],
            options={
                "verbose_name": "geste",
                "verbose_name_plural": "gestes",
                "ordering": ["-fait_le", "-pk"],
            },
        ),
        migrations.AddField(
            model_name="envoi",
            name="appel",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="initiatives.geste",
                verbose_name="joint par téléphone",
            ),
        ),
        migrations.AddField(
            model_name="proposition",
            name="envoi",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="initiatives.envoi",
                verbose_name="envoi",
            ),
        ),
        migrations.AddField(
            model_name="signalement",
            name="envoi",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="initiatives.envoi",
                verbose_name="envoi",
            ),
        ),
        migrations.CreateModel(
            name="Citation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("rang", models.PositiveSmallIntegerField(unique=True, verbose_name="rang")),
                ("nom", models.CharField(max_length=120, verbose_name="ce que le rapport nomme")),
                ("organisme", models.CharField(blank=True, max_length=160, verbose_name="organisation")),
                ("section", models.CharField(max_length=10, verbose_name="section")),
                (
                    "strategie",
                    models.CharField(
                        choices=[
                            ("demande", "Agir sur la demande"),
                            ("offre", "Agir sur l'offre"),
                            ("filet", "Renforcer le filet de sécurité"),
                        ],
                        max_length=10,
                        verbose_name="stratégie",
                    ),
                ),
                (
                    "sous_rubrique",
                    models.CharField(
                        choices=[
                            ("proxenetisme", "Proxénétisme et recrutement"),
                            ("clients", "Clients"),
                            ("garcons", "Garçons"),
                            ("services-reguliers", "Services réguliers"),
                            ("prevention-large", "Prévention large : gangs, délinquance, pairs"),
                            ("education-a-la-sexualite", "Éducation à la sexualité"),
                            ("sante-sexuelle", "Santé sexuelle"),
                            ("ecoles", "Prévention et sensibilisation dans les écoles"),
                            ("readaptation", "Prévention en centre de réadaptation"),
                            ("victimes", "Intervention et prise en charge des victimes"),
                            ("hebergement", "Hébergement"),
                            ("travail-de-rue", "Travail de rue"),
                            ("grand-public", "Grand public et campagnes"),
                            ("parents", "Parents et proches"),
                            ("intervenants", "Intervenants et formation"),
                            ("tourisme", "Industrie touristique"),
                            ("concertation", "Concertation"),
                        ],
                        max_length=30,
                        verbose_name="sous-rubrique",
                    ),
                ),
                (
                    "certitude",
                    models.CharField(
                        choices=[
                            ("sure", "Sûre"),
                            ("probable", "Probable"),
                            ("a-confirmer", "À confirmer"),
                            ("sans-fiche", "Sans fiche"),
                        ],
                        max_length=15,
                        verbose_name="certitude",
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[("directe", "Directement"), ("indirecte", "Indirectement"), ("projet", "En projet")],
                        max_length=15,
                        verbose_name="rôle",
                    ),
                ),
                (
                    "passage",
                    models.CharField(help_text="Quinze mots au plus.", max_length=200, verbose_name="mots du rapport"),
                ),
                ("note", models.CharField(blank=True, max_length=300, verbose_name="note")),
            ],
            options={
                "verbose_name": "ce que le rapport nomme",
                "verbose_name_plural": "ce que le rapport nomme",
                "ordering": ["rang"],
            },
        ),
        migrations.CreateModel(
            name="Classement",
            fields=[
                (
                    "initiative",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="classement",
                        serialize=False,
                        to="initiatives.initiative",
                        verbose_name="fiche",
                    ),
                ),
                ("question", models.CharField(blank=True, max_length=300, verbose_name="question")),
                (
                    "proposition",
                    initiatives.models.fields.CodesField(
                        base_field=models.CharField(
                            choices=[
                                ("demande", "Agir sur la demande"),
                                ("offre", "Agir sur l'offre"),
                                ("filet", "Renforcer le filet de sécurité"),
                            ],
                            max_length=30,
                        ),
                        blank=True,
                        default=list,
                        editable=False,
                        size=None,
                        verbose_name="proposition",
                    ),
                ),
                (
                    "strategies",
                    initiatives.models.fields.CodesField(
                        base_field=models.CharField(
                            choices=[
                                ("demande", "Agir sur la demande"),
                                ("offre", "Agir sur l'offre"),
                                ("filet", "Renforcer le filet de sécurité"),
                            ],
                            max_length=30,
                        ),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="stratégies",
                    ),
                ),
                (
                    "strategie",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("demande", "Agir sur la demande"),
                            ("offre", "Agir sur l'offre"),
                            ("filet", "Renforcer le filet de sécurité"),
                        ],
                        max_length=10,
                        verbose_name="stratégie principale",
                    ),
                ),
                ("motif", models.CharField(blank=True, max_length=300, verbose_name="pourquoi")),
                ("le", models.DateTimeField(editable=False, null=True, verbose_name="le")),
            ],
            options={
                "verbose_name": "classement d'une fiche",
                "verbose_name_plural": "stratégies des fiches",
                "ordering": ["initiative"],
            },
        ),
        migrations.CreateModel(
            name="Lecture",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "theme",
                    models.CharField(
                        choices=[
                            ("autochtones", "Autochtones et Inuit"),
                            ("lgbtq", "LGBTQ+ et trans"),
                            ("deficience-intellectuelle", "Déficience intellectuelle"),
                            ("communautes-culturelles", "Communautés culturelles"),
                            ("clients", "Clients (acheteurs)"),
                            ("sexologie", "Sexologie"),
                            ("psychotherapie", "Psychothérapie"),
                            ("transition", "Transition vers l'âge adulte"),
                            ("loisirs", "Loisirs"),
                        ],
                        max_length=30,
                        verbose_name="thème",
                    ),
                ),
                (
                    "portee",
                    models.CharField(
                        choices=[
                            ("servie", "Servie"),
                            ("nommee", "Nommée seulement"),
                            ("partenaire", "Chez un partenaire seulement"),
                        ],
                        max_length=12,
                        verbose_name="portée",
                    ),
                ),
                (
                    "mots",
                    models.CharField(
                        help_text="Ceux qui le disent, tels quels.", max_length=200, verbose_name="mots de la fiche"
                    ),
                ),
                (
                    "provenance",
                    models.CharField(
                        choices=[
                            ("rapport", "Le rapport"),
                            ("regle", "Notre règle"),
                            ("edition", "L'équipe éditoriale"),
                        ],
                        default="edition",
                        editable=False,
                        max_length=10,
                        verbose_name="provenance",
                    ),
                ),
            ],
            options={
                "verbose_name": "lecture du texte",
                "verbose_name_plural": "lectures du texte",
                "ordering": ["theme", "portee", "initiative"],
            },
        ),
        migrations.CreateModel(
            name="RegleStrategie",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("ordre", models.PositiveSmallIntegerField(default=100, verbose_name="ordre")),
                (
                    "strategie",
                    models.CharField(
                        choices=[
                            ("demande", "Agir sur la demande"),
                            ("offre", "Agir sur l'offre"),
                            ("filet", "Renforcer le filet de sécurité"),
                        ],
                        max_length=10,
                        verbose_name="stratégie",
                    ),
                ),
                (
                    "principale",
                    models.BooleanField(
                        default=False,
                        help_text="De plusieurs lignes vraies, la première cochée ici donne la stratégie principale.",
                        verbose_name="la principale",
                    ),
                ),
                (
                    "derniere",
                    models.BooleanField(
                        default=False,
                        help_text="Vraie, elle suffit : les lignes suivantes ne sont plus lues.",
                        verbose_name="et aucune autre",
                    ),
                ),
                ("motif", models.CharField(blank=True, max_length=200, verbose_name="en mots")),
                (
                    "types",
                    initiatives.models.fields.CodesField(
                        base_field=models.CharField(
                            choices=[
                                ("outil", "Outil"),
                                ("formation", "Formation"),
                                ("sensibilisation", "Programme de sensibilisation"),
                                ("recherche", "Projet de recherche"),
                                ("concertation", "Table de concertation ou autre groupe de réflexion/stratégie"),
                                ("prevention", "Projet de prévention"),
                                ("intervention", "Projet d'intervention"),
                                ("prevention-intervention", "Projet de prévention et d'intervention"),
                                ("soutien-conseils", "Service de soutien et de conseils"),
                            ],
                            max_length=30,
                        ),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="types de projet",
                    ),
                ),
                (
                    "clienteles",
                    initiatives.models.fields.CodesField(
                        base_field=models.CharField(
                            choices=[
                                ("jeunes", "Jeunes"),
                                ("parents", "Parents"),
                                ("sante-services-sociaux", "Santé et services sociaux"),
                                ("police", "Milieux policiers"),
                                ("justice", "Milieux judiciaires"),
                                ("scolaire", "Milieux scolaires"),
                                ("communautaire", "Réseau communautaire"),
                                ("population-generale", "Population générale"),
                            ],
                            max_length=30,
                        ),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="clientèles",
                    ),
                ),
                (
                    "implications",
                    initiatives.models.fields.CodesField(
                        base_field=models.CharField(
                            choices=[
                                ("victime", "Victime"),
                                ("proxenete", "Proxénète"),
                                ("tierce-partie", "Tierce partie"),
                            ],
                            max_length=30,
                        ),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="types d'implication",
                    ),
                ),
                (
                    "sexes",
                    initiatives.models.fields.CodesField(
                        base_field=models.CharField(
                            choices=[
                                ("tous", "Tous les sexes"),
                                ("feminin", "Féminin"),
                                ("masculin", "Masculin"),
                                ("autre", "Autre"),
                                ("sans-objet", "Ne s'applique pas"),
                            ],
                            max_length=30,
                        ),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="sexe",
                    ),
                ),
                (
                    "modalites",
                    initiatives.models.fields.CodesField(
                        base_field=models.CharField(
                            choices=[
                                ("ateliers", "Ateliers"),
                                ("travail-de-rue", "Travail de rue"),
                                ("gestion-de-cas", "Gestion de cas (counseling)"),
                                ("soutien-aux-parents", "Soutien aux parents"),
                                ("activite-sociale", "Activité sociale/récréative"),
                                ("hebergement", "Hébergement"),
                                ("plateforme-web", "Plateforme/matériel web"),
                                ("mentorat", "Mentorat/pair-aidance"),
                                ("referencement", "Référencement"),
                                ("temoignages", "Témoignages de survivantes"),
                                ("autre", "Autre"),
                                ("sans-objet", "Ne s'applique pas"),
                            ],
                            max_length=30,
                        ),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="modalités",
                    ),
                ),
                (
                    "cibles",
                    initiatives.models.fields.CodesField(
                        base_field=models.CharField(
                            choices=[("exploitation-sexuelle", "Exploitation sexuelle"), ("autre", "Autre")],
                            max_length=30,
                        ),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="cibles",
                    ),
                ),
                (
                    "sans_types",
                    initiatives.models.fields.CodesField(
                        base_field=models.CharField(
                            choices=[
                                ("outil", "Outil"),
                                ("formation", "Formation"),
                                ("sensibilisation", "Programme de sensibilisation"),
                                ("recherche", "Projet de recherche"),
                                ("concertation", "Table de concertation ou autre groupe de réflexion/stratégie"),
                                ("prevention", "Projet de prévention"),
                                ("intervention", "Projet d'intervention"),
                                ("prevention-intervention", "Projet de prévention et d'intervention"),
                                ("soutien-conseils", "Service de soutien et de conseils"),
                            ],
                            max_length=30,
                        ),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="sans ces types de projet",
                    ),
                ),
                (
                    "sans_clienteles",
                    initiatives.models.fields.CodesField(
                        base_field=models.CharField(
                            choices=[
                                ("jeunes", "Jeunes"),
                                ("parents", "Parents"),
                                ("sante-services-sociaux", "Santé et services sociaux"),
                                ("police", "Milieux policiers"),
                                ("justice", "Milieux judiciaires"),
                                ("scolaire", "Milieux scolaires"),
                                ("communautaire", "Réseau communautaire"),
                                ("population-generale", "Population générale"),
                            ],
                            max_length=30,
                        ),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="sans ces clientèles",
                    ),
                ),
                (
                    "sans_implications",
                    initiatives.models.fields.CodesField(
                        base_field=models.CharField(
                            choices=[
                                ("victime", "Victime"),
                                ("proxenete", "Proxénète"),
                                ("tierce-partie", "Tierce partie"),
                            ],
                            max_length=30,
                        ),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="sans ces types d'implication",
                    ),
                ),
            ],
            options={
                "verbose_name": "ligne de la règle des stratégies",
                "verbose_name_plural": "lignes de la règle des stratégies",
                "ordering": ["ordre", "pk"],
            },
        ),
        migrations.AddField(
            model_name="initiative",
            name="mentions",
            field=initiatives.models.fields.CodesField(
                base_field=models.CharField(
                    choices=[
                        ("autochtones", "Autochtones et Inuit"),
                        ("lgbtq", "LGBTQ+ et trans"),
                        ("deficience-intellectuelle", "Déficience intellectuelle"),
                        ("communautes-culturelles", "Communautés culturelles"),
                        ("clients", "Clients (acheteurs)"),
                        ("sexologie", "Sexologie"),
                        ("psychotherapie", "Psychothérapie"),
                        ("transition", "Transition vers l'âge adulte"),
                        ("loisirs", "Loisirs"),
                    ],
                    max_length=30,
                ),
                blank=True,
                default=list,
                editable=False,
                size=None,
                verbose_name="lectures du texte",
            ),
        ),
        migrations.AddField(
            model_name="initiative",
            name="pour_qui",
            field=initiatives.models.fields.CodesField(
                base_field=models.CharField(
                    choices=[
                        ("garcons-seulement", "Garçons seulement"),
                        ("filles-seulement", "Filles seulement"),
                        ("victimes-seulement", "Victimes seulement"),
                        ("proxenetes-seulement", "Proxénètes seulement"),
                        ("jeunes-seulement", "Jeunes, et aucune autre clientèle"),
                        ("mineurs-victimes-seulement", "Jeunes de moins de 18 ans, victimes, et personne d'autre"),
                        ("moins-de-12-imprime", "Un âge de moins de 12 ans est imprimé"),
                        ("enfants-seulement", "Enfants de 12 ans et moins seulement"),
                        ("12-25-imprime", "« 12 à 25 ans » est imprimé"),
                        ("dans-12-25", "Personne avant 12 ans ni après 25 ans"),
                        ("personne-nommee", "La source ne nomme personne"),
                        ("tous-les-ages", "« Tous les âges » est imprimé"),
                    ],
                    max_length=30,
                ),
                blank=True,
                default=list,
                editable=False,
                size=None,
                verbose_name="pour qui seulement",
            ),
        ),
        migrations.AddField(
            model_name="initiative",
            name="rubriques",
            field=initiatives.models.fields.CodesField(
                base_field=models.CharField(
                    choices=[
                        ("proxenetisme", "Proxénétisme et recrutement"),
                        ("clients", "Clients"),
                        ("garcons", "Garçons"),
                        ("services-reguliers", "Services réguliers"),
                        ("prevention-large", "Prévention large : gangs, délinquance, pairs"),
                        ("education-a-la-sexualite", "Éducation à la sexualité"),
                        ("sante-sexuelle", "Santé sexuelle"),
                        ("ecoles", "Prévention et sensibilisation dans les écoles"),
                        ("readaptation", "Prévention en centre de réadaptation"),
                        ("victimes", "Intervention et prise en charge des victimes"),
                        ("hebergement", "Hébergement"),
                        ("travail-de-rue", "Travail de rue"),
                        ("grand-public", "Grand public et campagnes"),
                        ("parents", "Parents et proches"),
                        ("intervenants", "Intervenants et formation"),
                        ("tourisme", "Industrie touristique"),
                        ("concertation", "Concertation"),
                    ],
                    max_length=30,
                ),
                blank=True,
                default=list,
                editable=False,
                size=None,
                verbose_name="sous-rubriques du rapport",
            ),
        ),
        migrations.AddField(
            model_name="initiative",
            name="provenances",
            field=initiatives.models.fields.CodesField(
                base_field=models.CharField(
                    choices=[("rapport", "Le rapport"), ("regle", "Notre règle"), ("edition", "L'équipe éditoriale")],
                    max_length=30,
                ),
                blank=True,
                default=list,
                editable=False,
                size=None,
                verbose_name="provenance des stratégies",
            ),
        ),
        migrations.AddField(
            model_name="initiative",
            name="strategie",
            field=models.CharField(
                choices=[
                    ("demande", "Agir sur la demande"),
                    ("offre", "Agir sur l'offre"),
                    ("filet", "Renforcer le filet de sécurité"),
                ],
                default="",
                editable=False,
                max_length=10,
                verbose_name="stratégie principale",
            ),
        ),
        migrations.AddField(
            model_name="initiative",
            name="strategies",
            field=initiatives.models.fields.CodesField(
                base_field=models.CharField(
                    choices=[
                        ("demande", "Agir sur la demande"),
                        ("offre", "Agir sur l'offre"),
                        ("filet", "Renforcer le filet de sécurité"),
                    ],
                    max_length=30,
                ),
                blank=True,
                default=list,
                editable=False,
                size=None,
                verbose_name="stratégies",
            ),
        ),
        migrations.AddIndex(
            model_name="initiative",
            index=django.contrib.postgres.indexes.GinIndex(fields=["mentions"], name="initiative_mentions"),
        ),
        migrations.AddIndex(
            model_name="initiative",
            index=django.contrib.postgres.indexes.GinIndex(fields=["rubriques"], name="initiative_rubriques"),
        ),
        migrations.AddField(
            model_name="citation",
            name="fiches",
            field=models.ManyToManyField(
                blank=True, related_name="citations", to="initiatives.initiative", verbose_name="fiches"
            ),
        ),
        migrations.AddField(
            model_name="classement",
            name="par",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="par",
            ),
        ),
        migrations.AddField(
            model_name="lecture",
            name="initiative",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="lectures",
                to="initiatives.initiative",
                verbose_name="fiche",
            ),
        ),
        migrations.AddConstraint(
            model_name="reglestrategie",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("cibles", []),
                    ("clienteles", []),
                    ("implications", []),
                    ("modalites", []),
                    ("sans_clienteles", []),
                    ("sans_implications", []),
                    ("sans_types", []),
                    ("sexes", []),
                    ("types", []),
                    _negated=True,
                ),
                name="regle_strategie_jamais_vide",
                violation_error_message="Une ligne vide choisirait toutes les fiches.",
            ),
        ),
        migrations.AddConstraint(
            model_name="reglestrategie",
            constraint=models.CheckConstraint(
                condition=models.Q(("strategie__in", ["demande", "offre", "filet"])), name="regle_strategie_code"
            ),
        ),
        migrations.AddConstraint(
            model_name="classement",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("strategie", ""), ("strategies", [])),
                    models.Q(("strategie", "demande"), ("strategies__contains", ["demande"])),
                    models.Q(("strategie", "offre"), ("strategies__contains", ["offre"])),
                    models.Q(("strategie", "filet"), ("strategies__contains", ["filet"])),
                    _connector="OR",
                ),
                name="classement_principale_parmi",
                violation_error_message="La stratégie principale est une de celles de la fiche.",
            ),
        ),
        migrations.AddConstraint(
            model_name="classement",
            constraint=models.CheckConstraint(
                condition=models.Q(("strategies__contained_by", ["demande", "offre", "filet"])), name="classement_codes"
            ),
        ),
        migrations.AddConstraint(
            model_name="lecture",
            constraint=models.UniqueConstraint(
                fields=("initiative", "theme"),
                name="une_lecture_par_theme",
                violation_error_message="Cette fiche a déjà une lecture de ce thème.",
            ),
        ),
        migrations.AddConstraint(
            model_name="lecture",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "theme__in",
                        [
                            "autochtones",
                            "lgbtq",
                            "deficience-intellectuelle",
                            "communautes-culturelles",
                            "clients",
                            "sexologie",
                            "psychotherapie",
                            "transition",
                            "loisirs",
                        ],
                    )
                ),
                name="lecture_theme_code",
            ),
        ),
        migrations.CreateModel(
            name="Execution",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "tache",
                    models.CharField(
                        choices=[
                            ("sauvegarde", "Sauvegarde"),
                            ("exercice", "Exercice de restauration"),
                            ("effacement", "Effacement des coordonnées"),
                            ("courriels", "Envoi des courriels"),
                            ("export", "Export du site"),
                            ("annonce", "Annonce des pannes"),
                        ],
                        max_length=12,
                        verbose_name="tâche",
                    ),
                ),
                ("reussi", models.BooleanField(verbose_name="réussie")),
                ("fini_le", models.DateTimeField(verbose_name="finie le")),
                ("duree_s", models.FloatField(blank=True, null=True, verbose_name="durée (secondes)")),
                ("detail", models.CharField(blank=True, max_length=200, verbose_name="détail")),
            ],
            options={
                "verbose_name": "exécution",
                "verbose_name_plural": "exécutions",
                "ordering": ["tache", "-fini_le"],
                "constraints": [models.UniqueConstraint(fields=("tache", "reussi"), name="execution_derniere")],
            },
        ),
        migrations.CreateModel(
            name="Panne",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("route", models.CharField(max_length=100, verbose_name="adresse")),
                ("nature", models.CharField(max_length=100, verbose_name="nature")),
                ("endroit", models.CharField(max_length=200, verbose_name="endroit du code")),
                ("version", models.CharField(blank=True, max_length=40, verbose_name="version du code")),
                ("nombre", models.PositiveIntegerField(default=1, verbose_name="fois")),
                ("premiere_le", models.DateTimeField(verbose_name="vue d'abord le")),
                ("derniere_le", models.DateTimeField(verbose_name="vue la dernière fois le")),
                ("annoncee_le", models.DateTimeField(blank=True, null=True, verbose_name="annoncée le")),
                ("reglee_le", models.DateTimeField(blank=True, null=True, verbose_name="réglée le")),
                (
                    "reglee_par",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="réglée par",
                    ),
                ),
            ],
            options={
                "verbose_name": "panne",
                "verbose_name_plural": "pannes",
                "ordering": ["-derniere_le", "-pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("reglee_le", None)),
                        fields=("route", "nature", "endroit"),
                        name="panne_ouverte_une_fois",
                    )
                ],
            },
        ),
    ]
