"""What the public record of a fiche said otherwise, noted by the database at each statement and told at the commit,
under the version of the data that the commit makes.

One version a commit, one commit after the other: whoever read everything up to a version has missed nothing, which no
clock and no sequence can promise, for a transaction that began first may end last. Nothing is said of a fiche that
nobody could see; of one that leaves, only that it left.
"""

# The columns of a fiche that its public record shows, and their names there where they are others.
OWN = (
    *("titre", "porteur_mention", "region_id", "annee", "annee_mention", "stade", "stade_mention", "types"),
    *("types_connus", "cible", "cible_mention", "clienteles", "autre_clientele_mention", "age_min", "age_max"),
    *("age_mention", "sexe", "implications", "description", "lieu", "frequence", "objectifs", "modalite"),
    *("partenaires", "partenaires_tronques", "langue", "verifiee_le", "strategies", "strategie", "provenances"),
    *("pour_qui", "mentions", "tous_ages", "besoins", "famille", "langue_objectifs", "financement"),
    *("financement_source", "niveaux_risque", "composantes", "pour_en_savoir_plus", "a_verifier_le", "rubriques"),
    *("slug", "source_id", "porteurs_ids"),
)
NAMES = {
    "region_id": "region",
    "strategie": "strategie_principale",
    "provenances": "strategies_provenance",
    "source_id": "source",
    "porteurs_ids": "porteurs",
}

# What hangs on fiches: table, what is compared there (r), the columns that say it, and the fiches (i) concerned.
AROUND = (
    ("porteur", "initiative_id, organisme_id, rang", "porteurs", "i.numero = r.initiative_id"),
    ("correction", "*", "corrections", "i.numero = r.initiative_id"),
    (
        "contact",
        "initiative_id, organisme_id, nature, valeur, precision, visibilite",
        "contacts",
        "r.visibilite = 'publique' AND (i.numero = r.initiative_id OR i.porteurs_ids && ARRAY("
        "SELECT o.id FROM public.initiatives_organisme o WHERE r.organisme_id IN (o.id, o.fait_partie_de_id)))",
    ),
    ("organisme", "id, slug, nom, sigle, nom_court", "porteurs", "i.porteurs_ids @> ARRAY[r.id]"),
    ("organisme", "id, fait_partie_de_id", "contacts", "i.porteurs_ids @> ARRAY[r.id]"),
    ("source", "*", "source,licence", "i.source_id = r.id"),
    ("pointentree", "*", "points_entree", "i.region_id = coalesce(r.region_id, i.region_id)"),
)

TOLD = """
CREATE TABLE public.initiatives_a_dire (
    rang bigint GENERATED ALWAYS AS IDENTITY, numero integer NOT NULL, avant boolean, apres boolean, colonnes text[]
);

CREATE FUNCTION public.dire_les_changements() RETURNS void LANGUAGE sql AS $$
    WITH notes AS (DELETE FROM public.initiatives_a_dire RETURNING *),
    dites AS (
        SELECT numero, array_agg(DISTINCT colonne ORDER BY colonne) AS colonnes
        FROM notes, unnest(colonnes) AS colonne GROUP BY numero
    ),
    fiches AS (
        SELECT numero,
            (array_agg(avant ORDER BY rang) FILTER (WHERE avant IS NOT NULL))[1] AS avant,
            (array_agg(apres ORDER BY rang DESC) FILTER (WHERE apres IS NOT NULL))[1] AS apres
        FROM notes GROUP BY numero
    ),
    vues AS (
        SELECT numero, coalesce(avant, i.statut = 'publiee') AS avant, coalesce(apres, i.statut = 'publiee') AS apres,
            colonnes, i.fusionnee_dans_id AS vers
        FROM fiches LEFT JOIN dites USING (numero) LEFT JOIN public.initiatives_initiative i USING (numero)
    )
    INSERT INTO public.initiatives_changement (version, numero, nature, colonnes, vers, fait_le)
    SELECT d.numero, v.numero,
        CASE WHEN avant AND apres THEN 'modification' WHEN apres THEN 'publication'
            WHEN vers IS NULL THEN 'retrait' ELSE 'fusion' END,
        CASE WHEN avant AND apres THEN colonnes ELSE '{}' END,
        CASE WHEN apres THEN NULL ELSE vers END,
        d.modifiee_le
    FROM vues v, public.initiatives_versiondonnees d
    WHERE avant <> apres OR (apres AND colonnes IS NOT NULL)
    ORDER BY v.numero
    ON CONFLICT (version, numero) DO UPDATE SET
        nature = EXCLUDED.nature, colonnes = EXCLUDED.colonnes, vers = EXCLUDED.vers, fait_le = EXCLUDED.fait_le
$$;
"""

