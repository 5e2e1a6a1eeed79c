"""The lists of the UN, the EU, the UK and Canada: what their entries say, what is refused, and what a newer list changes."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.errors import InputError
from tocsin.feeds import ca_sanctions, eu_sanctions, gb_sanctions, un_sanctions
from tocsin.feeds.files import SourceFile, read_files
from tocsin.feeds.list_parties import Listed as Party
from tocsin.feeds.list_parties import born, iso_date, listing_day, property_for
from tocsin.feeds.reading import BadRow
from tocsin.feeds.un_sanctions import unpacked
from tocsin.node import Node, Release
from tocsin.records import Claim, Event
from tocsin.records.data_files import data_rows
from tocsin.records.vocabulary import is_masked, property_of, schemata

SAMPLES = Path(__file__).parent / "samples"
LISTS: dict[str, ModuleType] = {
    "un_sample.xml": un_sanctions,
    "eu_sample.xml": eu_sanctions,
    "gb_sample.xml": gb_sanctions,
    "ca_sample.xml": ca_sanctions,
    "ca_sample_old_tags.xml": ca_sanctions,
}
ENTRIES = {"un": 5, "eu": 5, "gb": 5, "ca": 7}
PERSON = Party("un", "un-sc-sanctions", "un-1", "Person")
TOMORROW = datetime.now(UTC).date() + timedelta(days=2)


def sample(name: str) -> str:
    return (SAMPLES / name).read_text(encoding="utf-8")


def a_file(name: str, content: str | bytes, day: date = date(2026, 1, 5)) -> SourceFile:
    data = content if isinstance(content, bytes) else content.encode()
    return SourceFile(name, data, sha256(data).hexdigest(), day, True)


def read(name: str, content: str | bytes | None = None, day: date = date(2026, 1, 5)) -> Release:
    release: Release
    (release,) = LISTS[name].releases([a_file(name, sample(name) if content is None else content, day)])
    return release


def said(release: Release, subject: str) -> set[tuple[str, str]]:
    bodies = [draft.body for draft in release.drafts]
    return {(b.property, b.value) for b in bodies if isinstance(b, Claim) and b.subject == subject}


def about(release: Release, subject: str, value: str) -> dict[str, str]:
    bodies = [draft.body for draft in release.drafts]
    (claim,) = [b for b in bodies if isinstance(b, Claim) and b.subject == subject and b.value == value]
    return dict(claim.qualifiers)


def days(release: Release) -> dict[str, str]:
    events = [draft.body for draft in release.drafts if isinstance(draft.body, Event)]
    assert all((e.kind, e.date_precision) == ("designation", "day") for e in events)
    return {e.parties[0][0]: str(e.date) for e in events}


@pytest.mark.parametrize("name", LISTS)
def test_every_entry_of_a_good_file_is_read_and_every_name_is_followthemoneys(name: str) -> None:
    release = read(name)
    assert release.accounting.adds_up()
    assert release.accounting.accepted == release.accounting.read == (6 if "old" in name else ENTRIES[name[:2]])
    assert (release.source, release.document.part) == (LISTS[name].source, "list")
    assert release.document.media_type == "application/xml"
    assert all(re.fullmatch(r"row \d+", draft.locator) for draft in release.drafts)
    claims = [draft.body for draft in release.drafts if isinstance(draft.body, Claim)]
    for claim in claims:
        assert claim.schema and claim.value == " ".join(claim.value.split())
        property_of(claim.schema, claim.property)
    assert len(claims) == len(set(claims))
    members = [c for c in claims if (c.property, c.value, c.act) == ("topics", "sanction", "list")]
    assert len(members) == release.accounting.accepted


def test_a_row_is_the_line_its_entry_begins_on() -> None:
    assert [d.locator for d in read("un_sample.xml").drafts if isinstance(d.body, Event)] == [
        "row 5", "row 39", "row 59", "row 74", "row 90",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "moment"),
    [
        ("un_sample.xml", "2026-01-05T00:00:09.554000+00:00"),
        ("eu_sample.xml", "2026-01-05T14:47:04.449000+00:00"),
        ("gb_sample.xml", "2026-01-05T00:00:00+00:00"),
        ("ca_sample.xml", "2025-12-31T00:00:00+00:00"),
    ],
)
def test_a_list_is_of_the_moment_it_says_and_else_of_the_files_day(name: str, moment: str) -> None:
    assert read(name, day=date(2025, 12, 31)).published_at.isoformat() == moment


def test_a_person_of_the_un() -> None:
    release = read("un_sample.xml")
    assert said(release, "un-TAi.901") >= {
        ("programId", "Taliban"), ("name", "SAMPLE ALPHA ONE"), ("alias", "نموذج ألفا"), ("title", "Maulavi"),
        ("position", "Deputy Head of Samples"), ("nationality", "AF"), ("notes", "nationality: Sampleland"), ("gender", "male"),
        ("modifiedAt", "2019-06-07"), ("alias", "Sample Alfa"), ("alias", "Sampel Alpha"), ("alias", "Simple Alpha"),
        ("weakAlias", "Haji Sample, Emir"), ("previousName", "Sample Alone"), ("alias", "Сэмпл"), ("country", "PK"),
        ("address", "1 Sample Road, Quetta, Pakistan (previous address)"), ("birthDate", "1955"), ("birthDate", "1956-07-08"),
        ("birthPlace", "Kandahar, Afghanistan"), ("birthCountry", "AF"), ("passportNumber", "D000111222"), ("idNumber", "9900112"),
        ("idNumber", "Sample identification card (tazkira) number 000777"),
    }  # fmt: skip
    assert about(release, "un-TAi.901", "1955") == {"circa": "yes", "until": "1958"}
    assert about(release, "un-TAi.901", "9900112") == {
        "issuer": "Sampleland",
        "label": "National Identification Number",
    }
    assert about(release, "un-TAi.901", "Sample Beard") == {"birth_date": "1969-02-05", "birth_place": "Kandahar"}
    assert about(release, "un-TAi.901", "D000111222") == {
        "country": "AF",
        "issued": "2006-01-25",
        "label": "Service passport",
    }


def test_odd_entries_of_the_un() -> None:
    release = read("un_sample.xml")
    assert said(release, "un-KPi.902") == {
        ("topics", "sanction"), ("programId", "DPRK"), ("name", "SAMPLE BETA"), ("birthDate", "1962"), ("birthDate", "1973-11"),
        ("notes", "birthDate: 24/06/1402 (Hijri Calendar)"),
    }  # fmt: skip
    assert said(release, "un-1000003") >= {("alias", "نموذج جاما"), ("alias", "Sample Jama")}
    assert said(release, "un-QDe.903") >= {
        ("alias", "Sample Front (SF)"), ("alias", "جبهة نموذج"), ("alias", "The Delta Front"), ("alias", "Delta Front"),
        ("previousName", "Sample Old Front"), ("address", "Branch Office 10: Sampletown"),
    }  # fmt: skip
    assert about(release, "un-KPe.904", "CN") == {"city": "Dalian"}
    assert days(release)["un-TAi.901"] == "2011-03-04"


@pytest.mark.parametrize(
    ("packed", "names"),
    [
        ("Sample, Emir", ["Sample, Emir"]),
        ("A One; B Two", ["A One", "B Two"]),
        ("A One; A Two b) B One; B Two", ["A One", "A Two", "B One", "B Two"]),
        ("نموذج (A One; A Two)", ["نموذج", "A One", "A Two"]),
        ("Sample (original script: Сэмпл)", ["Sample", "Сэмпл"]),
        ("Sample Movement (SM)", ["Sample Movement (SM)"]),
        ("(Sheikh) Sample", ["(Sheikh) Sample"]),
        ("", []),
    ],
)
def test_packed_aliases(packed: str, names: list[str]) -> None:
    assert unpacked(packed) == names


def test_a_person_and_a_firm_of_the_eu() -> None:
    release = read("eu_sample.xml")
    assert said(release, "eu-EU.9001.36") >= {
        ("programId", "TAQA"), ("name", "Sample Alpha"), ("weakAlias", "Abu-Sample"), ("alias", "Сэмпл Альфа"),
        ("previousName", "Sample Old"), ("title", "Dr."), ("position", "Head of samples"), ("gender", "male"),
        ("citizenship", "SA"), ("birthDate", "1982-04-19"), ("notes", "birth date, ISLAMIC calendar: 1400"),
        ("birthDate", "1953"), ("birthPlace", "Sampletown, AFGHANISTAN"), ("birthCountry", "AF"), ("birthDate", "1978-07"),
        ("notes", "born no later than: 1960"), ("country", "YE"), ("passportNumber", "F0000645"), ("idNumber", "77001"),
        ("notes", "An invented party for tests."),
    }  # fmt: skip
    assert about(release, "eu-EU.9001.36", "F0000645") == {
        "country": "SA", "expires": "2010-03-07", "issued": "2005-04-30", "knownExpired": "yes", "label": "National passport",
    }  # fmt: skip
    assert about(release, "eu-EU.9001.36", "77001") == {"issuer": "YUGOSLAVIA", "label": "A kind to come"}
    assert said(release, "eu-EU.9001.36/sanction") >= {("unscId", "QDi.901"), ("program", "2023/9999 (OJ L1)")}
    assert said(release, "eu-13") >= {("name", "Sample Beta"), ("gender", "female")}
    assert said(release, "eu-EU.9002.10") >= {
        ("name", "Sample Shipping"), ("alias", "Sample Schiffahrt"), ("imoNumber", "0000001"), ("phone", "+7 000 000 00 01"),
        ("email", "sample@example.org"), ("email", "EMAILother@example.orgPHONE+7 000"),
        ("address", "1 Sample Street, 00100, Sampletown, Russia (at the time of listing)"),
    }  # fmt: skip
    assert "eu-13" not in days(release)


def test_a_name_keeps_its_language_where_all_who_say_it_agree() -> None:
    claims = [d.body for d in read("eu_sample.xml").drafts if isinstance(d.body, Claim)]
    langs = {c.value: c.lang for c in claims if c.property in ("name", "alias")}
    assert (langs["Sample Alpha"], langs["Сэмпл Альфа"], langs["Sample Schiffahrt"]) == (None, "ru", "de")


def test_a_person_a_ship_and_a_firm_of_the_uk() -> None:
    release = read("gb_sample.xml")
    assert said(release, "gb-AFG9001") >= {
        ("name", "SAMPLE MIDDLE ALPHA"), ("alias", "Sample Alfa"), ("weakAlias", "Haji Sample"), ("alias", "Sample the Elder"),
        ("alias", "نموذج ألفا"), ("birthDate", "1945"), ("birthDate", "1978-07"), ("birthDate", "1958-03-01"), ("birthDate", "1975"),
        ("notes", "birthDate: 15/08/19yy"), ("nationality", "AF"), ("notes", "nationality: Sampleland (formerly)"),
        ("passportNumber", "S0001112"), ("idNumber", "9900112"), ("modifiedAt", "2024-04-14"),
        ("programId", "The Sample (Sanctions) (EU Exit) Regulations 2020"),
    }  # fmt: skip
    assert said(release, "gb-AFG9001/sanction") >= {
        ("unscId", "TAi.901"), ("authorityId", "99001"), ("provisions", "Asset freeze"), ("provisions", "Travel Ban"),
    }  # fmt: skip
    assert said(release, "gb-RUS9002") >= {
        ("imoNumber", "0000001"), ("flag", "GA"), ("pastFlags", "PA"), ("type", "Oil Tanker"), ("buildDate", "2019"),
        ("notes", "current owner or operator: Sample Management FZCO"),
    }  # fmt: skip
    assert said(release, "gb-RUS9003") >= {
        ("ogrnCode", "0000000000001"), ("innCode", "0000000002"), ("registrationNumber", "No 77-A"), ("email", "two@example.org"),
        ("website", "www.example.org"), ("address", "1 Sample Street, Sampletown, 00100, Russia"),
    }  # fmt: skip
    assert said(release, "gb-BEL9004") >= {("name", "Sample")}
    assert days(release)["gb-AFG9001"] == "2001-01-25"


def test_parties_of_canada() -> None:
    release = read("ca_sample.xml")
    by_name = {
        value: subject
        for subject in days(release)
        for name, value in said(release, subject)
        if name == "name" and value != "Epsilon SAMPLE"
    }
    assert said(release, by_name["Alpha Betovich SAMPLE"]) >= {
        ("programId", "Russia"), ("alias", "Alpha Semple"), ("alias", "Альфа Сэмпл"), ("alias", 'Works, "Sample", AO'),
        ("birthDate", "1970-09-12"),
    }  # fmt: skip
    assert said(release, by_name["M/V Sample"]) >= {
        ("imoNumber", "0000001"), ("type", "General Cargo"), ("type", "Cargo classique"), ("buildDate", "1986"),
    }  # fmt: skip
    assert said(release, by_name["Gamma SAMPLE"]) >= {("birthDate", "1972-08-10"), ("birthDate", "1972-08-11")}
    assert about(release, by_name["Delta SAMPLE"], "1963") == {"until": "1964"}
    assert not {name for name, _ in said(release, by_name["Alpha Betovich SAMPLE"])} & {"nationality", "country"}
    assert len(days(release)) == 7


def test_canadas_tags_change_and_its_parties_stay() -> None:
    new, old = read("ca_sample.xml"), read("ca_sample_old_tags.xml")
    subjects = [{d.body.subject for d in r.drafts if isinstance(d.body, Claim)} for r in (new, old)]
    assert subjects[1] < subjects[0]
    assert days(old) == {}
    middle = sample("ca_sample_old_tags.xml")
    for tag, name in (("Entity", "EntityOrShip"), ("DateOfBirth", "DateOfBirthOrShipBuildDate")):
        middle = re.sub(f"(</?){tag}>", rf"\g<1>{name}>", middle)
    middle = middle.replace(
        "</record>", "<TitleOrShip>Mr</TitleOrShip><DateOfListing>2020-01-02</DateOfListing></record>"
    )
    assert len(days(read("ca_sample.xml", middle))) == 6


def test_a_renumbered_item_of_canada_is_the_same_party() -> None:
    text = sample("ca_sample.xml").replace(">9520<", ">9521<")
    assert days(read("ca_sample.xml", text)) == days(read("ca_sample.xml"))


def test_identity_numbers_and_contact_data_are_masked() -> None:
    for name in LISTS:
        for draft in read(name).drafts:
            body = draft.body
            if isinstance(body, Claim) and re.search(
                r"9900112|D000111222|F0000645|S0001112|@|\+7 000|Sample (Road|Street)", body.value
            ):
                assert is_masked(body.schema, body.property), body


@pytest.mark.parametrize(
    ("written", "read_as"),
    [
        ("1970-09-12", "1970-09-12"), ("1960-01-01-05:00", "1960-01-01"), ("1970-09", "1970-09"), ("1970", "1970"),
        ("dd/mm/1962", "1962"), ("00/00/1975", "1975"), ("'00/00/1975", "1975"), ("dd/07/1978", "1978-07"), ("01/03/1958", "1958-03-01"),
        ("Nov. 1973", "1973-11"), ("August 1961", "1961-08"), ("15/08/19yy", None), ("1975-19-25", None), ("31/02/1970", None),
        ("19575", None), ("Sep-99", None), ("15/mm/1962", None), ("0000", None), ("", None), ("Foo 1970", None), ("١٩٧٠", None),
    ],
)  # fmt: skip
def test_a_date_keeps_its_precision(written: str, read_as: str | None) -> None:
    assert iso_date(written) == read_as


def test_a_birth_in_the_future_or_a_span_turned_round_stays_text() -> None:
    assert [c.property for c in born(PERSON, "2999")] == ["notes"]
    assert [c.property for c in born(PERSON, "1960-1955")] == ["notes"]
    assert [(c.value, dict(c.qualifiers)) for c in born(PERSON, "1987/1988")] == [("1987", {"until": "1988"})]


@given(st.text(st.characters(codec="utf-8"), max_size=40))
def test_no_text_crashes_the_readers(text: str) -> None:
    for claim in born(PERSON, text):
        property_of("Person", claim.property)
    assert all(unpacked(text))
    with suppress(BadRow):
        listing_day(text)


@pytest.mark.parametrize(
    "row", list(data_rows("feeds", "list_properties.csv")), ids=lambda row: f"{row['list']} {row['label']}"
)
def test_every_label_names_a_property_that_exists(row: dict[str, str]) -> None:
    assert row["source"] and row["basis"].startswith(("seen", "secondary", "unverified: "))
    if not row["label"].startswith("language"):
        assert any(_has(schema, row["property"]) for schema in schemata())
    assert property_for(row["list"], row["label"].upper()) == row["property"]


def _has(schema: str, name: str) -> bool:
    from tocsin.errors import RecordError

    try:
        return bool(property_of(schema, name))
    except RecordError:
        return False


@pytest.mark.parametrize(
    ("name", "old", "new", "reason"),
    [
        ("un_sample.xml", "TAi.901", "TAi 901?", "'TAi 901?' is no reference number; get the file again"),
        ("un_sample.xml", "<FIRST_NAME>SAMPLE BETA<", "<FIRST_NAME> <", "the name is empty; get the file again"),
        ("un_sample.xml", "2016-03-02", str(TOMORROW), f"the day of listing {TOMORROW} lies in the future; check the row"),
        ("un_sample.xml", "2016-03-02", "2016-13-02", "'2016-13-02' is no day of listing; check the row"),
        ("un_sample.xml", "2016-03-02", "2016", "'2016' is no day of listing; check the row"),
        ("un_sample.xml", "KPi.902", "TAi.901", "the same entry stands twice, first in row 5; get the file again"),
        ("eu_sample.xml", "EU.9001.36", "9001/36", "'9001/36' is no reference number; get the file again"),
        ("eu_sample.xml", '"person" class', '"starship" class', "'starship' is no type of party; get the file again"),
        ("eu_sample.xml", 'wholeName="Sample Gamma Works"', 'wholeName=" "', "no name is given; get the file again"),
        ("eu_sample.xml", "2011-03-24", "soon", "'soon' is no day of listing; check the row"),
        ("eu_sample.xml", "EU.9003.11", "EU.9002.10", "the same entry stands twice, first in row 31; get the file again"),
        ("gb_sample.xml", "AFG9001", "afg", "'afg' is no unique id; get the file again"),
        ("gb_sample.xml", ">Ship<", ">Starship<", "'Starship' is no type of party; get the file again"),
        ("gb_sample.xml", "<Name6>SAMPLE PROSPECT</Name6>", "<Name6/>", "no name is given; get the file again"),
        ("gb_sample.xml", "25/01/2001", "dd/01/2001", "'dd/01/2001' is no day of listing; check the row"),
        ("gb_sample.xml", "CYB9005", "BEL9004", "the same entry stands twice, first in row 69; get the file again"),
        ("ca_sample.xml", "Sample Corps/Corps des exemples", "", "no name is given; get the file again"),
        ("ca_sample.xml", "Belarus / Bélarus", "", "no regime is given; get the file again"),
        ("ca_sample.xml", "2022-06-13", "Sep-99", "'Sep-99' is no day of listing; check the row"),
    ],
)  # fmt: skip
def test_a_bad_entry_goes_to_quarantine_and_the_others_are_kept(name: str, old: str, new: str, reason: str) -> None:
    assert old in sample(name)
    counts = read(name, sample(name).replace(old, new, 1)).accounting
    (bad,) = counts.quarantined
    assert (bad.file_name, bad.reason) == (name, reason)
    assert bad.row > 3 and bad.text
    assert counts.accepted == ENTRIES[name[:2]] - 1
    assert counts.adds_up()


def test_an_entry_that_says_nothing_is_skipped() -> None:
    counts = read("ca_sample.xml", sample("ca_sample.xml").replace("</data-set>", "<record/></data-set>")).accounting
    assert (counts.read, dict(counts.skipped)) == (8, {"blank": 1})
    assert counts.adds_up()


@pytest.mark.parametrize("name", LISTS)
def test_a_file_cut_off_is_refused(name: str) -> None:
    with pytest.raises(
        InputError, match=f"^{name}, row \\d+: not XML from here on: .*; the file may be cut off: get it again$"
    ):
        read(name, sample(name)[: len(sample(name)) // 2])


BOMB = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;">]>'
OUTSIDE = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]>'
FETCHED = '<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd">'


@pytest.mark.parametrize("kind", [BOMB, OUTSIDE, FETCHED])
@pytest.mark.parametrize("name", LISTS)
def test_a_file_that_declares_entities_is_refused(name: str, kind: str) -> None:
    head, rest = sample(name).split("\n", 1)
    with pytest.raises(InputError, match="holds a document type, which could declare entities"):
        read(name, "\n".join([head, "<!-- > -->", kind, rest]))
    with pytest.raises(InputError) as error:
        read(name, kind + rest)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("name", "old", "new", "reason"),
    [
        ("un_sample.xml", "UN_LIST_TYPE", "LIST", "missing ENTITIES/ENTITY/UN_LIST_TYPE, INDIVIDUALS/INDIVIDUAL/UN_LIST_TYPE; new ENTITIES/ENTITY/LIST, INDIVIDUALS/INDIVIDUAL/LIST;"),
        ("un_sample.xml", "ENTITIES>", "GROUPS>", "missing ENTITIES; new GROUPS;"),
        ("un_sample.xml", "<NUMBER>", "<SERIAL/><NUMBER>", "missing none; new INDIVIDUALS/INDIVIDUAL/INDIVIDUAL_DOCUMENT/SERIAL;"),
        ("eu_sample.xml", "wholeName", "fullName", "missing sanctionEntity/nameAlias/@wholeName; new sanctionEntity/nameAlias/@fullName;"),
        ("eu_sample.xml", "<citizenship ", '<citizenship since="2001" ', "missing none; new sanctionEntity/citizenship/@since;"),
        ("gb_sample.xml", "IndividualEntityShip", "DesignationType", "missing Designation/IndividualEntityShip; new Designation/DesignationType;"),
        ("ca_sample.xml", "Item-NumeroDarticle", "Number-Numero", "missing record/Item-NumeroDarticle; new record/Number-Numero;"),
        ("ca_sample.xml", "record>", "entry>", "missing record; new entry;"),
    ],
)  # fmt: skip
def test_changed_elements_are_refused_with_the_difference(name: str, old: str, new: str, reason: str) -> None:
    with pytest.raises(
        InputError, match=f"elements changed: {reason} the last good state is kept; the feed must learn the new layout"
    ):
        read(name, sample(name).replace(old, new))


def test_another_list_is_told_by_its_root() -> None:
    with pytest.raises(
        InputError, match="the root element is export, not CONSOLIDATED_LIST; this is another publisher's file"
    ):
        read("un_sample.xml", sample("eu_sample.xml"))


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"uid,name\n1,A\n", "not XML from here on"),
        ("<a>é</a>".encode("latin-1"), "byte 3 is not UTF-8; save it as UTF-8"),
        ("<a/>".encode("utf-16"), "is UTF-16, not UTF-8; save it as UTF-8"),
        (b'<?xml version="1.0" encoding="ISO-8859-1"?><a/>', "is in ISO-8859-1, not UTF-8; save it as UTF-8"),
        (b"<CONSOLIDATED_LIST>" + b"<a>" * 5000 + b"</a>" * 5000 + b"</CONSOLIDATED_LIST>", "not XML|elements changed"),
    ],
)
def test_what_is_no_xml_of_the_list_is_refused(content: bytes, reason: str) -> None:
    with pytest.raises(InputError, match=reason):
        read("un_sample.xml", content)


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("gb_sample.xml", "Last Updated,05/01/2026\nName 6,Name 1,Group Type,Alias Type,Group ID\n", "is OFSI's consolidated list, which is no longer kept since 2026-01-28; give UK-Sanctions-List.xml"),
        ("gb_sample.xml", "\ufeffReport Date: 08-Oct-2026\nLast Updated,Unique ID\n", "is the list's CSV; give UK-Sanctions-List.xml"),
        ("eu_sample.xml", "\ufefffileGenerationDate;Entity_LogicalId\n", "is the list's CSV; give the XML, version 1.1"),
    ],
)  # fmt: skip
def test_other_forms_of_a_list_are_refused(name: str, content: str, reason: str) -> None:
    with pytest.raises(InputError, match=reason):
        read(name, content)


@pytest.mark.parametrize(
    "made", ["soon", "0001-01-01T00:00:00+05:00", "1026-01-05", f"{TOMORROW + timedelta(days=9)}T00:00:00Z"]
)
def test_a_list_from_the_future_or_of_no_moment_is_refused(made: str) -> None:
    with pytest.raises(InputError, match="is no moment of its making|lies in the future"):
        read("un_sample.xml", sample("un_sample.xml").replace("2026-01-05T00:00:09.554Z", made))


def test_a_second_load_adds_nothing(node: Node) -> None:
    for name in (name for name in LISTS if "old" not in name):
        files = read_files([SAMPLES / name], date(2026, 1, 5))
        assert sum(node.land(LISTS[name].releases(files), {}).added.values()) > 0
        assert sum(node.land(LISTS[name].releases(files), {}).added.values()) == 0


NEWER = {
    "un_sample.xml": (r"<INDIVIDUAL>(?:(?!</INDIVIDUAL>).)*KPi\.902.*?</INDIVIDUAL>", "KPe.904", "KPe.999", '2026-01-05T', '2026-01-09T'),
    "eu_sample.xml": (r"<sanctionEntity (?:(?!</sanctionEntity>).)*EU\.9003\.11.*?</sanctionEntity>", "EU.9004.12", "EU.9999.1", "2026-01-05T", "2026-01-09T"),
    "gb_sample.xml": (r"<Designation>(?:(?!</Designation>).)*RUS9003.*?</Designation>", "CYB9005", "CYB9999", "05/01/2026", "09/01/2026"),
    "ca_sample.xml": (r"<record>(?:(?!</record>).)*>Gamma<.*?</record>", ">Delta<", ">Omega<", "?", "?"),
}  # fmt: skip


@pytest.mark.parametrize("name", NEWER)
def test_a_newer_list_designates_and_delists(node: Node, name: str) -> None:
    gone, old, new, was, now = NEWER[name]
    text = re.sub(gone, "", sample(name), count=1, flags=re.DOTALL).replace(old, new).replace(was, now)
    first, second = read(name), read(name, text, date(2026, 1, 9))
    held, holds = days(first), days(second)
    node.land([first], {})
    node.land([second], {})
    with node.view() as view:
        rows = view.rows(
            "SELECT kind, parties[1].party AS party, date::VARCHAR AS date, date_earliest::VARCHAR AS earliest"
            " FROM event WHERE date_precision = 'by' ORDER BY ALL"
        )
        members = view.value("SELECT count(*) FROM claim WHERE property = 'topics'")
    bounds = {"date": "2026-01-09", "earliest": "2026-01-06"}
    lost, won = sorted(held.keys() - holds.keys()), sorted(holds.keys() - held.keys())
    assert (len(lost), len(won)) == (2, 1)
    assert rows == [{"kind": "delisting", "party": party, **bounds} for party in lost] + [
        {"kind": "designation", "party": party, **bounds} for party in won
    ]
    assert members == first.accounting.accepted - 1


CHANGES = st.lists(
    st.tuples(st.floats(0, 1), st.integers(0, 60), st.binary(max_size=6) | st.sampled_from([b"<", b">", b"&amp;", b"9999-99-99", b"<a/>"])),
    min_size=1,
    max_size=4,
)  # fmt: skip


@pytest.mark.parametrize("name", LISTS)
@given(changes=CHANGES)
def test_whatever_the_bytes_the_accounting_adds_up_or_the_file_is_refused(
    name: str, changes: list[tuple[float, int, bytes]]
) -> None:
    data = sample(name).encode()
    for share, length, put in changes:
        start = int(share * len(data))
        data = data[:start] + put + data[start + length :]
    with suppress(InputError):
        (release,) = LISTS[name].releases([a_file(name, data)])
        assert release.accounting.adds_up()


def test_a_list_of_many_lines_still_has_its_rows() -> None:
    text = sample("ca_sample.xml").replace("  <record>", "\n" * 70_000 + "  <record>", 1)
    rows = [d.locator for d in read("ca_sample.xml", text).drafts if isinstance(d.body, Event)]
    assert rows[:2] == ["row 70004", "row 70014"]


@pytest.fixture(scope="module")
def un(shared: Path) -> Release:
    path = shared / "un" / "UN_consolidated_2026-02-27.xml"
    if not path.is_file():
        pytest.skip("the UN's file is not beside this checkout")
    (release,) = un_sanctions.releases(read_files([path]))
    return release


def test_every_entry_of_the_uns_real_list_is_read(un: Release) -> None:
    counts = un.accounting
    assert (counts.read, counts.accepted, counts.skipped.total(), len(counts.quarantined)) == (1003, 1003, 0, 0)
    assert un.published_at == datetime(2026, 2, 27, 0, 0, 9, 554000, tzinfo=UTC)
    claims = [draft.body for draft in un.drafts if isinstance(draft.body, Claim)]
    kinds = [c.schema for c in claims if c.property == "topics"]
    assert (kinds.count("Person"), kinds.count("Organization")) == (730, 273)
    assert len({draft.body.ref for draft in un.drafts if isinstance(draft.body, Event)}) == 1003
    assert {c.property for c in claims if ";" in c.value and c.property.endswith("lias")} == set()
    spans = [c for c in claims if c.property == "birthDate" and dict(c.qualifiers).get("until")]
    assert len(spans) == 31


def test_the_uns_real_list_lands_once(un: Release, node: Node) -> None:
    assert node.land([un], {}).added["event"] == 1003
    assert sum(node.land([un], {}).added.values()) == 0
