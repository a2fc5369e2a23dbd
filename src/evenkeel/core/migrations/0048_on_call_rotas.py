from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0047_reply_templates"),
    ]

    operations = [
        migrations.AddField(
            model_name="team",
            name="rota",
            field=models.JSONField(
                blank=True, default=dict, editable=False, verbose_name="on-call rota"
            ),
        ),
    ]
