"""OFAC's files: remarks into FollowTheMoney, the raw set, the history."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.errors import InputError
from tocsin.feeds import load
from tocsin.feeds.ofac_remarks import Party, pieces, read_piece
from tocsin.node import Node
from tocsin.records.hashing import keyed_hash
from tocsin.records.vocabulary import property_of

Write = Callable[[str, "str | bytes"], Path]
PERSON = Party("ofac-1", "Person", {"HIZBALLAH": "ofac-9", "A. CORP.": "ofac-8"})
COMPANY = Party("ofac-2", "LegalEntity", {})


@pytest.mark.parametrize(
    ("piece", "name", "value", "about"),
    [
        ("DOB 09 Sep 1984", "birthDate", "1984-09-09", {}),
        ("alt. DOB 1984.", "birthDate", "1984", {}),
        ("DOB Mar 1971", "birthDate", "1971-03", {}),
        ("DOB circa 1951", "birthDate", "1951", {"circa": "yes"}),
        ("DOB 1954 to 1956", "birthDate", "1954", {"until": "1956"}),
        ("POB Culiacan, Sinaloa, Mexico", "birthPlace", "Culiacan, Sinaloa, Mexico", {}),
        ("nationality Korea, North", "nationality", "KP", {}),
        ("citizen Mexico.", "citizenship", "MX", {}),
        ("Gender Male.", "gender", "male", {}),
        ("Passport G12345678 (China) expires 01 Jan 2030", "passportNumber", "G12345678", {"country": "CN", "expires": "01 Jan 2030", "label": "Passport"}),
        ("alt. Passport RL 0235074 (Lebanon)", "passportNumber", "RL 0235074", {"country": "LB", "label": "Passport"}),
        ("National ID No. 360481198409093811 (China).", "idNumber", "360481198409093811", {"country": "CN", "label": "National ID No."}),
        ("C.U.R.P. MATM820316HCHRRR01 (Mexico).", "idNumber", "MATM820316HCHRRR01", {"country": "MX", "label": "C.U.R.P."}),
        ("R.F.C. LESC701014JM6 (Mexico)", "taxNumber", "LESC701014JM6", {"country": "MX", "label": "R.F.C."}),
        ("Some New Registry Code 77-A1 (Spain)", "idNumber", "77-A1", {"country": "ES", "label": "Some New Registry Code"}),
        ("Website www.yolimachine.com", "website", "www.yolimachine.com", {}),
        ("alt. Email Address yk@yolimachine.com.", "email", "yk@yolimachine.com", {}),
        ("Phone Number 8615815351839", "phone", "8615815351839", {}),
        ("a.k.a. 'EL MAYO'.", "weakAlias", "EL MAYO", {}),
        ("f.k.a. 'ANA I'", "previousName", "ANA I", {}),
    ],
)  # fmt: skip
def test_a_piece_becomes_a_property(piece: str, name: str, value: str, about: dict[str, str]) -> None:
    read = read_piece(piece, PERSON)
    (claim,) = read.claims
    assert read.understood
    assert (claim.property, claim.value, dict(claim.qualifiers)) == (name, value, about)


def test_a_chinese_firm() -> None:
    (claim,) = read_piece("Unified Social Credit Code (USCC) 91370602MA3EXX8R79 (China).", COMPANY).claims
    assert (claim.property, claim.value) == ("uscCode", "91370602MA3EXX8R79")
    (claim,) = read_piece("Organization Established Date 23 Dec 2013", COMPANY).claims
    assert (claim.property, claim.value) == ("incorporationDate", "2013-12-23")
    (claim,) = read_piece("nationality China", COMPANY).claims
    assert (claim.property, claim.value) == ("country", "CN")


def test_a_wallet_is_an_entity_of_its_own_named_without_its_address() -> None:
    address = "12QtD5BFwRsdNsAZY76UVE1xyCGNTojH9h"
    claims = read_piece(f"alt. Digital Currency Address - XBT {address};", PERSON).claims
    claims = read_piece(f"Digital Currency Address - XBT {address}", PERSON).claims
    assert {(c.property, c.value) for c in claims} == {
        ("publicKey", address),
        ("currencySymbol", "XBT"),
        ("holder", "ofac-1"),
    }
    assert {c.subject for c in claims} == {f"ofac-1/wallet/XBT/{keyed_hash(address)}"}


@pytest.mark.parametrize(("piece", "other"), [("Linked To: HIZBALLAH.", "ofac-9"), ("Linked To: A. CORP.", "ofac-8")])
def test_links_find_the_party_by_name(piece: str, other: str) -> None:
    values = {c.property: c.value for c in read_piece(piece, PERSON).claims}
    assert values == {"subject": "ofac-1", "object": other, "role": "Linked To"}


@pytest.mark.parametrize(
    "piece",
    ["ICTY indictee.", "Linked To: NOBODY KNOWN.", "DOB between wars", "nationality Atlantis", "Gender unknown"],
)
def test_what_is_not_understood_stays_as_text(piece: str) -> None:
    read = read_piece(piece, PERSON)
    assert not read.understood
    assert [(c.property, c.value) for c in read.claims] == [("notes", piece)]


@given(st.text(st.characters(codec="utf-8"), max_size=80))
def test_no_remark_crashes_the_reader_and_every_name_is_followthemoneys(text: str) -> None:
    for piece in pieces(text):
        for claim in read_piece(piece, PERSON).claims:
            assert claim.schema
            property_of(claim.schema, claim.property)


RAW = {
    "sdn": '40223,"FEI, Yiren","individual","ILLICIT-DRUGS-EO14059",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,"DOB 09 Sep 1984; nationality China."\r\n'
    '9,"OCEAN STAR","vessel","SDNTK",-0- ,"ABCD","Bulk Carrier","100","60","Panama","SOME OWNER","Vessel Registration Identification IMO 7406784"\r\n\x1a',
    "alt": '40223,1,"aka","FEI, Ian",-0- \r\n40223,2,"fka","FEI, Old",-0- \r\n\x1a',
    "add": '40223,5,"1 Road","Shenzhen","China",-0- \r\n9,6,-0- ,-0- ,-0- ,-0- \r\n\x1a',
}


def test_the_raw_set(node: Node, write: Write) -> None:
    entries = load(node, "us-ofac-sdn", [write(f"{part}_2024-05-03.csv", text) for part, text in RAW.items()]).entries
    for entry in entries:
        assert entry.accounting.adds_up()
        assert entry.accounting.skipped["footer"] == 1
    with node.view() as view:
        said = {(r["subject"], r["property"], r["value"]) for r in view.rows("SELECT * FROM claim")}
    assert {
        ("ofac-40223", "birthDate", "1984-09-09"), ("ofac-40223", "previousName", "FEI, Old"), ("ofac-40223", "alias", "FEI, Ian"),
        ("ofac-40223", "country", "CN"), ("ofac-40223", "programId", "ILLICIT-DRUGS-EO14059"), ("ofac-9", "flag", "PA"),
        ("ofac-9", "callSign", "ABCD"), ("ofac-9", "type", "Bulk Carrier"), ("ofac-9", "imoNumber", "7406784"),
        ("ofac-9", "notes", "vessel owner: SOME OWNER"),
    } <= said  # fmt: skip


def long_remark() -> tuple[str, str]:
    start = "a.k.a. '" + "X" * 300 + "'; a.k.a. '" + "Y" * 300 + "'; a.k.a. '" + "Z" * 300 + "'; "
    whole = (
        start
        + "Linked To: "
        + "OCEAN STAR LINE OF PANAMA AND THE ISLANDS OF THE WEST AND THE EAST"[: 1000 - len(start) - 11]
        + "MORE"
    )
    return whole[:1000], whole[1000:]


def test_a_long_remark_goes_on_in_the_comments_of_the_same_day(node: Node, write: Write) -> None:
    cut, tail = long_remark()
    name = (cut + tail).split("Linked To: ")[1]
    sdn = f'1,"A","individual","SDNTK",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,"{cut}"\r\n2,"{name}",-0- ,"SDNTK",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- \r\n'
    comments = f'1,"{tail}; DOB 1970."\r\n\x1a'
    files = [write("sdn_2024-05-03.csv", sdn), write("sdn_comments_2024-05-03.csv", comments)]
    load(node, "us-ofac-sdn", files)
    with node.view() as view:
        assert view.value("SELECT value FROM claim WHERE property = 'object'") == "ofac-2"
        assert view.value("SELECT value FROM claim WHERE property = 'birthDate'") == "1970"


@pytest.mark.parametrize("late", [False, True])
def test_a_remark_that_moved_into_the_list_holds_whichever_set_comes_first(
    node: Node, write: Write, late: bool
) -> None:
    cut, tail = long_remark()
    row = '1,"A","individual","SDNTK",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,"{}"\r\n'
    january = [
        write("sdn_2024-01-05.csv", row.format(cut)),
        write("sdn_comments_2024-01-05.csv", f'1,"{tail}; Gender Male."\r\n'),
    ]
    february = [
        write("sdn_2024-02-05.csv", row.format("Gender Male; " + cut[:987])),
        write("sdn_comments_2024-02-05.csv", f'1,"{tail}; DOB 1970."\r\n'),
    ]
    for files in (february, january) if late else (january, february):
        load(node, "us-ofac-sdn", files, may_shrink=True)
    with node.view() as view:
        assert view.value("SELECT value FROM claim WHERE property = 'gender'") == "male"


def test_comments_of_another_day_are_not_sewn_on(node: Node, write: Write) -> None:
    cut, tail = long_remark()
    sdn = f'1,"A","individual","SDNTK",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,"{cut}"\r\n'
    files = [write("sdn_2024-05-03.csv", sdn), write("sdn_comments_2024-01-08.csv", f'1,"{tail}; DOB 1970."\r\n')]
    load(node, "us-ofac-sdn", files)
    with node.view() as view:
        assert view.value("SELECT count(*) FROM claim WHERE property = 'object'") == 0
        assert view.value("SELECT value FROM claim WHERE property = 'birthDate'") == "1970"


def test_comments_without_their_list_are_refused(node: Node, write: Write) -> None:
    with pytest.raises(
        InputError, match="continues a remark that is not in the sdn file loaded with it; load both files together"
    ):
        load(node, "us-ofac-sdn", [write("sdn_comments_2024-05-03.csv", '1,"X; DOB 1970."\r\n')])


def test_a_foreign_csv_is_refused(node: Node, write: Write) -> None:
    with pytest.raises(InputError, match="is none of the list's layouts"):
        load(node, "us-ofac-sdn", [write("x.csv", "a,b,c\n1,2,3\n")])


HISTORY = (
    "ent_num,name,type,programs,first_seen,last_seen,in_baseline,in_final\n"
    "1,OLD,,SDNTK,2021-08-18T09:39:01+00:00,2024-05-03T18:43:23+00:00,1,1\n"
    "2,NEW,individual,SDNTK] [ILLICIT-DRUGS-EO14059,2023-05-30T18:43:37+00:00,2024-05-03T18:43:23+00:00,0,1\n"
    "3,GONE,individual,SDNTK,2023-05-25T18:43:37+00:00,2023-05-30T18:43:37+00:00,0,0\n"
)


def test_the_history_bounds_every_day_and_knows_what_it_does_not_know(node: Node, write: Write) -> None:
    load(node, "us-ofac-sdn", [write("history.csv", HISTORY)])
    with node.view() as view:
        events = view.rows(
            "SELECT parties[1].party AS party, kind, date, date_earliest AS earliest, date_precision AS precision FROM event ORDER BY ALL"
        )
    assert events == [
        {"party": "ofac-1", "kind": "designation", "date": None, "earliest": None, "precision": "unknown"},
        {
            "party": "ofac-2",
            "kind": "designation",
            "date": date(2023, 5, 30),
            "earliest": date(2023, 5, 25),
            "precision": "by",
        },
        {
            "party": "ofac-3",
            "kind": "delisting",
            "date": date(2024, 5, 3),
            "earliest": date(2023, 5, 30),
            "precision": "by",
        },
        {
            "party": "ofac-3",
            "kind": "designation",
            "date": date(2023, 5, 25),
            "earliest": date(2021, 8, 18),
            "precision": "by",
        },
    ]


def test_what_the_history_says_was_public_then_and_its_programmes_only_later(node: Node, write: Write) -> None:
    load(node, "us-ofac-sdn", [write("history.csv", HISTORY)])
    with node.view(date(2023, 5, 30)) as view:
        names = {r["value"] for r in view.rows("SELECT value FROM claim WHERE property = 'name'")}
        assert names == {"OLD", "NEW", "GONE"}
        assert view.value("SELECT count(*) FROM claim WHERE property = 'programId' AND subject = 'ofac-2'") == 0
        assert view.value("SELECT count(*) FROM claim_later WHERE property = 'programId' AND subject = 'ofac-2'") == 2
    with node.view() as view:
        assert view.value("SELECT count(*) FROM claim WHERE subject = 'ofac-3'") == 0
