"""Texts of the interface that stand in data or code elsewhere, named here so that the catalogues have them."""

from __future__ import annotations


def _(text: str) -> str:
    """Marks a text for the catalogues; it is translated where it is shown."""
    return text


TEXTS = (
    # rooms, kinds, statuses, outcomes
    _("Brief"), _("Records"), _("Series"), _("Parties"), _("Places"), _("Sources"),
    _("document"), _("claim"), _("event"), _("observation"),
    _("final"), _("provisional"), _("predicted"), _("suppressed"), _("incomplete"), _("retrospective"),
    _("affirmed"), _("denied"), _("uncertain"), _("new"), _("unchanged"), _("failed"),
    _("listed"), _("delisted"), _("designation"), _("delisting"), _("revised"), _("gone"), _("withdrawn"),
    _("day"), _("week"), _("month"), _("quarter"), _("half-year"), _("year"), _("other length"),
    _("Not found"), _("Not understood"), _("all substances"),
    # substances and control
    _("Substances"), _("controlled"), _("not found to be controlled"), _("unverified"), _("secondary"), _("export"), _("transit"),
    _("import"), _("Newly controlled"), _("What came under control"), _("Where"), _("What"), _("Text"), _("Basis"),
    _("not found to be controlled under the texts held"), _("no national text held"), _("not controlled"),
    _("United Nations drug conventions"), _("European Union"),
    _("drug"), _("precursor"), _("adulterant"), _("equipment"), _("fentanyl"), _("nitazene"), _("cannabinoid"),
    _("benzodiazepine"), _("anabolic steroid"), _("fentanyl precursor"), _("other opioid"), _("stimulant"), _("hallucinogen"), _("sedative"),
    _("opioid antagonist"),
    # columns of what changed
    _("source"), _("releases"), _("documents"), _("parties listed"), _("parties delisted"), _("claims new"), _("claims gone"),
    _("numbers new"), _("numbers revised"), _("numbers gone"), _("events"),
    # the brief
    _("Newly listed"), _("Parties newly listed"), _("Taken off the list"), _("Newly identified and fast risers"),
    _("Most reported"), _("Fast risers (simple comparison, not a tested signal)"), _("Newly identified"),
    _("Without any earlier report in this query"), _("The same years in two queries"), _("Seizures"),
    _("Fentanyl seized by US Customs and Border Protection"), _("Harm"), _("Revisions"), _("Releases that revise"),
    _("Deaths with synthetic opioids (T40.4), United States, final"), _("Deaths in other countries"),
    _("Yearly numbers that changed most, countries first"), _("How fresh, and what it cannot say"), _("Sources held"),
    _("Day"), _("Party"), _("Kind"), _("Country"), _("Programme"), _("Substance"), _("Times"), _("Year"), _("Before"),
    _("Query"), _("Now"), _("Revision"), _("Fiscal year"), _("Months"), _("Pounds"), _("Kilograms"), _("Change"),
    _("At ports of entry"), _("Deaths"), _("Change of count"), _("Times 2013"), _("Rate per 100,000"), _("Change of rate"),
    _("Period"), _("What is counted"), _("Release"), _("Source"), _("What"), _("Revised"), _("Up"), _("Down"), _("As before"),
    _("Yearly number"), _("Published"), _("Part"), _("Newest record"), _("Age"), _("In the file of"),
    _("Rows read = accepted + skipped + quarantined"), _("read in a secondary text"),
    _("published only after the day this brief is for"), _("the period is still filling"),
    _("the publisher will revise it"), _("withheld by the publisher because it is small"),
    _("the publisher's own text was not read, a text that quotes it was"),
    # the way in
    _("Welcome"), _("The console is locked"), _("This link does not work"), _("Not yet"),
    _("This link opens the console once, when you open it."), _("That link leads out of this console."),
    _("This link was already used, or a newer one took its place."),
    _("Run tocsin up again on this node: it prints a new link, and this console goes on running."),
    _("You need a session, and this browser has none: it was not let in yet, the console was started anew, or 12 hours went by unused."),
    _("The browser must keep cookies for 127.0.0.1."),
    _("Go on to the console"), _("If you were let in before, go on to the page you asked for"),
)  # fmt: skip
