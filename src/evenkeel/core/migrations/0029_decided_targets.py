from django.db import migrations, models

DECIDED = """
    UPDATE core_clock SET decided_at = coalesce(
        breached_at,
        CASE WHEN phase = 'stopped' THEN to_timestamp((turns->-1->>0)::bigint) END
    )
    WHERE target > 0 AND (breached_at IS NOT NULL OR phase = 'stopped')
"""


class Migration(migrations.Migration):
    atomic = False  # rows that were changed stand in the way of an index in one transaction

    dependencies = [
        ("core", "0028_filters_in_indexes"),
    ]

    operations = [
        migrations.AddField(
            model_name="clock",
            name="decided_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.RunSQL(DECIDED, migrations.RunSQL.noop),
        migrations.AddIndex(
            model_name="clock",
            index=models.Index(
                condition=models.Q(("decided_at__isnull", False)),
                fields=["decided_at"],
                name="clock_decided",
            ),
        ),
    ]
