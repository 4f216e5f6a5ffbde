"""Who was there is read by the organisation that said so: the answer rests on its own disclosure, and on no other's."""

import django.db.models.deletion
from django.db import migrations, models

from common.wall import ChangeWall, Rule, of_own, shown

ADDED = Rule(
    "own_insert",
    "insert",
    "disclosure_id in (select asker_disclosures()) and person_id in (select asker_is_shown())",
)
BEFORE = (shown(), shown(command="insert"))


class Migration(migrations.Migration):
    dependencies = [
        ("returns", "0042_papers_for_the_barrier"),
        ("migrants", "0039_each_its_own_disclosures"),
    ]
    operations = [
        *(
            ChangeWall(table, of_own("disclosure_id", "asker_disclosures"), ADDED, without=BEFORE)
            for table in ("returns_reception", "returns_receiveranswer")
        ),
        migrations.AlterField(
            model_name="receiveranswer",
            name="disclosure",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="%(class)ss", to="migrants.disclosure"
            ),
        ),
        migrations.AlterField(
            model_name="receiveranswer",
            name="person",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="%(class)ss", to="migrants.migrant"
            ),
        ),
        migrations.AlterField(
            model_name="reception",
            name="disclosure",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="%(class)ss", to="migrants.disclosure"
            ),
        ),
        migrations.AlterField(
            model_name="reception",
            name="person",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="%(class)ss", to="migrants.migrant"
            ),
        ),
    ]
