from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("migrants", "0029_namesakes_weighed")]
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
                ],
                max_length=20,
            ),
        ),
    ]
