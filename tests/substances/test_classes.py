"""The class definitions by their words: the cases where the words, not the idea, decide."""

from datetime import date

import pytest

from tocsin.substances.control import Subject, judge
from tocsin.substances.structures import read_smiles
from tocsin.substances.verdicts import Answer, Verdict

YES, OPEN, NO = Answer.CONTROLLED, Answer.UNCERTAIN, Answer.NOT_CONTROLLED
DAY = date(2025, 9, 1)
FENTANYL = "CCC(=O)N(c1ccccc1)C1CCN(CCc2ccccc2)CC1"
ETONITAZENE = "CCOc1ccc(Cc2nc3cc([N+](=O)[O-])ccc3n2CCN(CC)CC)cc1"


def verdict(smiles: str, rule: str, day: date = DAY) -> Verdict:
    subject = Subject(read_smiles(smiles).components)
    place = {"US": "US", "CN": "CN", "UK": "GB", "DE": "DE", "CA": "CA"}[rule[:2]]
    return next(one for one in judge(subject, [place], day)[0].verdicts if one.rule == rule)


@pytest.mark.parametrize(
    ("what", "smiles", "us", "china"),
    [
        ("fentanyl itself is the reference, listed by its name", FENTANYL, NO, NO),
        ("acetylfentanyl", "CC(=O)N(c1ccccc1)C1CCN(CCc2ccccc2)CC1", YES, YES),
        ("para-fluorofentanyl", "CCC(=O)N(c1ccc(F)cc1)C1CCN(CCc2ccccc2)CC1", YES, YES),
        ("3-methylfentanyl", "CCC(=O)N(c1ccccc1)C1CCN(CCc2ccccc2)CC1C", YES, YES),
        ("thiofentanyl", "CCC(=O)N(c1ccccc1)C1CCN(CCc2cccs2)CC1", YES, YES),
        ("benzylfentanyl: no monocycle for the phenyl, but another group for phenethyl",
         "CCC(=O)N(c1ccccc1)C1CCN(Cc2ccccc2)CC1", NO, YES),
        ("remifentanil", "CCC(=O)N(c1ccccc1)C1(C(=O)OC)CCN(CCC(=O)OC)CC1", NO, YES),
        ("norfentanyl: hydrogen is excluded", "CCC(=O)N(c1ccccc1)C1CCNCC1", NO, NO),
        ("despropionylfentanyl: no acyl", "c1ccc(NC2CCN(CCc3ccccc3)CC2)cc1", NO, NO),
        ("lorcainide, a medicine", "CC(C)N1CCC(N(C(=O)Cc2ccccc2)c2ccc(Cl)cc2)CC1", NO, YES),
        ("a urea", "CN(C)C(=O)N(c1ccccc1)C1CCN(CCc2ccccc2)CC1", OPEN, OPEN),
        ("a carbamate", "CCOC(=O)N(c1ccccc1)C1CCN(CCc2ccccc2)CC1", OPEN, OPEN),
        ("carfentanil: an ester on the ring", "CCC(=O)N(c1ccccc1)C1(C(=O)OC)CCN(CCc2ccccc2)CC1", YES, YES),
        ("sufentanil: ether and monocycle", "CCC(=O)N(c1ccccc1)C1(COC)CCN(CCc2cccs2)CC1", YES, YES),
        ("beta-hydroxyfentanyl", "CCC(=O)N(c1ccccc1)C1CCN(CC(O)c2ccccc2)CC1", YES, YES),
        ("brorphine: the nitrogen sits in a ring", "CC(c1ccc(Br)cc1)N1CCC(n2c(=O)[nH]c3ccccc32)CC1", NO, NO),
        ("bupivacaine", "CCCCN1CCCCC1C(=O)Nc1c(C)cccc1C", NO, NO),
        ("loperamide", "CN(C)C(=O)C(CCN1CCC(O)(c2ccc(Cl)cc2)CC1)(c1ccccc1)c1ccccc1", NO, NO),
    ],
)  # fmt: skip
def test_the_fentanyl_classes_follow_their_words(what: str, smiles: str, us: Answer, china: Answer) -> None:
    assert (verdict(smiles, "US-FRS").answer, verdict(smiles, "CN-FENT-2019").answer) == (us, china), what


