"""A plan says by what a group crosses, where that is known."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("returns", "0017_lists_compared_once"),
    ]

    operations = [
        migrations.AddField(
            model_name="plan",
            name="mode",
            field=models.CharField(
                blank=True,
                choices=[
                    ("foot", "on foot"),
                    ("car", "by car or taxi"),
                    ("bus", "by bus"),
                    ("truck", "by truck"),
                    ("train", "by train"),
                    ("plane", "by plane"),
                    ("boat", "by boat"),
                ],
                default="",
                db_default="",
                max_length=10,
            ),
        ),
    ]
