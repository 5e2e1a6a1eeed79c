"""Invented parties in four scripts: companies and people put together from syllables and signs, none of them meant.

A name that somebody bears is chance. Persons are made of syllables that are no names.
"""

from __future__ import annotations

import math
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from tocsin.node import Draft
from tocsin.records import Claim
from tocsin.records.kinds import pairs

_CITIES = {
    "绍兴": "Shaoxing",
    "武汉": "Wuhan",
    "石家庄": "Shijiazhuang",
    "上海": "Shanghai",
    "广州": "Guangzhou",
    "南通": "Nantong",
    "济南": "Jinan",
    "郑州": "Zhengzhou",
    "大连": "Dalian",
    "青岛": "Qingdao",
    "合肥": "Hefei",
    "重庆": "Chongqing",
}
_READ_AS = (
    "hua yuan hai tian jin rui kang jia run heng bo sheng tai hong xin da xing long mei cheng yuan kai xin chuang feng "
    "li he zheng da guang ming wei ke dong fang bei"
)
_SIGNS = dict(
    zip("华源海天金瑞康嘉润恒博盛泰宏信达兴隆美诚远凯新创丰利和正大光明维科东方北", _READ_AS.split(), strict=True)
)
_TRADES = {
    "化工": "Chemical",
    "生物科技": "Biotech",
    "医药": "Pharma",
    "进出口贸易": "Import and Export",
    "新材料": "New Material",
}
_LATIN = "bel mor ta ken dro vi sal ne qui tor ash lun fer ix pa gol ren zu mar eth ori vex dal hum".split()  # noqa: SIM905
_RUSSIAN = "бел мор та кен дро ви сал не квор тор аш лун фер икс па гол рен зу мар эт ори векс дал гум".split()  # noqa: SIM905
_SPANISH = "bel cam to ría güe ña cór sal ne qui tor pá lun fer món rre zu mar él ori vás dal qué ñon".split()  # noqa: SIM905
_FORMS = ("Trading Co., Ltd.", "Chemical Co., Ltd.", "Logistics LLC", "Holding GmbH", "Shipping Ltd.", "Pharma Inc.")
_SPANISH_FORMS = (
    "Comercializadora {} S.A. de C.V.",
    "Química {} S.A. de C.V.",
    "Transportes {} S. de R.L.",
    "Grupo {} S.A.S.",
)
_RUSSIAN_FORMS = ("ООО «{}химпром»", "АО «{}торг»", "ООО «{}фарм»")
_NOTES = (
    "Said to supply precursors of fentanyl to traffickers in North America.",
    "Said to have sold pill presses and die moulds by way of online platforms.",
    "Said to have moved proceeds of methamphetamine sales through shell companies.",
    "Named with nitazenes and xylazine found in seized tablets.",
)
_COUNTRIES = {"chinese": ("cn", "hk", "tw"), "latin": ("us", "in", "ae", "de", "gb", "ca"), "spanish": ("mx", "co", "gt", "ec"),
              "cyrillic": ("ru", "by", "kz")}  # fmt: skip
SCRIPTS = tuple(_COUNTRIES)


@dataclass(frozen=True, slots=True)
class PartyList:
    """A source of parties. ``scripts``: those of its names. Each release adds its share of them and drops a few."""

    source: str
    licence: str
    publisher: str
    prefix: str
    share: float
    scripts: tuple[str, ...]
    releases: int = 6

    def published(self, number: int) -> datetime:
        """Twice a year up to the autumn of 2026."""
        return datetime(2026, 10, 20, tzinfo=UTC) - timedelta(days=182 * (self.releases - 1 - number))


LISTS = (
    PartyList("opensanctions", "CC-BY-NC-4.0", "invented after OpenSanctions", "NK-bench", 0.5, SCRIPTS),
    PartyList("bench-registry-asia", "CC0-1.0", "Tocsin's bench", "bench-as", 0.3, ("chinese", "cyrillic", "latin")),
    PartyList("bench-registry-americas", "CC0-1.0", "Tocsin's bench", "bench-am", 0.2, ("spanish", "latin")),
)
"""The last two are not in the feeds' catalogue: a node may hold what a later version's feed, or a peer, brought."""

_DROPPED = 0.02


