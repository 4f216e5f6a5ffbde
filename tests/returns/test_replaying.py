"""`replay_changes`: real changes through a ledger that is thrown away, and what each would have meant for a group."""

import json

import pytest
from django.core.management import CommandError, call_command

from corridors.models import BorderCrossing, Requirement, RequirementDraft, RequirementVersion
from migrants.models import HeadCount
from notifications.models import Alert
from partners.models import Organisation

HEADING = "date,date_announced,country,direction,applies_to,level,note,source\n"


@pytest.fixture
def replayed(tmp_path, capsys):
    """`replayed(rows, …)` runs the command over a list and gives one object for each change."""

    def run(rows, **options):
        file = tmp_path / "changes.csv"
        file.write_text(HEADING + rows)
        call_command("replay_changes", str(file), json=True, **options)
        return [json.loads(line) for line in capsys.readouterr().out.splitlines()]

    return run


def heads(meaning):
    (group,) = meaning["groups"]
    return group["before"], group["after"]


def test_a_closure_stops_everybody_and_its_end_lets_them_go(replayed, group, make_person):
    make_person()
    make_person(passport=False)
    closed, opened = replayed("2020-03-16,2020-03-14,UZB,entry,all,4,,a\n2020-06-15,2020-06-10,UZB,entry,all,0,,b\n")
    assert heads(closed) == ({"ready": 2, "stopped": 0, "unknown": 0}, {"ready": 0, "stopped": 2, "unknown": 0})
    assert heads(opened) == (heads(closed)[1], heads(closed)[0])
    assert closed["ways"][0]["since"] == "2020-03-16T00:00:00+05:00"


def test_a_rule_for_foreigners_leaves_citizens_alone(replayed, group, make_person):
    make_person(nationality="TJK")
    make_person(nationality="UZB")
    (meaning,) = replayed("2020-03-16,,UZB,entry,foreigners,closed,,a\n")
    assert heads(meaning)[1] == {"ready": 1, "stopped": 1, "unknown": 0}


def test_a_later_row_for_some_leaves_the_rest_of_an_earlier_one(replayed, group, make_person):
    make_person(nationality="TJK")
    make_person(nationality="UZB")
    _closed, opened = replayed("2020-03-16,,UZB,entry,all,closed,,a\n2020-04-01,,UZB,entry,citizens,open,,b\n")
    assert heads(opened)[1] == {"ready": 1, "stopped": 1, "unknown": 0}


def test_a_change_known_earlier_for_a_later_day_still_comes(replayed, group, make_person):
    """Announced on the 10th for the 20th; on the 12th a test is announced for the 15th."""
    make_person()
    rows = "2020-03-20,2020-03-10,UZB,entry,all,4,,a\n"
    rows += "2020-03-15,2020-03-12,UZB,entry,all,test,,b\n2020-03-21,2020-03-13,UZB,entry,TJK,no quarantine,,c\n"
    _closed, test, later = replayed(rows)
    assert test["ways"][0]["rules"] == [
        "Required of everyone: a negative test (PCR or rapid) sampled at most 72 hours before the barrier."
    ]
    assert any("Closed" in rule for rule in later["ways"][0]["rules"])


def test_several_rows_of_one_day_all_count(replayed, group, make_person):
    """Everybody is stopped on that day; foreigners too, by a row of their own; citizens may come and go into quarantine."""
    make_person(nationality="TJK")
    make_person(nationality="UZB")
    rows = (
        "2020-03-16,,UZB,entry,all,4,,a\n2020-03-16,,UZB,entry,foreigners,3,,a\n2020-03-16,,UZB,entry,citizens,2,,a\n"
    )
    closed, foreigners, citizens = replayed(rows)
    assert heads(closed)[1] == heads(foreigners)[1] == {"ready": 0, "stopped": 2, "unknown": 0}
    assert foreigners["ways"][0]["rules"] == ["Closed: nobody may cross."]
    assert foreigners["ways"][0]["changed"] == []
    assert heads(citizens)[1] == {"ready": 1, "stopped": 1, "unknown": 0}
    assert "Closed to: nationals of any country but Uzbekistan." in citizens["ways"][0]["rules"]


def test_what_is_announced_later_for_the_same_day_takes_its_place(replayed, group, make_person):
    make_person()
    closed, quarantine = replayed(
        "2020-03-20,2020-03-14,UZB,entry,all,4,,a\n2020-03-20,2020-03-15,UZB,entry,all,2,,b\n"
    )
    assert heads(closed)[1]["stopped"] == heads(quarantine)[0]["stopped"] == 1
    assert heads(quarantine)[1]["ready"] == 1


def test_two_rows_for_two_kinds_of_people_are_one_closure_of_both(replayed, group, make_person):
    make_person(nationality="TJK")
    _first, second = replayed("2020-03-16,,UZB,entry,TJK,4,,a\n2020-03-17,,UZB,entry,KGZ,4,,b\n")
    assert second["ways"][0]["rules"] == ["Closed to: nationals of Kyrgyzstan or nationals of Tajikistan."]


