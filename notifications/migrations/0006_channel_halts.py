import uuid

from django.db import migrations, models

from common.history import KeepHistory
from common.wall import BuildWall, of_staff


class Migration(migrations.Migration):
    """Kinds of channel that are held because their operator refuses us."""

    dependencies = [("notifications", "0005_delivery_states")]

    operations = [
        migrations.CreateModel(
            name="ChannelHalt",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("kind", models.CharField(max_length=10, unique=True)),
                ("since", models.DateTimeField()),
                ("until", models.DateTimeField()),
                ("why", models.CharField(max_length=300)),
                ("told_at", models.DateTimeField(blank=True, null=True)),
            ],
        ),
        KeepHistory("notifications_channelhalt"),
        BuildWall("notifications_channelhalt", of_staff("directory"), of_staff("cases", write=False)),
    ]