FICHES = """
CREATE FUNCTION public.dire_ajout() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO public.initiatives_a_dire (numero, avant, apres)
    SELECT numero, false, true FROM nouvelles WHERE statut = 'publiee';
    RETURN NULL;
END
$$;
CREATE FUNCTION public.dire_retrait() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO public.initiatives_a_dire (numero, avant, apres)
    SELECT numero, true, false FROM anciennes WHERE statut = 'publiee';
    RETURN NULL;
END
$$;
CREATE FUNCTION public.dire_changement() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO public.initiatives_a_dire (numero, avant, apres, colonnes)
    SELECT numero, avant, apres, colonnes
    FROM (
        SELECT numero, a.statut = 'publiee' AS avant, n.statut = 'publiee' AS apres,
            array_remove(ARRAY[{cases}], NULL) AS colonnes
        FROM anciennes a JOIN nouvelles n USING (numero) WHERE 'publiee' IN (a.statut, n.statut)
    ) AS vues
    WHERE avant <> apres OR colonnes <> '{{}}';
    RETURN NULL;
END
$$;
CREATE TRIGGER dire_ajout AFTER INSERT ON public.initiatives_initiative REFERENCING NEW TABLE AS nouvelles
FOR EACH STATEMENT EXECUTE FUNCTION public.dire_ajout();
CREATE TRIGGER dire_retrait AFTER DELETE ON public.initiatives_initiative REFERENCING OLD TABLE AS anciennes
FOR EACH STATEMENT EXECUTE FUNCTION public.dire_retrait();
CREATE TRIGGER dire_changement AFTER UPDATE ON public.initiatives_initiative
REFERENCING OLD TABLE AS anciennes NEW TABLE AS nouvelles
FOR EACH STATEMENT EXECUTE FUNCTION public.dire_changement();
"""

NOTED = """
CREATE FUNCTION public.dire_{name}_{event}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO public.initiatives_a_dire (numero, colonnes)
    SELECT i.numero, '{{{columns}}}' FROM ({rows}) AS r
    JOIN public.initiatives_initiative i ON i.statut = 'publiee' AND {concerned};
    RETURN NULL;
END
$$;
CREATE TRIGGER dire_{name}_{event} AFTER {event} ON public.initiatives_{table} REFERENCING {tables}
FOR EACH STATEMENT EXECUTE FUNCTION public.dire_{name}_{event}();
"""
# Rows that a statement leaves as they were say nothing.
EVENTS = {
    "insert": ("NEW TABLE AS nouvelles", "SELECT {compared} FROM nouvelles"),
    "delete": ("OLD TABLE AS anciennes", "SELECT {compared} FROM anciennes"),
    "update": (
        "OLD TABLE AS anciennes NEW TABLE AS nouvelles",
        "(SELECT {compared} FROM anciennes EXCEPT SELECT {compared} FROM nouvelles) UNION ALL "
        "(SELECT {compared} FROM nouvelles EXCEPT SELECT {compared} FROM anciennes)",
    ),
}


def around(table: str, compared: str, columns: str, concerned: str) -> str:
    """The SQL that notes what a table beside the fiches makes them say."""
    name = f"{table}_{columns.partition(',')[0]}"
    return "".join(
        NOTED.format(
            name=name,
            table=table,
            event=event,
            tables=tables,
            columns=columns,
            concerned=concerned,
            rows=rows.format(compared=compared),
        )
        for event, (tables, rows) in EVENTS.items()
    )


CASES = ", ".join(f"CASE WHEN a.{name} IS DISTINCT FROM n.{name} THEN '{NAMES.get(name, name)}' END" for name in OWN)
CHANGES = TOLD + FICHES.format(cases=CASES) + "".join(around(*row) for row in AROUND)
