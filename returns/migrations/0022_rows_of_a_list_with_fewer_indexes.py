"""A row of a list is written twice, and each index again with it: none stays that another begins with or that nothing asks."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("migrants", "0034_people_without_a_year"),
        ("partners", "0007_wall"),
        ("returns", "0021_who_is_to_pass"),
    ]

    operations = [
        migrations.AlterField(
            model_name="manifestrow",
            name="upload",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="rows",
                to="returns.manifestupload",
            ),
        ),
        migrations.AlterField(
            model_name="manifestrow",
            name="mission",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="partners.office",
            ),
        ),
        migrations.AlterField(
            model_name="manifestrow",
            name="person",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="migrants.migrant",
            ),
        ),
        migrations.AddIndex(
            model_name="manifestrow",
            index=models.Index(
                condition=models.Q(("person__isnull", False)), fields=["person"], name="rows_of_a_person"
            ),
        ),
    ]
