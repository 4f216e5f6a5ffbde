"""What is to be bought is a kind of file that leaves."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("migrants", "0027_proofs")]
    operations = [
        migrations.AlterField(
            "export",
            "kind",
            models.CharField(
                choices=[
                    ("manifest", "manifest on paper"),
                    ("sample_list", "list for a laboratory"),
                    ("figures", "figures without names"),
                    ("list_to_mend", "uploaded list with what to mend"),
                    ("declaration", "declaration of voluntary return"),
                    ("subject_access", "what is held about a person"),
                    ("shopping_list", "what is to be bought, without names"),
                ],
                max_length=20,
            ),
        )
    ]
