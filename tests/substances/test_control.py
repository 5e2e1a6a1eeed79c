"""By name and by day: what a text lists, from when until when, and what is owed on a route."""

from datetime import date
from itertools import pairwise

import pytest

from tocsin.records.findings import Window
from tocsin.substances import Answer, along, identify, judge
from tocsin.substances.control import Subject
from tocsin.substances.history import history
from tocsin.substances.newly import newly_controlled
from tocsin.substances.rules import jurisdictions, listings, rules
from tocsin.substances.told import sentence

YES, OPEN, NO = Answer.CONTROLLED, Answer.UNCERTAIN, Answer.NOT_CONTROLLED


def subject(query: str) -> Subject:
    ((_, found),) = identify(query).subjects()
    return found


@pytest.mark.parametrize(
    ("query", "place", "day", "answer"),
    [
        ("N-pyrrolidino metonitazene", "US", date(2025, 8, 14), NO),
        ("N-pyrrolidino metonitazene", "US", date(2025, 8, 15), YES),
        ("N-pyrrolidino metonitazene", "US", date(2028, 1, 1), YES),
        ("4-AP", "UN", date(2022, 11, 22), NO),
        ("4-AP", "UN", date(2022, 11, 23), YES),
        ("benzylfentanyl", "US", date(2020, 5, 14), NO),
        ("benzylfentanyl", "US", date(2020, 5, 15), YES),
        ("para-fluoro furanyl fentanyl", "CN", date(2019, 4, 30), NO),
        ("para-fluoro furanyl fentanyl", "CN", date(2019, 5, 1), YES),
        ("acetylfentanyl", "CN", date(2019, 4, 30), YES),
        ("4-piperidone", "CN", date(2025, 7, 19), NO),
        ("4-piperidone", "CN", date(2025, 7, 20), YES),
        ("fentanyl", "UN", date(2026, 1, 1), YES),
        ("芬太尼类物质", "CN", date(2019, 5, 1), YES),
        ("xylazine", "UN", date(2026, 1, 1), NO),
    ],
)
def test_control_begins_on_its_day(query: str, place: str, day: date, answer: Answer) -> None:
    (judgement,) = judge(subject(query), [place], day)
    assert judgement.answer is answer, judgement.verdicts[0]


def test_a_permanent_listing_after_a_temporary_one_is_told() -> None:
    def since(day: date) -> tuple[str, str]:
        (judgement,) = judge(subject("N-pyrrolidino metonitazene"), ["US"], day)
        return judgement.verdicts[0].since, judgement.verdicts[0].until

    assert since(date(2025, 9, 1)) == ("2025-08-15", "2026-02-10")
    assert since(date(2026, 2, 11)) == ("2026-02-11", "")


def test_what_is_listed_by_name_stands_under_that_listing() -> None:
    (judgement,) = judge(subject("alfentanil"), ["US"], date(2026, 1, 1))
    first, second = judgement.verdicts[:2]
    assert (first.rule, first.schedule, second.rule) == ("US-CSA", "II", "US-FRS")
    assert "stands under that listing" in second.reason


def test_a_list_held_in_part_leaves_a_known_drug_uncertain() -> None:
    (judgement,) = judge(subject("methamphetamine"), ["UN"], date(2026, 1, 1))
    assert judgement.answer is OPEN and "held in part" in judgement.verdicts[0].reason


def test_a_temporary_order_past_its_end_is_uncertain() -> None:
    (judgement,) = judge(subject("ethyleneoxynitazene"), ["US"], date(2028, 1, 1))
    assert judgement.answer is OPEN
    assert "ended 2027-10-15, successor not held" in judgement.verdicts[0].reason


def test_not_controlled_is_told_as_not_found_and_never_as_free() -> None:
    (judgement,) = judge(subject("xylazine"), ["UN"], date(2026, 1, 1))
    told = sentence(judgement, date(2026, 1, 1))
    assert "not found to be controlled under the texts held" in told
    assert not {"safe", "legal", "free", "allowed"} & set(told.lower().split())


def test_a_country_whose_text_is_not_held_is_uncertain_but_for_its_union() -> None:
    france, brazil = judge(subject("4-AP"), ["FR", "BR"], date(2026, 1, 1))
    assert france.answer is YES and france.verdicts[0].rule == "EU-273-111"
    assert brazil.answer is OPEN and "no national text of BR is held" in brazil.verdicts[0].reason
    germany = judge(subject("4-AP"), ["DE"], date(2026, 1, 1))[0]
    assert germany.answer is YES


def test_a_duty_depends_on_the_destination() -> None:
    def kinds(route: list[str]) -> set[str]:
        return {owed.duty.kind for owed in along(subject("4-AP"), route, date(2026, 3, 1))[0].owed}

    assert "export licence by destination" in kinds(["CN", "MX"])
    assert "export licence by destination" in kinds(["CN", "PA", "US"])
    assert "export licence by destination" not in kinds(["CN", "FR"])
    assert "pre-export notification" in kinds(["CN", "FR"])


def test_a_route_has_an_export_transits_and_an_import() -> None:
    stops = along(subject("4-AP"), ["CN", "MX", "US"], date(2026, 3, 1))
    assert [(stop.place, stop.role) for stop in stops] == [("CN", "export"), ("MX", "transit"), ("US", "import")]
    nothing = along(subject("xylazine"), ["CN", "US"], date(2026, 3, 1))
    assert [stop.owed for stop in nothing] == [(), ()]


def test_history_has_no_gap_and_says_what_judge_says() -> None:
    until = date(2026, 6, 1)
    for query in ("N-pyrrolidino metonitazene", "4-AP", "acetylfentanyl", "fentanyl"):
        for place in ("US", "CN", "UN", "DE"):
            spans = history(subject(query), place, until)
            assert spans[-1].end == until
            for before, after in pairwise(spans):
                assert (after.start - before.end).days == 1
            for span in spans:
                for day in (span.start, span.end):
                    assert judge(subject(query), [place], day)[0].answer is span.judgement.answer


def test_what_newly_came_under_control_is_found_once() -> None:
    found = newly_controlled(Window(date(2025, 7, 1), date(2025, 10, 31), "a test"))
    assert [one.day for one in found] == sorted((one.day for one in found), reverse=True)
    assert any(one.rule == "CN-NITAZ-2025" and one.day == "2025-07-01" and not one.substances for one in found)
    october = [one for one in found if one.jurisdiction == "US" and one.day == "2025-10-15"]
    assert sum(len(one.substances) for one in october) >= 7
    assert newly_controlled(Window(date(2025, 7, 1), date(2025, 10, 31), "a test"), ["IN"]) == ()


def test_every_listing_and_rule_refers_to_something() -> None:
    from tocsin.substances import registry

    for rule, substance in listings():
        assert rule in rules() and substance in registry().substances
    assert {rule.jurisdiction for rule in rules().values()} <= set(jurisdictions())
    assert all(one.period.basis for many in listings().values() for one in many)
