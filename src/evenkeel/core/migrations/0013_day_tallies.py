"""A tally of records by kind and day, kept by the database, so that any page of a list is near."""

from django.db import migrations, models

# Statements, not rows, so that a thousand rows written at once cost one tally. Updates go by row,
# for the moment of recording hardly ever changes, and then the trigger is not called at all.
KEEP = """
CREATE FUNCTION core_day_of(moment timestamptz) RETURNS date LANGUAGE sql IMMUTABLE
    RETURN (moment AT TIME ZONE 'UTC')::date;

CREATE FUNCTION core_tally(of_kind text, moment timestamptz, change bigint) RETURNS void
LANGUAGE sql AS $$
    INSERT INTO core_daytally AS tally (kind, day, records)
    VALUES (of_kind, core_day_of(moment), change)
    ON CONFLICT (kind, day) DO UPDATE SET records = tally.records + EXCLUDED.records;
$$;

CREATE FUNCTION core_tally_new() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO core_daytally AS tally (kind, day, records)
    SELECT of_kind, core_day_of(recorded_at), count(*) FROM added GROUP BY 1, 2 ORDER BY 1, 2
    ON CONFLICT (kind, day) DO UPDATE SET records = tally.records + EXCLUDED.records;
    RETURN NULL;
END $$;

CREATE FUNCTION core_tally_moved() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM core_tally(OLD.of_kind, OLD.recorded_at, -1);
    IF TG_OP = 'UPDATE' THEN
        PERFORM core_tally(NEW.of_kind, NEW.recorded_at, 1);
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER tally_new AFTER INSERT ON core_record
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION core_tally_new();
CREATE TRIGGER tally_moved AFTER UPDATE OF of_kind, recorded_at ON core_record FOR EACH ROW
    WHEN (OLD.of_kind <> NEW.of_kind OR OLD.recorded_at <> NEW.recorded_at)
    EXECUTE FUNCTION core_tally_moved();
CREATE TRIGGER tally_gone AFTER DELETE ON core_record
    FOR EACH ROW EXECUTE FUNCTION core_tally_moved();

INSERT INTO core_daytally (kind, day, records)
SELECT of_kind, core_day_of(recorded_at), count(*) FROM core_record GROUP BY 1, 2;
"""
LEAVE = """
DROP TRIGGER tally_gone ON core_record;
DROP TRIGGER tally_moved ON core_record;
DROP TRIGGER tally_new ON core_record;
DROP FUNCTION core_tally_moved();
DROP FUNCTION core_tally_new();
DROP FUNCTION core_tally(text, timestamptz, bigint);
DROP FUNCTION core_day_of(timestamptz);
"""


class Migration(migrations.Migration):
    dependencies = [("core", "0012_scheme_edition")]

    operations = [
        migrations.CreateModel(
            name="DayTally",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(max_length=30)),
                ("day", models.DateField()),
                ("records", models.BigIntegerField()),
            ],
        ),
        migrations.AddConstraint(
            model_name="daytally",
            constraint=models.UniqueConstraint(fields=("kind", "day"), name="one_tally_per_day"),
        ),
        migrations.RunSQL(KEEP, LEAVE),
    ]