@pytest.mark.parametrize(
    ("what", "smiles", "china", "germany"),
    [
        ("etonitazene itself is China's reference, and fits Germany's", ETONITAZENE, NO, YES),
        ("metonitazene", "CCN(CC)CCn1c(Cc2ccc(OC)cc2)nc2cc([N+](=O)[O-])ccc21", YES, YES),
        ("etodesnitazene", "CCOc1ccc(Cc2nc3ccccc3n2CCN(CC)CC)cc1", YES, YES),
        ("N-pyrrolidino metonitazene", "COc1ccc(Cc2nc3cc([N+](=O)[O-])ccc3n2CCN2CCCC2)cc1", YES, YES),
        ("methylenedioxynitazene: aromatic in China, no residue in Germany",
         "CCN(CC)CCn1c(Cc2ccc3c(c2)OCO3)nc2cc([N+](=O)[O-])ccc21", YES, NO),
        ("a thioether bridge is no hydrocarbyl", "CCOc1ccc(Sc2nc3ccccc3n2CCN(CC)CC)cc1", NO, NO),
        ("ethylene etonitazene: two carbons in China only",
         "CCOc1ccc(CCc2nc3cc([N+](=O)[O-])ccc3n2CCN(CC)CC)cc1", YES, NO),
        ("clemizole, a medicine", "Clc1ccc(Cn2c(CN3CCCC3)nc3ccccc32)cc1", NO, NO),
    ],
)  # fmt: skip
def test_the_nitazene_classes_follow_their_words(what: str, smiles: str, china: Answer, germany: Answer) -> None:
    assert (verdict(smiles, "CN-NITAZ-2025").answer, verdict(smiles, "DE-NpSG-7").answer) == (china, germany), what


@pytest.mark.parametrize(
    ("what", "smiles", "rule", "answer"),
    [
        ("acetylfentanyl", "CC(=O)N(c1ccccc1)C1CCN(CCc2ccccc2)CC1", "UK-1d", YES),
        ("a cyclohexylethyl: heteromonocycles only", "CCC(=O)N(c1ccccc1)C1CCN(CCC2CCCCC2)CC1", "UK-1d", NO),
        ("thiofentanyl", "CCC(=O)N(c1ccccc1)C1CCN(CCc2cccs2)CC1", "UK-1d", YES),
        ("carfentanil: alkoxycarbonyl at position 4", "CCC(=O)N(c1ccccc1)C1(C(=O)OC)CCN(CCc2ccccc2)CC1", "UK-1d", YES),
        ("a methylenedioxyanilide", "CCC(=O)N(c1ccc2c(c1)OCO2)C1CCN(CCc2ccccc2)CC1", "UK-1d", YES),
        ("benzylfentanyl", "CCC(=O)N(c1ccccc1)C1CCN(Cc2ccccc2)CC1", "UK-1d", NO),
        ("etonitazene", ETONITAZENE, "UK-1ea", YES),
        ("etodesnitazene", "CCOc1ccc(Cc2nc3ccccc3n2CCN(CC)CC)cc1", "UK-1ea", YES),
        ("a sulfur bridge, (v)", "CCOc1ccc(Sc2nc3ccccc3n2CCN(CC)CC)cc1", "UK-1ea", YES),
        ("a methyl on the benzylic carbon, (iv)", "CCN(CC)CCn1c(C(C)c2ccc(OC)cc2)nc2cc([N+](=O)[O-])ccc21", "UK-1ea", YES),
        ("methylenedioxynitazene, (vii)", "CCN(CC)CCn1c(Cc2ccc3c(c2)OCO3)nc2cc([N+](=O)[O-])ccc21", "UK-1ea", YES),
        ("ethyleneoxynitazene, (vi)", "CCN(CC)CCn1c(Cc2ccc3c(c2)CCO3)nc2cc([N+](=O)[O-])ccc21", "UK-1ea", YES),
        ("5-methyl: not among (iii)", "CCOc1ccc(Cc2nc3cc(C)ccc3n2CCN(CC)CC)cc1", "UK-1ea", NO),
        ("ethylene etonitazene: no benzyl", "CCOc1ccc(CCc2nc3cc([N+](=O)[O-])ccc3n2CCN(CC)CC)cc1", "UK-1ea", NO),
        ("N,N-dibutyl: up to three carbon atoms", "CCOc1ccc(Cc2nc3ccccc3n2CCN(CCCC)CCCC)cc1", "UK-1ea", NO),
    ],
)  # fmt: skip
def test_the_british_generics_follow_their_words(what: str, smiles: str, rule: str, answer: Answer) -> None:
    assert verdict(smiles, rule).answer is answer, what


