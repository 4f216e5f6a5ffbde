"""Kinds of papers and lists that leave."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("migrants", "0034_people_without_a_year"),
    ]

    operations = [
        migrations.AlterField(
            model_name="export",
            name="kind",
            field=models.CharField(
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
                    ("bus_list", "list of a bus"),
                    ("transit_request", "request for transit"),
                    ("advance_notice", "advance notice of arrival"),
                    ("handover", "handover protocol"),
                    ("travel_document", "application for a travel document"),
                    ("slips", "slips with numbers"),
                    ("list", "list as a spreadsheet"),
                    ("seen_by", "who sees a person, for that person"),
                ],
                max_length=20,
            ),
        ),
    ]
