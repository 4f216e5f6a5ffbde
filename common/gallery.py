"""What the gallery shows: invented figures, names and numbers, each component in each of its states."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from common.inbox import Entry, Inbox, Place, Waiting

ZONES = ["Asia/Tashkent", "Asia/Almaty"]
PEOPLE = [
    ("001", "Қодиров Умед", "Qodirov Umed", "m 34", "ready", "held to 2027-04", "missing", "not taken"),
    ("003", "Латифов Сафар", "Latifov Safar", "m 6", "ready", "held to 2024-02", "exempt", "exempt, under 7"),
    ("017", "Раҳимов Ҳасан", "Rahimov Hasan", "m 27", "expiring", "expires 2 Oct", "missing", "not taken"),
    ("041", "Одинаев Баҳром", "Odinaev Bahrom", "m 51", "unknown", "not asked yet", "waived", "waived until 12:00"),
]
CROSSINGS: list[dict[str, Any]] = [
    {
        "name": "Zhibek Zholy → G‘ishtko‘prik",
        "written": "Жібек жолы → Ғишткўприк · KZ → UZ",
        "waiting": 102,
        "registered": 87,
        "longest": timedelta(days=2, hours=3),
        "state": "missing",
        "words": "102 cannot cross",
        "open": "7 of 9",
        "next": "today 10:00, held",
        "alert": True,
    },
    {
        "name": "Kaplanbek → Navoiy",
        "written": "Қапланбек → Навоий · KZ → UZ",
        "waiting": 64,
        "registered": 50,
        "longest": timedelta(hours=19),
        "state": "expiring",
        "words": "11 expire first",
        "open": "",
        "next": "tomorrow 06:00",
        "alert": False,
    },
    {
        "name": "Oybek → Fotehobod",
        "written": "Ойбек → Фотеҳобод · UZ → TJ",
        "waiting": 0,
        "registered": 0,
        "longest": None,
        "state": "ready",
        "words": "all ready",
        "open": "",
        "next": "arrival 14:20",
        "alert": False,
    },
]
STEPS = [
    {"label": "Counted", "state": "done", "url": "#steps"},
    {"label": "Registered", "state": "done"},
    {"label": "Screened", "state": "done"},
    {"label": "Ready to cross: 1 of 102", "state": "current"},
    {"label": "Corridor 4 of 5", "state": "ahead"},
    {"label": "Boarded", "state": "ahead"},
    {"label": "In transit", "state": "ahead"},
    {"label": "Handed over", "state": "ahead"},
]
TABS = [
    {"label": "Readiness", "url": "#tabs", "current": True},
    {"label": "People", "url": "#tabs"},
    {"label": "Families", "url": "#tabs", "figure": "4"},
    {"label": "Needs and aid", "url": "#tabs"},
    {"label": "Who knows", "url": "#tabs", "figure": "2 of 9"},
    {"label": "Timeline", "url": "#tabs"},
]
NAVIGATION = [
    {"label": "Gallery", "url": "/ui/", "icon": "layout-dashboard", "count": 0, "current": True},
    {"label": "Groups", "url": "#table", "icon": "users-group", "count": 0, "current": False},
    {"label": "Movements", "url": "#table", "icon": "bus", "count": 0, "current": False},
    {"label": "Corridors", "url": "#table", "icon": "route", "count": 2, "current": False},
    {"label": "Requirements", "url": "#table", "icon": "gavel", "count": 0, "current": False},
    {"label": "Notices", "url": "#table", "icon": "speakerphone", "count": 7, "current": False},
    {"label": "People", "url": "#table", "icon": "id-badge-2", "count": 0, "current": False},
]
ROWS_TO_MEND = [
    {
        "where": "row 17, column Birth date",
        "message": "“31.02.1990” is not a day. Write day.month.year.",
        "url": "#table",
    },
    {"where": "row 40, column Document", "message": "The check digit does not fit. Read the number again."},
]


class GalleryForm(forms.Form):
    """One field of each kind; it is shown empty, and filled in wrongly."""

    contact = forms.CharField(label=_("your name"), max_length=80)
    kind = forms.ChoiceField(
        label=_("kind of notice"), choices=[("", "–"), ("new", _("new requirement")), ("closed", _("closed"))]
    )
    crossed_on = forms.DateField(
        label=_("day of crossing"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("At the barrier."),
    )
    men = forms.IntegerField(label=_("men"), min_value=0, help_text=_("18 and over"))
    exact = forms.ChoiceField(
        label=_("how sure"),
        choices=[("true", _("exact")), ("false", _("about"))],
        widget=forms.RadioSelect,
        initial="true",
    )
    needs = forms.MultipleChoiceField(
        label=_("they need"),
        choices=[("blankets", _("blankets")), ("water", _("water")), ("food", _("food")), ("doctor", _("doctor"))],
        widget=forms.CheckboxSelectMultiple,
        required=False,
        initial=["blankets", "water"],
    )
    note = forms.CharField(label=_("note"), widget=forms.Textarea(attrs={"rows": 3}), required=False)
    told = forms.BooleanField(label=_("our post has been told"))
    sheet = forms.FileField(
        label=_("list from the border office"), required=False, help_text=_("XLSX, XLS, ODS or CSV")
    )


def events(now: datetime) -> list[dict[str, Any]]:
    """A timeline that ends at `now`."""
    return [
        {"at": now, "words": "Embassy of Tajikistan acknowledged version 2", "by": "consul", "tone": "ready"},
        {"at": now - timedelta(minutes=20), "words": "9 notices handed over, 1 bounced", "tone": "missing"},
        {"at": now - timedelta(minutes=21), "words": "Requirement reported: negative test, every person, oral"},
        {"at": now - timedelta(days=1), "words": "Head count at Zhibek Zholy: 102, exact", "by": "field team"},
    ]


def _inbox(now: datetime) -> Inbox:
    """Two things owed, one of them too late."""
    place = Place(
        "calls", _("Organisations to call"), "common:gallery", "phone-call", (), 1, True, lambda *_asked: Waiting()
    )
    return Inbox((Entry(place, Waiting(2, now - timedelta(minutes=40), overdue=1)),))


def samples(now: datetime) -> dict[str, Any]:
    """Everything that templates/ui/gallery.html reads."""
    return {
        "navigation": NAVIGATION,
        "viewer_title": "Coordinator, IOM Uzbekistan",
        "page_now": now,
        "page_clocks": ZONES,
        "inbox": _inbox(now),
        "search_url": "/ui/",
        "zones": ZONES,
        "three_zones": "Asia/Almaty, Asia/Tashkent, Europe/Moscow",
        "at": now - timedelta(minutes=21),
        "calls": [
            {
                "why": "Negative test, not older than 72 h",
                "since": now - timedelta(minutes=21),
                "zones": ZONES,
                "url": "#banner",
            },
            {"why": "Corridor ZHIBEK-OYBEK: decide by 18:00", "since": now, "zones": ZONES, "url": "#banner"},
        ],
        "before": now - timedelta(days=3, hours=2),
        "lasted": timedelta(days=2, hours=3),
        "people": PEOPLE,
        "crossings": CROSSINGS,
        "step_items": STEPS,
        "tab_items": TABS,
        "events": events(now),
        "rows_to_mend": ROWS_TO_MEND,
        "cost": [
            (_("94 rapid tests × 20 USD"), "1,880 USD"),
            (_("7 exempt (under 7)"), "0"),
            (_("Needed"), "1,900 USD"),
        ],
        "empty_form": GalleryForm(),
        "wrong_form": GalleryForm(
            {"contact": "", "kind": "new", "crossed_on": "2020-02-31", "men": "-3", "exact": "true"}, auto_id="wrong_%s"
        ),
        "verdicts": ["ready", "missing", "expiring", "unknown", "exempt", "waived"],
        "icon_names": ["home-move", "gavel", "speakerphone", "bus", "users-group", "route", "phone-call", "printer"],
    }
