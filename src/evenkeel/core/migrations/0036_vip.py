from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0035_clocks_of_helpers"),
    ]

    operations = [
        migrations.AddField(
            model_name="user",
            name="is_vip",
            field=models.BooleanField(default=False, editable=False, verbose_name="VIP"),
        ),
        migrations.AddField(
            model_name="person",
            name="is_vip",
            field=models.BooleanField(
                default=False,
                help_text="Staff see it on their cases; rules of escalation and priority may ask for it.",
                verbose_name="VIP",
            ),
        ),
    ]