def test_where_the_words_are_not_held_the_answer_is_uncertain_and_names_them() -> None:
    fentanyl = verdict("CC(=O)N(c1ccccc1)C1CCN(CCc2ccccc2)CC1", "CA-16")
    assert fentanyl.answer is OPEN and "judgement" in fentanyl.reason
    assert verdict("CCO", "CA-16").answer is NO


def test_a_class_begins_on_its_day() -> None:
    acetyl = "CC(=O)N(c1ccccc1)C1CCN(CCc2ccccc2)CC1"
    assert verdict(acetyl, "CN-FENT-2019", date(2019, 4, 30)).answer is NO
    assert verdict(acetyl, "CN-FENT-2019", date(2019, 5, 1)).answer is YES
    assert verdict(acetyl, "US-FRS", date(2018, 2, 5)).answer is NO
    assert verdict(acetyl, "US-FRS", date(2018, 2, 6)).answer is YES
    metonitazene = "CCN(CC)CCn1c(Cc2ccc(OC)cc2)nc2cc([N+](=O)[O-])ccc21"
    assert verdict(metonitazene, "CN-NITAZ-2025", date(2025, 6, 30)).answer is NO
    assert verdict(metonitazene, "CN-NITAZ-2025", date(2025, 7, 1)).answer is YES


def test_after_an_amendment_whose_text_is_not_held_the_answer_is_uncertain() -> None:
    after = verdict("CCN(CC)CCn1c(Cc2ccc(OC)cc2)nc2cc([N+](=O)[O-])ccc21", "DE-NpSG-7", date(2026, 6, 1))
    assert after.answer is OPEN and "Sixth Regulation" in after.reason


def test_a_verdict_marks_its_atoms_and_quotes_its_clause() -> None:
    found = verdict("CC(=O)N(c1ccccc1)C1CCN(CCc2ccccc2)CC1", "US-FRS")
    assert found.clause == "E" and "another acyl group" in found.reason and found.since == "2025-07-16"
    assert {0, 1, 2} <= set(found.atoms)


def test_what_meets_nothing_gets_no_reason() -> None:
    for rule in ("US-FRS", "CN-FENT-2019", "UK-1d", "CA-16"):
        nothing = verdict("CC(=O)Nc1ccc(O)cc1", rule)
        assert (nothing.answer, nothing.reason, nothing.clause, nothing.atoms) == (NO, "", "", ())


@pytest.mark.parametrize("form", [
    "CC(=O)N(C1=CC=CC=C1)C1CCN(CCC2=CC=CC=C2)CC1",
    "CC(=O)N(c1ccccc1)C1CC[NH+](CCc2ccccc2)CC1.[Cl-]",
    "[2H]C([2H])([2H])C(=O)N(c1ccccc1)C1CCN(CCc2ccccc2)CC1",
    "[13CH3]C(=O)N(c1ccccc1)C1CCN(CCc2ccccc2)CC1.OC(=O)CC(O)(C(=O)O)CC(=O)O",
])  # fmt: skip
def test_salts_labels_charges_and_kekule_forms_make_no_difference(form: str) -> None:
    assert verdict(form, "US-FRS").clause == verdict(form, "US-FRS").clause == "E"
