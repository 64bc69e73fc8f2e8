"""The version of the data, moved on by the database itself, and the numbering of new fiches."""

from django.db import migrations

# Every table whose content a public page, a count or a file shows.
TABLES = [
    "initiative",
    "porteur",
    "correction",
    "organisme",
    "region",
    "region_voisines",
    "source",
    "contact",
    "ligneaide",
    "sondage",
]

FORWARD = """
INSERT INTO initiatives_versiondonnees (numero, modifiee_le) VALUES (1, now());

CREATE FUNCTION public.avancer_version_donnees() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE public.initiatives_versiondonnees SET numero = numero + 1, modifiee_le = now();
    RETURN NULL;
END
$$;

-- The report's fiches are 1 to 152; numbers given from now on begin after them.
ALTER TABLE initiatives_initiative ALTER COLUMN numero RESTART WITH 153;
"""
TRIGGER = """
CREATE TRIGGER version_donnees AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON initiatives_{table}
FOR EACH STATEMENT EXECUTE FUNCTION public.avancer_version_donnees();
"""
BACKWARD = (
    "".join(f"DROP TRIGGER version_donnees ON initiatives_{table};" for table in TABLES)
    + """
DROP FUNCTION public.avancer_version_donnees();
DELETE FROM initiatives_versiondonnees;
"""
)


class Migration(migrations.Migration):
    dependencies = [("initiatives", "0001_initial")]

    operations = [
        migrations.RunSQL(FORWARD + "".join(TRIGGER.format(table=table) for table in TABLES), BACKWARD),
    ]
