"""How text becomes words: without accents, by English stems; signs part words."""

from django.db import DatabaseError, migrations, transaction

from evenkeel.core.database import DatabaseUnavailable

EXTENSIONS = ("pg_trgm", "unaccent")

LANGUAGE = """
CREATE TEXT SEARCH CONFIGURATION evenkeel (COPY = english);
ALTER TEXT SEARCH CONFIGURATION evenkeel
    ALTER MAPPING FOR word WITH unaccent, english_stem;
ALTER TEXT SEARCH CONFIGURATION evenkeel
    ALTER MAPPING FOR numword WITH unaccent, simple;

-- Host names, addresses, paths and numbers of records are found by their parts as well as whole.
CREATE FUNCTION core_without_signs(text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN regexp_replace($1, '[-_./:@\\\\+=#&%~<>]', ' ', 'g');
"""
BACK = """
DROP FUNCTION core_without_signs(text);
DROP TEXT SEARCH CONFIGURATION evenkeel;
"""


def install(apps, schema_editor):
    """Both extensions are trusted: the owner of a database may install them."""
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT extname FROM pg_extension")
        missing = sorted(set(EXTENSIONS) - {name for (name,) in cursor.fetchall()})
        commands = [f"CREATE EXTENSION {name};" for name in missing]
        try:
            with transaction.atomic(schema_editor.connection.alias):
                for command in commands:
                    cursor.execute(command)
        except DatabaseError as refused:
            raise DatabaseUnavailable(
                "the database refuses extensions that the search needs"
                f" ({str(refused).splitlines()[0]}); let its administrator run in it:"
                f" {' '.join(commands)}"
            ) from refused


class Migration(migrations.Migration):
    dependencies = [("core", "0007_submissions")]

    operations = [
        migrations.RunPython(install, migrations.RunPython.noop),
        migrations.RunSQL(LANGUAGE, BACK),
    ]
