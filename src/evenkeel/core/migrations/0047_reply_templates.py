import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0046_batches_by_program"),
    ]

    operations = [
        migrations.CreateModel(
            name="ReplyTemplate",
            fields=[
                (
                    "record_ptr",
                    models.OneToOneField(
                        auto_created=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        parent_link=True,
                        primary_key=True,
                        serialize=False,
                        to="core.record",
                    ),
                ),
                (
                    "text",
                    models.TextField(
                        help_text="Places that are filled in: {number}, {title}, {requester}, {owner}, {team}, {service}, {priority}, {due}, {recorded}, {me}.",
                        verbose_name="text",
                    ),
                ),
            ],
            options={
                "verbose_name": "reply template",
            },
            bases=("core.record",),
        ),
    ]
