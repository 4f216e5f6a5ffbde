"""Who was asked to look at which comment is read by whoever reaches the comment."""

from django.db import migrations

from common.wall import BuildWall, behind


class Migration(migrations.Migration):
    dependencies = [("returns", "0046_needs_at_the_arrival")]

    operations = [BuildWall("returns_mention", behind("returns_casecomment", "comment_id"))]
