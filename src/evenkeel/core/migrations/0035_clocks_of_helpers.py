import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0034_service_notices"),
    ]

    operations = [
        migrations.AddField(
            model_name="clock",
            name="agreement",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="core.record",
            ),
        ),
        migrations.RemoveConstraint(model_name="clock", name="one_clock_of_a_kind"),
        migrations.AddConstraint(
            model_name="clock",
            constraint=models.UniqueConstraint(
                fields=("record", "kind", "agreement"),
                name="one_clock_of_an_agreement",
                nulls_distinct=False,
            ),
        ),
        migrations.AddIndex(
            model_name="clock",
            index=models.Index(
                condition=models.Q(("agreement__isnull", False)),
                fields=["agreement"],
                name="clock_of_helpers",
            ),
        ),
    ]
