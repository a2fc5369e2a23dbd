from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("incidents", "0026_called_on_duty")]

    operations = [
        migrations.AddField(
            model_name="incident",
            name="workaround",
            field=models.TextField(
                blank=True,
                default="",
                editable=False,
                help_text="What users can do meanwhile.",
                verbose_name="workaround",
            ),
            preserve_default=False,
        )
    ]
