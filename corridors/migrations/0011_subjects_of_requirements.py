"""What a line of requirements may be about: each kind of condition has a subject of its own."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("corridors", "0010_words_from_the_barrier"),
    ]

    operations = [
        migrations.AlterField(
            model_name="barrierreport",
            name="subject",
            field=models.CharField(
                blank=True,
                choices=[
                    ("travel_document", "travel document"),
                    ("health_test", "health test"),
                    ("opening", "opening of the crossing"),
                    ("consent", "consent form"),
                    ("vaccination", "vaccination"),
                    ("permit", "visa or permit"),
                    ("guarantee_letter", "letter of guarantee"),
                    ("registration_form", "registration form"),
                    ("payment", "payment"),
                    ("quarantine", "quarantine"),
                    ("quota", "places of a day"),
                    ("window", "days and hours of passage"),
                    ("escort", "escort"),
                    ("other", "other"),
                ],
                max_length=20,
            ),
        ),
        migrations.AlterField(
            model_name="requirement",
            name="subject",
            field=models.CharField(
                choices=[
                    ("travel_document", "travel document"),
                    ("health_test", "health test"),
                    ("opening", "opening of the crossing"),
                    ("consent", "consent form"),
                    ("vaccination", "vaccination"),
                    ("permit", "visa or permit"),
                    ("guarantee_letter", "letter of guarantee"),
                    ("registration_form", "registration form"),
                    ("payment", "payment"),
                    ("quarantine", "quarantine"),
                    ("quota", "places of a day"),
                    ("window", "days and hours of passage"),
                    ("escort", "escort"),
                    ("other", "other"),
                ],
                max_length=20,
            ),
        ),
    ]
