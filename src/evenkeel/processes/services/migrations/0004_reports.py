"""Service reports; what is sealed does not change, and the database itself sees to that."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

SEAL = """
CREATE FUNCTION services_report_is_sealed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'A sealed report never changes.';
END $$;
CREATE FUNCTION services_case_of_sealed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    its_report bigint := CASE WHEN TG_OP = 'INSERT' THEN NEW.report_id ELSE OLD.report_id END;
BEGIN
    IF EXISTS (
        SELECT FROM services_servicereport
        WHERE record_ptr_id = its_report AND approved_at IS NOT NULL
    ) THEN
        RAISE EXCEPTION 'A sealed report never changes, nor do the cases behind it.';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER report_is_sealed BEFORE UPDATE ON services_servicereport
    FOR EACH ROW WHEN (
        OLD.approved_at IS NOT NULL
        AND (OLD.begins_on, OLD.ends_on, OLD.basis, OLD.figures, OLD.availability,
            OLD.counted_at, OLD.approved_by_id, OLD.approved_at)
        IS DISTINCT FROM (NEW.begins_on, NEW.ends_on, NEW.basis, NEW.figures, NEW.availability,
            NEW.counted_at, NEW.approved_by_id, NEW.approved_at)
    ) EXECUTE FUNCTION services_report_is_sealed();
CREATE TRIGGER sealed_report_stays BEFORE DELETE ON services_servicereport
    FOR EACH ROW WHEN (OLD.approved_at IS NOT NULL) EXECUTE FUNCTION services_report_is_sealed();
CREATE TRIGGER case_of_sealed_report BEFORE INSERT OR UPDATE OR DELETE ON services_reportedcase
    FOR EACH ROW EXECUTE FUNCTION services_case_of_sealed();
"""
OPEN = """
DROP TRIGGER case_of_sealed_report ON services_reportedcase;
DROP TRIGGER sealed_report_stays ON services_servicereport;
DROP TRIGGER report_is_sealed ON services_servicereport;
DROP FUNCTION services_case_of_sealed();
DROP FUNCTION services_report_is_sealed();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0020_unseen_notices"),
        ("services", "0003_violations"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ServiceReport",
            fields=[
                (
                    "record_ptr",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        parent_link=True,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="core.record",
                    ),
                ),
                ("begins_on", models.DateField(editable=False, verbose_name="first day")),
                ("ends_on", models.DateField(editable=False, verbose_name="last day")),
                (
                    "basis",
                    models.CharField(
                        choices=[
                            ("decided", "Targets that were kept or violated in the period"),
                            ("recorded", "Targets of the cases that were recorded in the period"),
                        ],
                        default="decided",
                        max_length=10,
                        verbose_name="targets counted",
                    ),
                ),
                ("figures", models.JSONField(default=list, editable=False, verbose_name="figures")),
                (
                    "availability",
                    models.JSONField(default=list, editable=False, verbose_name="availability"),
                ),
                ("counted_at", models.DateTimeField(editable=False, verbose_name="counted")),
                (
                    "approved_at",
                    models.DateTimeField(editable=False, null=True, verbose_name="sealed"),
                ),
                ("sent_at", models.DateTimeField(editable=False, null=True, verbose_name="sent")),
                (
                    "approved_by",
                    models.ForeignKey(
                        db_index=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="sealed by",
                    ),
                ),
                (
                    "sent_to",
                    models.ForeignKey(
                        db_index=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="sent to",
                    ),
                ),
            ],
            options={
                "verbose_name": "service report",
            },
            bases=("core.record",),
        ),
        migrations.CreateModel(
            name="ReportedCase",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("what", models.CharField(max_length=12)),
                ("of_kind", models.CharField(max_length=30)),
                ("priority", models.PositiveSmallIntegerField(null=True)),
                ("customer", models.PositiveBigIntegerField(null=True)),
                ("service", models.PositiveBigIntegerField(null=True)),
                ("is_kept", models.BooleanField(null=True)),
                ("is_earlier", models.BooleanField(default=False)),
                ("at", models.DateTimeField()),
                ("target", models.PositiveIntegerField(null=True)),
                ("elapsed", models.PositiveIntegerField(null=True)),
                (
                    "record",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="core.record",
                    ),
                ),
                (
                    "report",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cases",
                        to="services.servicereport",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["report", "what", "is_earlier", "at", "id"],
                        name="reported_by_figure",
                    )
                ],
            },
        ),
        migrations.RunSQL(SEAL, OPEN),
    ]
