"""Who knew of a notice when is a kind of file that leaves."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("migrants", "0030_export_of_the_directory")]
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
                    ("directory", "directory of organisations"),
                    ("who_knew_when", "which organisation knew of a notice when"),
                ],
                max_length=20,
            ),
        )
    ]
