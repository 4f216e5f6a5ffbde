from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("migrants", "0022_look_up_ranked")]
    operations = [
        migrations.AlterField(
            model_name="duplicatepair",
            name="state",
            field=models.CharField(
                choices=[
                    ("open", "to be decided"),
                    ("same", "one person"),
                    ("different", "two people"),
                    ("unlikely", "no longer likely"),
                ],
                default="open",
                max_length=10,
            ),
        ),
    ]
