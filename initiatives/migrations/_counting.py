"""What the database counts at commit, for the columns of the table of combinations: asked for by 0002, and by every
migration that adds a column there.

Three things are shared by all writers: the words of public fiches (a draft's words must not show in a correction), the
combinations of facets, and the version of the data. A writer that locked them at its first statement would hold up
every other until its end, and two would wait for each other. So a statement only notes what it changed, in
`a_compter`, and everything noted is counted once, at commit, always in the same order: words by name, combinations by
fingerprint, the version last. Nobody else ever sees a row of `a_compter`: the commit takes them away.
"""

# The table is dropped with its trigger; the rest is replaced where it is there already.
COUNTS = """
DROP TABLE IF EXISTS public.initiatives_a_compter;
CREATE TABLE public.initiatives_a_compter AS
SELECT 0 AS sens, mots, {facets} FROM public.initiatives_initiative WITH NO DATA;

CREATE OR REPLACE FUNCTION public.compter_au_commit() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- Every statement notes a row; the first of them to come here counts for all.
    IF NOT EXISTS (SELECT FROM public.initiatives_a_compter) THEN
        RETURN NULL;
    END IF;
    INSERT INTO public.initiatives_mot AS m (mot, nombre)
    SELECT mot, sum(sens) FROM public.initiatives_a_compter, unnest(mots) AS mot
    GROUP BY mot HAVING sum(sens) <> 0 ORDER BY mot
    ON CONFLICT (mot) DO UPDATE SET nombre = m.nombre + EXCLUDED.nombre;
    DELETE FROM public.initiatives_mot WHERE nombre <= 0
    AND mot IN (SELECT unnest(mots) FROM public.initiatives_a_compter WHERE sens < 0);

    INSERT INTO public.initiatives_combinaison AS c (empreinte, nombre, {facets})
    SELECT md5(ROW({facets})::text), sum(sens), {facets} FROM public.initiatives_a_compter WHERE sens <> 0
    GROUP BY {facets} HAVING sum(sens) <> 0 ORDER BY 1
    ON CONFLICT (empreinte) DO UPDATE SET nombre = c.nombre + EXCLUDED.nombre;
    DELETE FROM public.initiatives_combinaison WHERE nombre <= 0;

    DELETE FROM public.initiatives_a_compter;
    UPDATE public.initiatives_versiondonnees SET numero = numero + 1, modifiee_le = clock_timestamp();
    PERFORM public.dire_les_changements();
    RETURN NULL;
END
$$;
CREATE CONSTRAINT TRIGGER compter AFTER INSERT ON public.initiatives_a_compter
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.sens = 0) EXECUTE FUNCTION public.compter_au_commit();

DELETE FROM public.initiatives_combinaison;
INSERT INTO public.initiatives_combinaison (empreinte, nombre, {facets})
SELECT md5(ROW({facets})::text), count(*), {facets} FROM public.initiatives_initiative WHERE statut = 'publiee'
GROUP BY {facets};
UPDATE public.initiatives_versiondonnees SET numero = numero + 1, modifiee_le = clock_timestamp();
"""
NOTE = """
CREATE OR REPLACE FUNCTION public.noter_{event}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO public.initiatives_a_compter {rows};
    RETURN NULL;
END
$$;
CREATE OR REPLACE TRIGGER noter_{event} AFTER {event} ON public.initiatives_initiative REFERENCING {tables}
FOR EACH STATEMENT EXECUTE FUNCTION public.noter_{event}();
"""
NEW, OLD = "NEW TABLE AS nouvelles", "OLD TABLE AS anciennes"


def counted_by(facets: str) -> str:
    """The SQL that counts combinations of these columns from now on, and counts anew those of the fiches there are."""
    added = f"SELECT 1, mots, {facets} FROM nouvelles WHERE statut = 'publiee'"
    removed = f"SELECT -1, mots, {facets} FROM anciennes WHERE statut = 'publiee'"
    noted = [
        ("insert", added, NEW),
        ("update", f"{added} UNION ALL {removed}", f"{OLD} {NEW}"),
        ("delete", removed, OLD),
    ]
    notes = [NOTE.format(event=event, rows=rows, tables=tables) for event, rows, tables in noted]
    return "".join([COUNTS.format(facets=facets), *notes])
