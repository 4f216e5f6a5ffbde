"""Invented names as they come to a border: of several peoples, in several scripts and spellings. Seeded and pure."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass

from migrants.identity import name_keys
from migrants.names import latin
from migrants.names.letters import spellings

_GIVEN = (
    "Умед Сафар Зафар Нозим Азиз Далер Ҳасан Ҳусейн Бахтиёр Исфандиёр Фаррух Ҷамшед Рустам Дилшод Комрон Фирдавс"
    " Манучеҳр Илҳом Абдураҳмон Муҳаммад Саид Шерзод Парвиз Сиёвуш Хуршед Некрӯз Шавкат Улуғбек Ўткир Жасур"
    " Отабек Бобур Сардор Нурлан Ерлан Бауыржан Қайрат Асқар Әлихан Уәлихан Бакыт Азамат Эрмек Тилек Жээнбек Юсуф"
    " Сӯҳроб Ғайрат Қурбон Ҷовид Эҳсон Беҳрӯз Шуҳрат Мирзо Амир Фаридун Наврӯз Искандар Ҳикмат Шоҳрух Бежан Сомон"
    " Жаҳонгир Элдор Дониёр Отабой Тоҳир Ботир Акмал Анвар Равшан Мурод Санжар Бекзод Ғулом Ҳамид Одил Олим"
    " Дәурен Ерболат Серік Мұхтар Төлеген Данияр Руслан Тимур Айбек Нурбек Таалай Кубаныч Эркин Талант Улан Максат"
    "|Фарзона Ойгул Дилбар Гулнора Ситора Мунира Парвина Саодат Зебо Нигора Мадина Шаҳло Тахмина Фирӯза Мавҷуда"
    " Нилуфар Дилноза Ўғилой Зулфия Мухаббат Севара Айгүл Гүлнар Жанар Әсел Айнұр Бермет Айпери Чынара Жылдыз"
    " Нигина Зарина Манижа Шаҳноза Рухшона Сабрина Малика Лола Наргис Фотима Зуҳро Барно Дурдона Камола Феруза"
    " Гулчеҳра Мафтуна Ҳилола Раъно Жамила Салтанат Динара Сауле Айгерим Ботагөз Назгүл Мээрим Гүлзат Айзада Назира"
)
_FATHERS = (
    "Қодир Шариф Латиф Юсуф Назар Бобо Сафар Алӣ Карим Мирзо Хол Зоир Одина Раҳим Ғафур Қурбон Ҳаким Давлат Салим"
    " Турсун Эшмат Тошмат Ҳайдар Ҷӯра Шоҳин Амон Ибодулло Насрулло Файзулло Ҳамид Маҳмад Саид Қосим Ёқуб Исмоил Иброҳим"
    " Ўрин Ғулом Эргаш Хужамқул Бердиёр Мамат Жақып Нұрмағамбет Сейіт Төлеген Өтеген Әбді Қасым Омар Тоқтар Бекбол"
    " Асан Жумабек Токто Усен Абдылда Калый Мурат Сагын Раҷаб Шаъбон Рамазон Ҳоҷӣ Мулло Сангин Пир Зиё Холмурод Мирзоалӣ"
    " Шамсиддин Нуриддин Хайриддин Фахриддин Гулмаҳмад Носир Тоҷиддин Усмон Раҳматулло Ҳабибулло Неъмат Ҳикматулло Ашур"
    " Йўлдош Қўчқор Тўра Нормурод Эшонқул Хидир Рўзи Ҳазрат Маматқул Сатор Ғани Абдуқодир Жўра Мамажон Исо Тожибой Умар"
    " Байжан Қанат Сәрсен Есен Досжан Кәрім Оспан Жұмабай Тілеу Смағұл Ермек Болат Кенже Айдар Мұқан Сұлтан Темір Бек"
    " Кыдыраалы Осмон Сыдык Жапар Турдубай Мамыт Чоро Алым Бейшен Сооронбай Кожо Эсен Төрө Молдо Акмат Жолдош Байыш Шер"
)
_PARTS = (
    "Абду Саид Муҳаммад Шер Нур Меҳр Хол Тош Эш Мир Дил Зиё Амир Бобо Ҷума Бек Худой Тилло Хон Шоҳ Олла Ний Раҷаб Ҳоҷи"
    " Қурбон Мулло Давлат Турсун Дӯст Гадой Ғайб Ёр Имом Каримберд Қилич Ҳақ Файз Бахш Тағой Жон Темир Кенже Ай Жан"
    "|алӣ улло мурод қул бек жон мат назар берди ёр зод мамад раҳим карим амин шод мирзо хон дин диёр боқӣ сайд шариф"
    " қобил нодир ғуфрон латиф салом сатор тоҳир фарҳод ҳасан шукур чора манд пӯлод танда баҳор зариф лочин туғон"
    "|Гул Меҳр Нур Дил Моҳ Зеб Шаҳр Сафо Хуш Ой Биби Руҳ Наз Тоҷ Зар Шод Рӯй Умид Лаъл Садаф Кумуш Олтин Жан Ай Қиз"
    "|гул ой нисо бону моҳ хон зода пари бека чеҳра баҳор дона ноз рӯй физа лола жамол сора зебо нора шода ҳаёт бегим"
)
_BEFORE, _AFTER, _BEFORE_HER, _AFTER_HER = (parts.split() for parts in _PARTS.split("|"))
_MEN, _WOMEN = (names.split() for names in _GIVEN.split("|"))
_STEMS = _FATHERS.split()
_COMPOSED = 0.5
"""How many names of people and of families are put together of two parts, as half of them are in life."""
_CONSONANTS = frozenset("бвгғджҷзйкқлмнпрстфхҳцчшщңһ")
_WRITTEN = ("national", "national", "russian", "latin")
"""In which letters a name is taken down, as often as it stands here."""
_PAIRS = "ғг қк ҳх ӣи ӯу ўу әа ңн өо ұу үу һх іи ҷдж ҒГ ҚК ҲХ ЎУ ӘА ӨО ҰУ ҶДж"
_RUSSIAN = {ord(pair[0]): pair[1:] for pair in _PAIRS.split()}
_SLIPS = 0.08
"""How often a name in Latin letters has one letter in another of its known spellings."""


@dataclass(frozen=True, slots=True)
class Naming:
    """One name with what registration keeps of it. `other_name` is the same in other letters, blank where none is known."""

    full_name: str
    latin_name: str
    other_name: str
    sex: str
    keys: tuple[str, ...]


def namings(how_many: int, *, seed: int) -> Iterator[Naming]:
    """Yield names, the same for the same seed; whole families share a surname, and namesakes come as they do in life."""
    chance = random.Random(seed)
    for _each in range(how_many):
        sex = chance.choice("MMF")
        whole = _whole(chance, sex)
        full_name = _written(chance, whole)
        other_name = whole if full_name != whole and chance.random() < 0.5 else ""
        latin_name = latin(full_name)
        keys = sorted(name_keys(full_name, latin_name, other_name))
        yield Naming(full_name, latin_name, other_name, sex, tuple(keys))


def _whole(chance: random.Random, sex: str) -> str:
    """Make a name in its national spelling: surname, given name and, mostly, the father's name."""
    given = _woman(chance) if sex == "F" else _man(chance)
    surname = _often(chance, _STEMS) if chance.random() > _COMPOSED else _composed(chance)
    hard = surname[-1].lower() in _CONSONANTS
    endings = ("ов", "зода", "") if hard else ("ев", "зода", "")
    ending = chance.choices(endings, (6, 3, 1))[0]
    feminine = "а" if sex == "F" and ending in ("ов", "ев") else ""
    father = _man(chance) + chance.choice(
        ("ович", " ўғли", "ұлы", " уулу", "") if sex == "M" else ("овна", " қизи", "қызы", " кызы", "")
    )
    words = [surname + ending + feminine, given, *([father] if chance.random() < 0.7 else [])]
    return " ".join(words if chance.random() < 0.8 else [words[1], words[0], *words[2:]])


def _man(chance: random.Random) -> str:
    return _often(chance, _MEN) if chance.random() > _COMPOSED else _composed(chance)


def _woman(chance: random.Random) -> str:
    if chance.random() > _COMPOSED:
        return _often(chance, _WOMEN)
    return chance.choice(_BEFORE_HER) + chance.choice(_AFTER_HER)


def _composed(chance: random.Random) -> str:
    return chance.choice(_BEFORE) + chance.choice(_AFTER)


def _often(chance: random.Random, names: list[str]) -> str:
    """Choose a name; the first are the commonest, as a few names are in every country."""
    return names[int(len(names) * chance.random() ** 1.2)]


def _written(chance: random.Random, whole: str) -> str:
    """Write a name down as somebody at the barrier may: in its own letters, in Russian ones, or in Latin ones."""
    how = chance.choice(_WRITTEN)
    if how == "national":
        return whole
    if how == "russian":
        return whole.translate(_RUSSIAN)
    known = spellings()
    signs = [
        chance.choice(known[sign]) if sign in known and chance.random() < _SLIPS else latin(sign) or sign
        for sign in whole
    ]
    return "".join(signs)