@dataclass
class Maker:
    """Makes the parties of one list, always the same ones."""

    source: PartyList
    chance: random.Random = field(init=False)

    def __post_init__(self) -> None:
        self.chance = random.Random(self.source.source)

    def releases(self, claims: int) -> Iterator[tuple[datetime, list[Draft]]]:
        """Release by release: new parties' claims until there are so many, and the aliases that are said no more."""
        held: list[Draft] = []
        for number in range(self.source.releases):
            wanted = -(-claims * (number + 1) // self.source.releases) - -(-claims * number // self.source.releases)
            drafts: list[Draft] = []
            self.chance.shuffle(held)
            dropped = math.ceil(len(held) * _DROPPED)
            gone, held = held[:dropped], held[dropped:]
            drafts += [Draft(one.body, one.locator, settled=True, withdrawn=True) for one in gone]
            while len(drafts) < wanted:
                party = [Draft(claim, f"row {len(drafts)}") for claim in self.party(f"{number}{len(drafts):06}")]
                drafts += party
                held += [draft for draft in party if isinstance(draft.body, Claim) and draft.body.property == "alias"]
            yield self.source.published(number), drafts

    def party(self, number: str) -> list[Claim]:
        """The claims about one party."""
        chance, subject = self.chance, f"{self.source.prefix}-{number}"
        script = chance.choice(self.source.scripts)
        person = script != "chinese" and chance.random() < 0.2
        schema = "Person" if person else "Company"
        name, *aliases = self._person(script) if person else self._company(script)
        since = date(2021, 1, 1) + timedelta(days=chance.randrange(1800))
        country = chance.choice(_COUNTRIES[script])
        code = "".join(chance.choices("0123456789ABCDEF", k=15))
        said = [("name", name), *(("alias", alias) for alias in aliases), ("topics", "sanction")]
        said += [("nationality" if person else "country", country)]
        said += [
            ("address", f"No. {chance.randrange(1, 900)}, {_word(chance, _LATIN, 3)} Road, {_word(chance, _LATIN, 2)}")
        ]
        said += [("idNumber", code)]
        said += [("birthDate" if person else "incorporationDate", f"{chance.randrange(1950, 2020)}-01-01")]
        if chance.random() < 0.3:
            said.append(("notes", chance.choice(_NOTES)))
        return [
            Claim(
                subject, "id", subject, schema=schema, act="list", valid_from=since, qualifiers=pairs(bench="invented")
            ),
            *(
                Claim(subject, what, value, schema=schema, act="list" if what == "topics" else "state")
                for what, value in said
            ),
        ]

    def _company(self, script: str) -> tuple[str, ...]:
        chance = self.chance
        if script == "chinese":
            city, trade = chance.choice(list(_CITIES)), chance.choice(list(_TRADES))
            signs = chance.choices(list(_SIGNS), k=chance.choice((2, 3, 3)))
            latin = "".join(_SIGNS[sign] for sign in signs).title()
            whole = f"{city}{''.join(signs)}{trade}有限公司"
            return whole, f"{_CITIES[city]} {latin} {_TRADES[trade]} Co., Ltd.", f"{''.join(signs)}{trade}"
        if script == "spanish":
            whole = chance.choice(_SPANISH_FORMS).format(_word(chance, _SPANISH, 3))
            return whole, whole.upper()
        if script == "cyrillic":
            return chance.choice(_RUSSIAN_FORMS).format(_word(chance, _RUSSIAN, 3)), f"{_word(chance, _LATIN, 3)} OOO"
        whole = f"{_word(chance, _LATIN, 3)} {_word(chance, _LATIN, 2)} {chance.choice(_FORMS)}"
        return whole, _word(chance, _LATIN, 4)

    def _person(self, script: str) -> tuple[str, ...]:
        parts = {"spanish": _SPANISH, "cyrillic": _RUSSIAN}.get(script, _LATIN)
        names = [_word(self.chance, parts, 3) for _ in range(3)]
        return f"{names[0]} {names[1]}", f"{names[1].upper()}, {names[0]} {names[2]}"


def _word(chance: random.Random, parts: list[str], length: int) -> str:
    return "".join(chance.choices(parts, k=length)).capitalize()
