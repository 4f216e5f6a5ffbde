"""One set of figures of an arrival, for letters, papers and pages: observed, and nothing small in them."""

from datetime import timedelta
from typing import Any

import pytest

from migrants.models import HeadCount
from returns.arrival_figures import bands_of, figures_of
from returns.incoming import arrivals
from returns.outside import announcement_of
from tests.cast import COMMAND, NOW
from tests.returns.convoy import ENTERED, count_all


def shown(**figures: int) -> dict[str, str]:
    return {band.name: band.shown for band in bands_of(HeadCount(**figures))}


def test_ages_and_sexes_together_give_no_small_number_of_boys_away():
    ages = {"men": 60, "women": 20, "children_5_17": 14, "children_under_5": 8}
    told = shown(total=102, males=63, females=39, **ages)
    assert (told["males"], told["females"], told["men"]) == ("–", "–", "60")
    told = shown(total=102, males=70, females=32, **ages)
    assert (told["males"], told["females"]) == ("70", "32")


def test_a_few_whose_age_nobody_noted_are_not_told_by_the_sum():
    assert shown(total=30, men=17, women=10) == {"men": "17", "women": "–"}


@pytest.mark.django_db
def test_letters_and_pages_have_one_figure_and_a_count_after_the_exit_is_of_others(boarded, organisations):
    for kind in ("exited", "entered"):
        count_all(boarded, kind, ENTERED)
    made: dict[str, Any] = {"group": boarded.group, "mission": boarded.mission, "by": COMMAND, "total": 50}
    HeadCount.objects.create(counted_at=ENTERED + timedelta(hours=1), recorded_at=NOW, **made)
    boarded.refresh_from_db()
    figures = figures_of([boarded])[boarded.pk]
    assert (figures.heads, [bus.heads for bus in figures.by_bus], figures.bands) == (6, [2, 2, 2], ())
    assert announcement_of(boarded).heads == 6
    (arrival,) = arrivals([organisations["tj-emb-uz"]], at=ENTERED)
    assert arrival.heads == 6
