"""Random rules and facts for hypothesis, shared by the tests of rules and of judging."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from corridors import rules
from corridors.rules.kinds import WEEK
from migrants.enums import ProofKind
from returns.facts import Facts, HeldDocument, HeldProof, TestFact

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


TITLES = ("E-form", "road fee", "Анкета")
amounts = st.decimals(Decimal("0.01"), Decimal(500), places=2)
currencies = st.sampled_from(["USD", "EUR", "UZS"])
hours_of_day = st.sampled_from(["00:00", "02:30", "06:00", "08:15", "18:00", "23:59"])


@st.composite
def vaccinations(draw):
    bounds = sorted(draw(st.lists(st.integers(0, 400), min_size=2, max_size=2)))
    low, high = draw(st.sampled_from([(None, None), (bounds[0], None), (None, bounds[1]), tuple(bounds)]))
    return rules.Vaccination(draw(some_of(rules.VaccineKind.values)), draw(st.integers(1, 3)), low, high)


@st.composite
def windows(draw):
    days = draw(st.lists(st.sampled_from(WEEK), max_size=6, unique=True).map(tuple))
    opens, closes = draw(st.lists(hours_of_day, min_size=2, max_size=2, unique=True))
    return rules.Window(days, opens, closes) if draw(st.booleans()) or not days else rules.Window(days)


negative_tests = st.builds(rules.NegativeTest, some_of(rules.TestKind.values), st.integers(1, 720))
leaves = st.one_of(
    negative_tests,
    st.builds(rules.TravelDocument, some_of(rules.DocumentKind.values), st.none() | st.integers(0, 400)),
    ages(),
    st.builds(rules.NationalityIn, some_of(COUNTRIES)),
    st.just(rules.ConsentForm()),
    vaccinations(),
    st.builds(rules.Permit, some_of(rules.PermitKind.values), st.just(()) | some_of(COUNTRIES)),
    st.builds(rules.GuaranteeLetter, st.just(()) | some_of(COUNTRIES)),
    st.builds(rules.RegistrationForm, st.sampled_from(TITLES)),
    st.builds(rules.Payment, st.sampled_from(TITLES), amounts, currencies),
    st.builds(rules.Quarantine, st.integers(1, 21)),
    st.builds(rules.Quota, st.none() | st.integers(1, 500)),
    windows(),
    st.builds(rules.Escort, some_of(rules.EscortKind.values)),
    st.builds(rules.ResidenceIn, some_of(COUNTRIES)),
    st.builds(rules.PurposeIn, some_of(rules.PurposeKind.values)),
    st.builds(rules.Passage, st.sampled_from(rules.PassageWay.values)),
    st.builds(rules.NamedGroup, some_of(("ZZ-2020-1", "ZZ-2020-2"))),
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
proof_days = st.none() | st.dates(date(2020, 8, 1), date(2020, 12, 1))
SORTS = {
    ProofKind.VACCINATION: rules.VaccineKind.values,
    ProofKind.PERMIT: rules.PermitKind.values,
    ProofKind.ESCORT: rules.EscortKind.values,
    ProofKind.PURPOSE: rules.PurposeKind.values,
}


@st.composite
def proofs(draw):
    kind = draw(st.sampled_from(ProofKind))
    return HeldProof(
        kind.value,
        sort=draw(st.sampled_from(SORTS[kind])) if kind in SORTS else "",
        country=draw(st.sampled_from(COUNTRIES)),
        title=draw(st.sampled_from(TITLES)),
        doses=draw(st.none() | st.integers(1, 3)),
        amount=draw(st.none() | amounts),
        currency=draw(currencies),
        begins_on=draw(proof_days),
        last_on=draw(proof_days),
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
    proofs=st.none() | st.lists(proofs(), max_size=6).map(tuple),
    passage=st.sampled_from(["", *rules.PassageWay.values]),
    group_code=st.sampled_from(["", "ZZ-2020-1", "ZZ-2020-3"]),
)
