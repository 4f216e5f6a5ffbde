from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    """Open posts are looked up for each subscription; one index less where another serves."""

    dependencies = [("notifications", "0009_letters_once_a_language")]

    operations = [
        migrations.AddIndex(
            "webhookpost",
            models.Index(
                condition=Q(state__in=["queued", "in_flight"]),
                fields=["subscription", "due_at"],
                name="posts_open_of_each",
            ),
        ),
        migrations.RemoveIndex("webhookpost", "posts_open"),
    ]
