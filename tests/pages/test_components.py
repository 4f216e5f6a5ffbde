"""The component set: what each tag says, and how the gallery looks to eyes, ears, printers and old machines."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django import forms
from django.template import Context, Template
from django.test import Client
from django.utils import translation
from playwright.sync_api import BrowserContext, Page, expect

from accounts.models import User
from deploy.local.measure import weigh
from tests.cast import sign_in_as
from tests.support.eyes import faults_of_pages

ROOT = Path(__file__).parents[2]
MORNING = datetime(2020, 10, 1, 3, 5, tzinfo=UTC)
TEMPLATES = sorted([*ROOT.glob("templates/**/*.html"), *ROOT.glob("*/templates/**/*.html")])
HOOKS = {"busy", "htmx-request", "thumb-more", "theme-toggle", "bar-full", "bar-part", "bar-rest"}
"""Classes that only a script or the server's own SVG uses."""


def rendered(source: str, **values: object) -> str:
    return Template("{% load ui %}" + source).render(Context(values))


def words(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


# ---------------------------------------------------------------- what tags say


def test_a_time_is_said_with_the_city_of_each_side():
    said = rendered("{% both_times at zones %}", at=MORNING, zones=["Asia/Tashkent", "Asia/Almaty"], page_now=MORNING)
    assert words(said) == "08:05 Tashkent ( 09:05 Almaty)"


def test_the_side_that_is_meant_stands_first():
    said = rendered("{% both_times at 'Asia/Almaty, Asia/Tashkent' %}", at=MORNING, page_now=MORNING)
    assert words(said) == "09:05 Almaty ( 08:05 Tashkent)"


def test_sides_that_keep_the_same_time_are_named_together():
    today = datetime(2026, 3, 1, 3, 5, tzinfo=UTC)
    said = rendered("{% both_times at 'Asia/Tashkent,Asia/Almaty' %}", at=today, page_now=today)
    assert words(said) == "08:05 Tashkent, Almaty"


def test_another_day_is_named_and_another_year_too():
    zones, now = ["Asia/Tashkent"], MORNING
    day_before = rendered("{% both_times at zones %}", at=now - timedelta(days=1), zones=zones, page_now=now)
    year_before = rendered("{% both_times at zones %}", at=now - timedelta(days=366), zones=zones, page_now=now)
    assert words(day_before) == "30 Sep 08:05 Tashkent"
    assert words(year_before) == "1 Oct 2019 08:05 Tashkent"


def test_a_side_where_the_day_is_another_says_so():
    night = datetime(2020, 10, 1, 18, 30, tzinfo=UTC)
    said = rendered("{% both_times at 'Asia/Tashkent,Asia/Almaty' %}", at=night, page_now=night)
    assert words(said) == "23:30 Tashkent ( 2 Oct 00:30 Almaty)"


def test_without_a_page_clock_the_full_date_is_given():
    assert words(rendered("{% both_times at 'Asia/Tashkent' %}", at=MORNING)) == "1 Oct 2020 08:05 Tashkent"


def test_no_time_is_a_dash():
    assert words(rendered("{% both_times at 'Asia/Tashkent' %}{% one_time at 'Asia/Tashkent' %}", at=None)) == "––"


def test_cities_and_months_are_named_in_the_language_of_the_page():
    with translation.override("ru"):
        said = rendered("{% both_times at 'Asia/Tashkent' %}", at=MORNING, page_now=MORNING + timedelta(days=3))
    assert words(said) == "1 окт. 08:05 Ташкент"


@pytest.mark.parametrize(
    ("period", "said"),
    [
        (timedelta(days=2, hours=3, minutes=5), "2 d 3 h"),
        (timedelta(hours=19), "19 h"),
        (timedelta(hours=2, minutes=25), "2 h 25 min"),
        (timedelta(seconds=20), "under a minute"),
        (None, "–"),
    ],
)
def test_a_period_is_said_in_its_two_largest_units(period, said):
    assert rendered("{{ period|lasting }}", period=period) == said


@pytest.mark.parametrize(
    ("kind", "look", "word"),
    [
        ("met", "ready", "met"),
        ("missing", "missing", "missing"),
        ("expiring", "expiring", "runs out first"),
        ("unknown", "unknown", "unknown"),
        ("waived", "waived", "waived"),
        ("exempt", "exempt", "exempt"),
    ],
)
def test_a_state_is_icon_and_word_and_colour(kind, look, word):
    said = rendered("{% state kind %}", kind=kind)
    assert f"state-{look}" in said
    assert "<use href=" in said
    assert words(said) == word


def test_words_of_others_are_never_markup():
    evil = "<script>alert(1)</script>"
    said = rendered(
        "{% state 'missing' evil %}{% names evil evil %}{% stat evil evil '#' evil %}{% panel evil %}{{ evil }}{% endpanel %}"
        "{% banner evil %}{% actions %}{{ evil }}{% endactions %}{{ evil }}{% endbanner %}{% diff evil evil %}{% tel evil %}",
        evil=evil,
    )
    assert "<script" not in said


def test_a_count_of_nothing_is_nothing():
    assert rendered("{% count 0 %}") == ""
    assert words(rendered("{% count 7 'not acknowledged' %}")) == "7 not acknowledged"


def test_the_same_name_is_not_said_twice():
    assert words(rendered("{% names 'Umed' 'Umed' %}")) == "Umed"
    assert words(rendered("{% names 'Қодиров Умед' 'Qodirov Umed' %}")) == "Қодиров Умед Qodirov Umed"


def test_a_change_is_said_word_by_word():
    said = rendered("{% diff before after %}", before="children under 12 exempt", after="children under 5 exempt")
    assert words(said) == "children under removed: 12 added: 5 exempt"


def test_buttons_of_a_banner_stand_after_its_words():
    said = rendered("{% banner 'Stop' %}{% actions %}<a href='#'>Go</a>{% endactions %}<p>Why</p>{% endbanner %}")
    assert words(said) == "Stop Why Go"


class Count(forms.Form):
    men = forms.IntegerField(label="men", min_value=0, help_text="18 and over")
    mood = forms.ChoiceField(label="mood", choices=[("calm", "calm"), ("tense", "tense")], widget=forms.RadioSelect)


def test_a_field_is_bound_to_its_label_help_and_error():
    said = rendered("{% field form.men %}", form=Count({"men": "-1", "mood": "calm"}))
    assert '<label class="field-label" for="id_men">' in said
    assert 'aria-describedby="id_men_helptext id_men_error"' in said
    assert 'aria-invalid="true"' in said
    assert 'id="id_men_error"' in said


def test_radio_buttons_become_chips_under_one_legend():
    said = rendered("{% field form.mood %}", form=Count())
    assert said.count('class="chip"') == 2
    assert "<legend" in said


def test_the_error_summary_names_field_fault_and_remedy_and_leads_there():
    rows = [{"where": "row 17, column Birth date", "message": "Write day.month.year."}]
    said = rendered("{% error_summary form rows %}", form=Count({"men": "-1", "mood": "odd"}), rows=rows)
    assert words(said).startswith("3 things to mend Men")
    assert 'href="#id_men"' in said
    assert 'href="#id_mood_0"' in said
    assert "row 17, column Birth date" in said


def test_without_errors_there_is_no_summary():
    assert rendered("{% error_summary form %}", form=Count()).strip() == ""


# ---------------------------------------------------------------- what the sheets and the sprite hold


def used_classes(template: Path) -> set[str]:
    source = re.sub(r"\{%[^%]*%\}|\{\{[^}]*\}\}", "{}", template.read_text())
    found = " ".join(re.findall(r'class="([^"]*)"', source)).split()
    return {name for name in found if "{" not in name}


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_class_of_a_template_is_in_a_sheet(template):
    sheets = "".join(path.read_text() for path in (ROOT / "static" / "build").glob("*.css"))
    own_sheet = "".join(re.findall(r"<style>(.*?)</style>", template.read_text(), re.DOTALL))  # a letter brings its own
    known = set(re.findall(r"\.([a-zA-Z][\w-]*)", sheets + own_sheet)) | HOOKS
    assert used_classes(template) - known == set()


def test_every_icon_that_a_template_or_tag_names_is_in_the_sprite():
    listed = set(re.findall(r'<symbol id="([\w-]+)"', (ROOT / "static" / "build" / "icons.svg").read_text()))
    sources = [*TEMPLATES, *ROOT.glob("*/templatetags/*.py")]
    named = {name for path in sources for name in re.findall(r"""\{% icon ["']([\w-]+)["']""", path.read_text())}
    assert named - listed == set()


# ---------------------------------------------------------------- the gallery in a browser


@pytest.fixture
def staff(transactional_db: None) -> Client:
    """Signed in as somebody of the house."""
    user = User.objects.create_user("house@homeward.example", printed_name="House", is_staff=True, joined_at=MORNING)
    client = Client()
    sign_in_as(user, client)
    return client


def sign_in(context: BrowserContext, client: Client, address: str) -> None:
    name, cookie = next((name, cookie) for name, cookie in client.cookies.items() if "session" in name)
    context.add_cookies([{"name": name, "value": cookie.value, "url": address}])


@pytest.mark.django_db
def test_strangers_find_no_gallery(client):
    user = User.objects.create_user("field@homeward.example", printed_name="Field", joined_at=MORNING)
    assert client.get("/ui/").status_code == 404
    sign_in_as(user, client)
    assert client.get("/ui/").status_code == 404


def test_the_gallery_is_clean_at_each_width_in_each_theme(page: Page, live_server, staff):
    sign_in(page.context, staff, live_server.url)
    assert faults_of_pages(page, {"gallery": "/ui/"}) == {}


def test_the_theme_is_chosen_once_and_kept(page: Page, live_server, staff):
    sign_in(page.context, staff, live_server.url)
    page.goto("/ui/")
    page.locator(".menu > summary").click()
    page.get_by_role("button", name="Light or dark").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")


def test_a_number_can_be_stepped_and_typed(page: Page, live_server, staff):
    sign_in(page.context, staff, live_server.url)
    page.goto("/ui/")
    number = page.locator("#id_men")
    page.get_by_role("button", name="one more: Men").first.click()
    expect(number).to_have_value("1")
    number.click()
    page.keyboard.type("86")
    expect(number).to_have_value("86")
    for _ in range(2):
        page.get_by_role("button", name="one less: Men").first.click()
    expect(number).to_have_value("84")


def test_the_phone_menu_works_without_scripts(browser, live_server, staff):
    phone = browser.new_context(viewport={"width": 390, "height": 844}, java_script_enabled=False)
    sign_in(phone, staff, live_server.url)
    page = phone.new_page()
    page.goto(f"{live_server.url}/ui/")
    page.locator(".thumb-more > summary").click()
    expect(page.locator(".thumb-sheet").get_by_role("button", name="Sign out")).to_be_visible()
    expect(page.locator(".thumb-sheet [data-theme-toggle]")).to_be_hidden()
    phone.close()


def test_signing_in_weighs_little(live_server, transactional_db):
    assert weigh(f"{live_server.url}/accounts/login/", {}).first < 15_000


def test_a_full_page_weighs_little_and_less_the_second_time(live_server, staff):
    cookies = {name: cookie.value for name, cookie in staff.cookies.items()}
    weight = weigh(f"{live_server.url}/ui/", cookies)
    assert weight.first < 60_000, "a page of ours has 110 KB; its own rows need the rest"
    assert weight.later < 20_000
