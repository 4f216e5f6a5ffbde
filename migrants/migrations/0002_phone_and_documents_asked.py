from django.db import migrations, models

import common.sealed


class Migration(migrations.Migration):
    dependencies = [("migrants", "0001_people_groups_consent")]
    operations = [
        migrations.AddField("migrant", "documents_asked_at", models.DateTimeField(blank=True, null=True)),
        migrations.AddField("migrant", "phone", common.sealed.SealedTextField(blank=True, null=True)),
        migrations.AddField("migrant", "phone_index", common.sealed.BlindIndexField(editable=False, null=True)),
        migrations.AddIndex("migrant", models.Index(fields=["phone_index"], name="people_by_phone")),
    ]