def test_a_row_takes_as_many_queries_late_in_a_list_as_early(
    tmp_path, group, make_person, django_assert_max_num_queries
):
    make_person()
    days = [f"2020-{1 + day // 28:02d}-{1 + day % 28:02d},,UZB,entry,all,{4 * (day % 2)},,a\n" for day in range(60)]
    for many in (1, 59):
        file = tmp_path / f"{many}.csv"
        file.write_text(HEADING + "".join(days[:many]))
        with django_assert_max_num_queries(30 + 8 * many):
            call_command("replay_changes", str(file), json=True)


def test_heads_that_nobody_registered_are_unknown_where_a_test_is_asked(replayed, group, make_person):
    make_person()
    HeadCount.objects.create(
        group=group,
        mission=group.mission,
        counted_at=group.waiting_since,
        recorded_at=group.waiting_since,
        total=3,
        by=group.by,
    )
    (meaning,) = replayed("2020-03-16,,UZB,entry,all,test,,a\n", groups=[group.code])
    assert heads(meaning)[1] == {"ready": 0, "stopped": 1, "unknown": 2}


def test_a_group_of_which_heads_alone_are_counted_is_unknown_as_a_whole(replayed, group):
    count = {"mission": group.mission, "counted_at": group.waiting_since, "recorded_at": group.waiting_since}
    HeadCount.objects.create(group=group, total=7, by=group.by, **count)
    closed, test = replayed("2020-03-16,,UZB,entry,all,4,,a\n2020-04-16,,UZB,entry,all,test,,a\n")
    assert heads(closed)[1] == {"ready": 0, "stopped": 7, "unknown": 0}
    assert heads(test)[1] == {"ready": 0, "stopped": 0, "unknown": 7}


def test_a_named_group_of_which_nobody_is_known_is_refused_and_never_replaced_by_invented_ones(replayed, group):
    with pytest.raises(CommandError, match="Nobody is counted or registered in ZZ-0929"):
        replayed("2020-03-16,,UZB,entry,all,4,,a\n", groups=[group.code])


def test_nothing_is_stored_and_nobody_is_told(replayed, group, make_person):
    make_person()
    replayed("2020-03-16,,UZB,entry,all,4,,a\n")
    kept = (Requirement, RequirementDraft, RequirementVersion, Alert)
    assert [model.objects.count() for model in kept] == [0] * len(kept)
    assert not BorderCrossing.objects.filter(code__startswith="~").exists()
    assert not Organisation.objects.filter(code__startswith="replayed").exists()


def test_a_change_elsewhere_means_nothing_for_the_group(replayed, group, make_person):
    make_person()
    (meaning,) = replayed("2020-03-16,,TJK,exit,all,4,,a\n")
    assert meaning["groups"] == meaning["ways"] == []


def test_where_nobody_waits_invented_groups_stand_there(replayed, crossing):
    (meaning,) = replayed("2020-03-16,,UZB,entry,foreigners,4,,a\n")
    assert heads(meaning)[1] == {"ready": 5, "stopped": 5, "unknown": 0}


def test_faulty_rows_are_named_and_the_others_replayed(tmp_path, crossing, capsys):
    file = tmp_path / "changes.csv"
    file.write_text(
        HEADING
        + "2020-03-16,,UZB,entry,all,4,,a\n2020-03-17,,Nowhere,entry,all,4,,a\n2040-03-17,2020-01-01,UZB,entry,all,0,,a\n"
    )
    with pytest.raises(SystemExit) as ended:
        call_command("replay_changes", str(file))
    said = capsys.readouterr()
    assert ended.value.code == 3
    assert "Row 3, column country" in said.err
    assert "Row 4, column date_announced" in said.err
    assert "1 changes replayed" in said.out


def test_with_strict_nothing_is_replayed_where_a_row_is_faulty(tmp_path, crossing, capsys):
    file = tmp_path / "changes.csv"
    file.write_text(HEADING + "2020-03-16,,UZB,entry,all,4,,a\n2020-03-17,,Nowhere,entry,all,4,,a\n")
    with pytest.raises(SystemExit):
        call_command("replay_changes", str(file), strict=True)
    said = capsys.readouterr()
    assert said.out == ""
    assert "Nothing was replayed" in said.err


def test_an_unknown_group_and_a_file_that_is_no_list_are_refused(tmp_path, crossing):
    file = tmp_path / "changes.csv"
    file.write_text(HEADING + "2020-03-16,,UZB,entry,all,4,,a\n")
    with pytest.raises(CommandError, match="No group is called"):
        call_command("replay_changes", str(file), groups=["ZZ-1"])
    file.write_bytes(b"\x89PNG")
    with pytest.raises(CommandError, match="not a list"):
        call_command("replay_changes", str(file))
