"""Random rules and facts for hypothesis, shared by the tests of rules and of judging."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from corridors import rules
from returns.facts import Facts, HeldDocument, TestFact

ZONES = st.sampled_from(
    [ZoneInfo("Asia/Almaty"), ZoneInfo("Asia/Tashkent"), ZoneInfo("UTC"), ZoneInfo("Europe/Moscow")]
)
DAY = datetime(2020, 10, 1, 3, tzinfo=UTC)
COUNTRIES = ("TJK", "UZB", "KAZ", "KGZ", "AFG", "XXA")


def some_of(values):
    return st.lists(st.sampled_from(values), min_size=1, max_size=len(values), unique=True).map(tuple)


@st.composite
def ages(draw):
    low, high = sorted(draw(st.lists(st.integers(1, 99), min_size=2, max_size=2, unique=True)))
    return draw(st.sampled_from([rules.Age(low, None), rules.Age(None, low), rules.Age(low, high), rules.Age(0, None)]))


negative_tests = st.builds(rules.NegativeTest, some_of(rules.TestKind.values), st.integers(1, 720))
leaves = st.one_of(
    negative_tests,
    st.builds(rules.TravelDocument, some_of(rules.DocumentKind.values), st.none() | st.integers(0, 400)),
    ages(),
    st.builds(rules.NationalityIn, some_of(COUNTRIES)),
    st.just(rules.ConsentForm()),
)


def grow(parts):
    groups = st.lists(parts, min_size=1, max_size=3).map(tuple)
    return st.builds(rules.All, groups) | st.builds(rules.AnyOf, groups) | st.builds(rules.Not, parts)


def depth(rule):
    match rule:
        case rules.All(parts) | rules.AnyOf(parts):
            return 1 + max(map(depth, parts))
        case rules.Not(part):
            return 1 + depth(part)
    return 1


populations = st.recursive(leaves, grow, max_leaves=8).filter(lambda rule: depth(rule) <= 8)
trees = (
    populations
    | st.just(rules.Closed())
    | st.builds(rules.AnyOf, st.tuples(populations.filter(lambda rule: depth(rule) < 8), st.just(rules.Closed())))
)
prices = st.builds(
    rules.Price,
    st.decimals(Decimal("0.01"), Decimal(10_000), places=2),
    st.sampled_from(["USD", "EUR", "UZS"]),
    st.sampled_from(rules.PricePer.values),
)
side_effects = st.sampled_from(["", "14 days of quarantine", "карантин 14 дней"])
contents = st.builds(
    rules.Content, trees, st.none() | populations, st.none() | populations, st.none() | prices, side_effects
)

instants = st.integers(-30 * 24 * 4, 10 * 24 * 4).map(lambda quarters: DAY + timedelta(minutes=15 * quarters))
documents = st.builds(
    HeldDocument,
    st.sampled_from(rules.DocumentKind.values),
    st.sampled_from(["held", "expired", "applied", "lost"]),
    st.none() | st.dates(date(2019, 1, 1), date(2022, 1, 1)),
)
tests = st.builds(
    TestFact,
    st.sampled_from(rules.TestKind.values),
    st.sampled_from(["negative", "negative", "negative", "positive", "pending", "invalid"]),
    st.none() | instants,
)
facts = st.builds(
    Facts,
    birth_year=st.none() | st.integers(1920, 2020),
    birth_month=st.none() | st.integers(1, 12),
    birth_day=st.none() | st.integers(1, 31),
    nationalities=st.frozensets(st.sampled_from((*COUNTRIES, "XXX")), max_size=2),
    documents=st.none() | st.lists(documents, max_size=3).map(tuple),
    tests=st.none() | st.lists(tests, max_size=4).map(tuple),
    consent_form=st.sampled_from([None, True, False]),
    waived_until=st.none() | st.none() | instants,
)
