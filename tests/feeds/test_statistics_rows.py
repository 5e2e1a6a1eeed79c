"""Rows of statistics feeds, made by hand in the publishers' layouts: what they mean, and why a bad one is refused."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.errors import InputError
from tocsin.feeds import load, read
from tocsin.feeds.cbp_seizures import fiscal_year
from tocsin.feeds.cells import decimal, grouped_count, month_number, subdivision, twelve_months_to, us_place
from tocsin.feeds.reading import BadRow
from tocsin.node import Node
from tocsin.node.state import LedgerEntry
from tocsin.records import Observation

Write = Callable[[str, "str | bytes"], Path]
FUTURE = datetime.now(UTC).year + 2
DAY = date(2025, 7, 1)

VSRR = (
    "state,year,month,period,indicator,percent_complete,percent_pending_investigation,state_name,footnote,"
    "footnote_symbol,data_value,predicted_value"
)
VSRR_OLD = (
    "State,Year,Month,Period,Indicator,Data Value,Percent Complete,Percent Pending Investigation,State Name,Footnote,"
    "Footnote Symbol,Predicted Value"
)
T404 = '"Synthetic opioids, excl. methadone (T40.4)"'
WONDER = (
    "Notes,Year,Year Code,Month,Month Code,State,State Code,Multiple Cause of death,Multiple Cause of death Code,Deaths,"
    "Population,Crude Rate"
)
DOSE = (
    "jurisdiction,year,month,rate_time,drug_rate,opioid_rate,fentanyl_rate,heroin_rate,stimulant_rate,cocaine_rate,"
    "methamphetamine_rate,benzodiazepine_rate"
)
CBP = "FY,Month (abbv),Component,Region,Land Filter,Area of Responsibility,Drug Type,Count of Event,Sum Qty (lbs)"
PHAC = "Substance,Source,Specific_Measure,Region,PRUID,Time_Period,Year_Quarter,Aggregator,Disaggregator,Unit,Value"
ONS = "sex,year,all_drug_poisoning,drug_misuse"
HEADERS = {
    "us-cdc-vsrr": VSRR, "us-cdc-wonder": WONDER, "us-cdc-dose": DOSE, "us-cbp-seizures": CBP, "ca-phac-harms": PHAC,
    "gb-ons-drug-deaths": ONS,
}  # fmt: skip


def vsrr(state: str = "OH", month: str = "December", value: str = "100", *, year: str = "2020", **cells: str) -> str:
    about = {"period": "12 month-ending", "indicator": T404, "pending": "0.2", "footnote": "", "symbol": "**"} | cells
    return (
        f"{state},{year},{month},{about['period']},{about['indicator']},100,{about['pending']},x,{about['footnote']},"
        f"{about['symbol']},{value},{cells.get('predicted', '110')}"
    )


def wonder(state: str = "Ohio", code: str = "2020/05", deaths: str = "12", label: str = "2020", notes: str = "") -> str:
    return f'{notes},{label},2020,"May, 2020",{code},{state},39,Other,T40.4,{deaths},Not Applicable,Not Applicable'


def dose(
    state: str = "OH", month: str = "5", rates: str = "1.0,1.0,0.1,*,1.0,1.0,1.0,1.0", kind: str = "Monthly"
) -> str:
    return f"{state},2023,{month},{kind},{rates}"


def cbp(fy: str = "2024", month: str = "OCT", drug: str = "Fentanyl", events: str = "3", pounds: str = "10.5") -> str:
    return f"{fy},{month},U.S. Border Patrol,Southwest Border,Land Only,TUCSON SECTOR,{drug},{events},{pounds}"


def phac(region: str = "Canada", period: str = "2021", value: str = "7546", unit: str = "Number") -> str:
    return f"Opioids,Deaths,Overall numbers,{region},1,By year,{period},,,{unit},{value}"


GOOD = {
    "us-cdc-vsrr": [vsrr(), vsrr("PA")],
    "us-cdc-wonder": [wonder(), wonder("Maine")],
    "us-cdc-dose": [dose(), dose("PA")],
    "us-cbp-seizures": [cbp(), cbp(month="NOV")],
    "ca-phac-harms": [phac(), phac("Quebec", value="296")],
    "gb-ons-drug-deaths": ["Persons,2023,5053,3353", "Males,2023,3000,2000"],
}


def table(source: str, *rows: str) -> str:
    return "\n".join([HEADERS[source], *GOOD[source], *rows, ""])


def entry(node: Node, write: Write, source: str, *rows: str) -> LedgerEntry:
    (one,) = load(node, source, [write("table.csv", table(source, *rows))], DAY).entries
    assert one.accounting.adds_up()
    return one


def bodies(write: Write, source: str, *rows: str) -> list[Observation]:
    (release,) = read(source, [write("table.csv", "\n".join([HEADERS[source], *rows, ""]))], DAY)[0]
    return [draft.body for draft in release.drafts if isinstance(draft.body, Observation)]


@pytest.mark.parametrize(
    ("source", "row", "reason"),
    [
        ("us-cdc-vsrr", vsrr("ZZ"), "'ZZ' is not a US state; columns may be swapped"),
        ("us-cdc-vsrr", vsrr(month="Smarch"), "'Smarch' is not a month; columns may be swapped"),
        ("us-cdc-vsrr", vsrr(month="May", year=str(FUTURE)), f"{FUTURE} lies in the future; check the row"),
        ("us-cdc-vsrr", vsrr(month="May", symbol="***"), "footnote symbol or period is none of the publisher's"),
        ("us-cdc-vsrr", vsrr(month="May", indicator="Vibes"), "'Vibes' is no indicator known here"),
        ("us-cdc-vsrr", vsrr(month="May", value=""), "the number is missing and the footnote does not say why"),
        ("us-cdc-vsrr", vsrr(month="May", value="-4"), "'-4' is not a whole number"),
        ("us-cdc-vsrr", vsrr(value="99"), "the same number stands twice, first in row 2; remove one"),
        ("us-cdc-vsrr", vsrr(month="December", pending="9", indicator="Heroin (T40.1)"), "completeness is ('9', '100') here"),
        ("us-cdc-wonder", wonder("Ontario"), "'Ontario' is no part of US known here; columns may be swapped"),
        ("us-cdc-wonder", wonder(code="2021/05"), "year '2020' and month '2021/05' do not fit; columns may be swapped"),
        ("us-cdc-wonder", wonder(label="2020 (guessed)"), "year '2020 (guessed)' and month '2020/05' do not fit"),
        ("us-cdc-wonder", wonder("Utah").replace("T40.4", "T40.1"), "the cause is 'T40.1', and this feed reads T40.4"),
        ("us-cdc-dose", dose(kind="Weekly"), "'Weekly' is neither Monthly nor Annual; columns may be swapped"),
        ("us-cdc-dose", dose("UT", rates="1.0,1.0,x,*,1.0,1.0,1.0,1.0"), "'x' is not a number; columns may be swapped"),
        ("us-cbp-seizures", cbp(fy="24"), "'24' is not a fiscal year; columns may be swapped"),
        ("us-cbp-seizures", cbp(month="XXX"), "'XXX' is not a month; columns may be swapped"),
        ("us-cbp-seizures", cbp(month="DEC", pounds="-1"), "'-1' is not a number; columns may be swapped"),
        ("us-cbp-seizures", cbp(month="DEC").replace("U.S. Border Patrol", "Coast Guard"), "component or drug is none"),
        ("us-cbp-seizures", cbp(fy=f"{FUTURE + 1}"), f"{FUTURE} lies in the future; check the row"),
        ("ca-phac-harms", phac("Atlantis"), "'Atlantis' is no region known here; columns may be swapped"),
        ("ca-phac-harms", phac("Alberta", "2021 Q5"), "'2021 Q5' is not a period; columns may be swapped"),
        ("ca-phac-harms", phac("Alberta", value="-3"), "'-3' is not a whole number; columns may be swapped"),
        ("ca-phac-harms", phac("Alberta", unit="Furlongs"), "source, unit or substance is none of the publisher's"),
        ("gb-ons-drug-deaths", "Cats,2023,1,1", "'Cats' is none of Persons, Males, Females; columns may be swapped"),
        ("gb-ons-drug-deaths", 'Persons,2022,"4,572",2906', "'4,572' holds a thousands separator; write 4572"),
    ],
)  # fmt: skip
def test_a_bad_row_is_kept_apart(node: Node, write: Write, source: str, row: str, reason: str) -> None:
    one = entry(node, write, source, row)
    (bad,) = one.accounting.quarantined
    assert bad.reason.startswith(reason)
    assert (bad.file_name, bad.row) == ("table.csv", 4)
    assert one.accounting.accepted == 2


@pytest.mark.parametrize(
    ("source", "row", "reason"),
    [
        ("us-cdc-vsrr", vsrr("UT", value="", footnote="x. Data not shown due to low data quality."), "not shown: low data quality"),
        ("us-cdc-wonder", wonder("Utah", notes="Total"), "total or note of the publisher"),
        ("us-cdc-dose", dose("UT", rates=",".join("§" * 8)), "state does not share data (§)"),
        ("us-cdc-dose", dose("ND", rates=",".join("¶" * 8)), "state takes no part (¶)"),
        ("ca-phac-harms", phac("Alberta", value="n/a"), "not available (n/a)"),
        ("ca-phac-harms", phac(), "repeats an earlier row"),
    ],
)  # fmt: skip
def test_a_row_without_a_number_is_skipped_for_a_reason(
    node: Node, write: Write, source: str, row: str, reason: str
) -> None:
    assert dict(entry(node, write, source, row).accounting.skipped) == {reason: 1}


@pytest.mark.parametrize("source", HEADERS)
@pytest.mark.parametrize(("old", "new"), [(",", ",surprise,"), (None, None)])
def test_changed_columns_are_refused_with_the_difference(
    node: Node, write: Write, source: str, old: str | None, new: str | None
) -> None:
    load(node, source, [write("good.csv", table(source))], DAY)
    header = HEADERS[source].replace(old, new or "", 1) if old else HEADERS[source].split(",", 1)[1]
    said = "missing none; new surprise" if old else f"missing {HEADERS[source].split(',', 1)[0]}; new none"
    with pytest.raises(
        InputError, match=f"bad.csv, row 1: columns changed: {said}; the last good state is kept"
    ) as error:
        load(node, source, [write("bad.csv", "\n".join([header, *GOOD[source], ""]))], DAY)
    assert len(str(error.value).splitlines()) == 1
    assert len(node.ledger()) == 1


def test_the_old_layout_writes_separators_and_at_least(node: Node, write: Write) -> None:
    row = 'US,2018,September,12 month-ending,Number of Deaths,"2,854,117",99.5+,0.3,United States,x,*,"2,860,000"'
    load(node, "us-cdc-vsrr", [write("vsrr.csv", "\n".join([VSRR_OLD, row, ""]))], DAY)
    with node.view() as view:
        rows = view.rows("SELECT definition, value, lower, status FROM observation ORDER BY 1")
    assert rows == [
        {"definition": "us-vsrr-12-month-predicted", "value": 2_860_000.0, "lower": None, "status": "predicted"},
        {"definition": "us-vsrr-12-month-reported", "value": 2_854_117.0, "lower": None, "status": "incomplete"},
        {"definition": "us-vsrr-complete", "value": 99.5, "lower": 99.5, "status": "provisional"},
        {"definition": "us-vsrr-pending", "value": 0.3, "lower": None, "status": "provisional"},
    ]  # fmt: skip


def test_a_december_is_the_calendar_year(write: Write) -> None:
    one = bodies(write, "us-cdc-vsrr", vsrr())[0]
    assert (one.period_start, one.period_end) == (date(2020, 1, 1), date(2020, 12, 31))


def test_a_fiscal_october_lies_in_the_year_before(write: Write) -> None:
    one, *_ = bodies(write, "us-cbp-seizures", cbp(fy="2024", month="OCT"))
    assert (one.period_start, one.period_end, one.status) == (date(2023, 10, 1), date(2023, 10, 31), "final")


def test_a_file_of_later_years_takes_nothing_back_from_earlier_ones(node: Node, write: Write) -> None:
    first = "\n".join([CBP, cbp("2023"), cbp("2024", "OCT"), cbp("2024", "NOV"), ""])
    second = "\n".join([CBP, cbp("2024", "OCT", pounds="11"), cbp("2025", "OCT"), ""])
    load(node, "us-cbp-seizures", [write("a.csv", first)], date(2024, 12, 1))
    load(node, "us-cbp-seizures", [write("b.csv", second)], date(2025, 12, 1), may_shrink=True)
    with node.view() as view:
        rows = view.rows(
            "SELECT period_start::VARCHAR AS day, value FROM observation WHERE measure = 'seized_weight' ORDER BY 1"
        )
    assert rows == [
        {"day": "2022-10-01", "value": 10.5}, {"day": "2023-10-01", "value": 11.0}, {"day": "2024-10-01", "value": 10.5},
    ]  # fmt: skip


def test_two_layouts_of_canada_give_one_series(node: Node, write: Write) -> None:
    old = (
        "Substance,Source,Specific_Measure,Type_Event,Region,PRUID,Time_Period,Year_Quarter,Aggregator,Disaggregator,"
        "Unit,Value\nOpioids,Deaths,Overall numbers,Total apparent opioid toxicity deaths,Canada,1,By year,2021,,,Number,7993\n"
        "Opioids,Deaths,Overall numbers,Accidental apparent opioid toxicity deaths,Canada,1,By year,2021,,,Number,7725\n"
        "Opioids,Deaths,Overall numbers,Total apparent opioid toxicity deaths,Yukon,60,By year,2021,,,Number,-1\n"
        "Opioids,Deaths,Overall numbers,Total apparent opioid toxicity deaths,Nunavut,62,By year,2021,,,Number,-2\n"
    )
    load(node, "ca-phac-harms", [write("old.csv", old)], date(2023, 4, 30))
    load(node, "ca-phac-harms", [write("new.csv", "\n".join([PHAC, phac(), ""]))], date(2026, 4, 30))
    with node.view() as view:
        rows = view.rows("SELECT place, value, status, dims['event'] AS event FROM observation ORDER BY place, value")
    assert rows == [
        {"place": "CA", "value": 7546.0, "status": "provisional", "event": None},
        {
            "place": "CA",
            "value": 7725.0,
            "status": "provisional",
            "event": "Accidental apparent opioid toxicity deaths",
        },
        {"place": "CA-YT", "value": None, "status": "suppressed", "event": None},
    ]


CENSUS = """table with row headers in column A,,,
"Annual Estimates: April 1, 2020 to July 1, 2022",,,,
Geographic Area,"April 1, 2020 Estimates Base",Population Estimate (as of July 1),,
,,2020,2021,2022
United States,"3","4","5","6"
South,"1","1","1","1"
.Ohio,"1,000","1,001","1,002","1,003"
.Atlantis,"1","1","1","1"
.Utah,"1","1"
,,,,
"Note: estimates.",,,,
Release Date: December 2024,,,,
"""


def test_a_spreadsheet_of_the_census(node: Node, write: Write) -> None:
    (one,) = load(node, "us-census-population", [write("pop.csv", CENSUS)]).entries
    assert (one.accounting.read, one.accounting.accepted) == (12, 2)
    assert [bad.reason for bad in one.accounting.quarantined] == [
        "'Atlantis' is no part of US known here; columns may be swapped",
        "ends before the last year; get the file again",
    ]
    assert one.published_at.date() == date(2024, 12, 31)
    assert one.accounting.adds_up()
    with node.view() as view:
        rows = view.rows(
            "SELECT definition, period_start::VARCHAR AS day, value FROM observation WHERE place = 'US-OH' ORDER BY 2"
        )
    assert [(row["day"], row["value"]) for row in rows] == [
        ("2020-04-01", 1000.0), ("2020-07-01", 1001.0), ("2021-07-01", 1002.0), ("2022-07-01", 1003.0),
    ]  # fmt: skip


def test_no_census_header_is_refused(node: Node, write: Write) -> None:
    with pytest.raises(InputError, match="columns changed: no line holds a run of years"):
        load(node, "us-census-population", [write("pop.csv", "a,b\n1,2\n")])


@given(st.dates(date(1990, 1, 1), date(2100, 1, 1)))
def test_fiscal_years_run_from_october(day: date) -> None:
    fiscal = fiscal_year(day)
    assert date(fiscal - 1, 10, 1) <= day < date(fiscal, 10, 1)


@given(st.integers(1990, 2025), st.integers(1, 12))
def test_twelve_months_are_twelve(year: int, month: int) -> None:
    start, end = twelve_months_to(year, month)
    assert start.day == 1 and (end.year - start.year) * 12 + end.month - start.month == 11


@given(st.integers(0, 10**11))
def test_separators_change_no_number(number: int) -> None:
    assert grouped_count(f"{number:,}") == grouped_count(str(number)) == number


@given(st.text(max_size=12))
def test_a_cell_is_read_or_refused(text: str) -> None:
    for reader in (decimal, grouped_count, month_number, us_place, lambda name: subdivision("CA", name)):
        refused = None
        try:
            reader(text)
        except BadRow as error:
            refused = str(error)
        assert refused is None or "columns may be swapped" in refused or "separator" in refused or "expected" in refused


def test_a_state_comes_before_a_country_of_the_same_letters() -> None:
    assert [us_place(code) for code in ("AL", "CA", "GA", "PA", "PR", "US", "DC")] == [
        "US-AL", "US-CA", "US-GA", "US-PA", "PR", "US", "US-DC",
    ]  # fmt: skip
    with pytest.raises(BadRow):
        us_place("CN")
