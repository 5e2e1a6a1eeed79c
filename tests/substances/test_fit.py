"""Three-valued answers join as Kleene's strong logic says, and verdicts as "the stricter holds"."""

from hypothesis import given
from hypothesis import strategies as st

from tocsin.substances.fit import Fit
from tocsin.substances.verdicts import Answer, Verdict, judged

FITS, ANSWERS = st.sampled_from(Fit), st.sampled_from(Answer)


@given(FITS, FITS, FITS)
def test_both_and_either_are_a_lattice(a: Fit, b: Fit, c: Fit) -> None:
    assert a & b == b & a and a | b == b | a
    assert (a & b) & c == a & (b & c) and (a | b) | c == a | (b | c)
    assert a & a == a == a | a
    assert a & (a | b) == a == a | (a & b)


@given(ANSWERS, ANSWERS, ANSWERS)
def test_joining_answers_does_not_depend_on_their_order(a: Answer, b: Answer, c: Answer) -> None:
    assert a | b == b | a and (a | b) | c == a | (b | c) and a | a == a
    assert Answer.CONTROLLED | a is Answer.CONTROLLED
    assert Answer.NOT_CONTROLLED | a is a


@given(st.lists(ANSWERS))
def test_a_jurisdiction_is_as_strict_as_its_strictest_rule(answers: list[Answer]) -> None:
    judgement = judged("US", [Verdict(f"r{i}", "US", answer) for i, answer in enumerate(answers)])
    wanted = next((one for one in Answer if one in answers), Answer.NOT_CONTROLLED)
    assert judgement.answer is wanted
    assert not answers or judgement.verdicts[0].answer is wanted


def test_open_words_are_uncertain() -> None:
    assert [Answer.of(fit) for fit in Fit] == [Answer.NOT_CONTROLLED, Answer.UNCERTAIN, Answer.CONTROLLED]
