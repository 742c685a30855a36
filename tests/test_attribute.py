from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from index.records import Metadata, Passage, Sentence
from index.sentences import sentences
from qa.answering.checks.attribute import attribute, missing, saying, telling
from qa.answering.evidence import Evidence

SEEDS = Path(__file__).parent.parent / "seeds"

TRADE = (
    "The bilateral trade between India and Russia in the financial year 2024-25 was $68.7 billion, nonetheless both "
    "the countries fixed the target "
    "to enhance the annual trade volume to US$ 100 billion by 2030."
)
RISE = (
    "The visit occurs against a backdrop of significantly increased trade between India and Russia, which has risen "
    "from under $10 billion before the "
    "pandemic to almost $70 billion this year, largely driven by India's import of Russian oil."
)
NO_DEAL = "There is uncertainty in defence procurement as despite talk of advanced weapons like Su-57 and S-500, no formal deal was signed."
ABSENT = "However, formal deals on high-end systems (like S-500 missiles or the Su-57) were conspicuously absent."
AVOIDED = "New Delhi avoided announcing any major defence agreements or acquisitions of new Russian defence platforms, mindful of CAATSA risks."
EXPORTS = "In contrast, Indian exports to Russia remain modest approximately US$ 4.9 billion."
PACTS = "India’s Foreign Secretary Harsh Vardhan Shringla announced that India and Russia ratified 28 investment pacts comprising deals on steel and coal."
REACTORS = "The ongoing project at Kudankulam in Tamil Nadu, where two of six reactors are already operational, will be expanded."

OTHER_DOER = "it turns round who does what"
OTHER_FIGURE = "its quote says that of another figure"


def passage(source: str, *texts: str) -> Passage:
    """One passage whose sentences are `texts`."""
    whole = " ".join(texts)
    starts = [sum(len(text) + 1 for text in texts[:number]) for number in range(len(texts))]
    spans = tuple(Sentence(start, start + len(text), text) for start, text in zip(starts, texts, strict=True))
    return Passage(1, source, 0, len(whole), whole, None, spans, Metadata())


def evidence(*texts: str) -> list[Evidence]:
    """Each text as a sentence of an article of its own, the first matching the question best."""
    return [
        Evidence(Sentence(0, len(text), text), passage(f"{number}.txt", text), 1 - number / 100)
        for number, text in enumerate(texts)
    ]


def quoted(claim: str, given: Sequence[Evidence]) -> list[str]:
    found = attribute(claim, given)
    assert found.reason is None
    return [quote.sentence.text for quote in found.quotes]


@pytest.mark.parametrize(
    ("claim", "quote"),
    [
        (
            "India and Russia fixed a target of US$100 billion in annual trade by 2030, up from $68.7 billion in the "
            "financial year 2024-25.",
            TRADE,
        ),
        ("Bilateral trade between India and Russia was $68.7bn in 2024–2025.", TRADE),
        ("Yes, trade was under $10 billion before the pandemic and almost $70 billion this year.", RISE),
        ("Trade has risen from before the pandemic to $70 billion this year.", RISE),
        ("No, a formal deal for the S-500 was not signed.", NO_DEAL),
        ("No formal deals were signed on the Su-57.", ABSENT),
        ("New Delhi did not announce any major defense agreements.", AVOIDED),
        ("New Delhi was mindful of CAATSA risks.", AVOIDED),
        ("India's exports to Russia remain modest.", EXPORTS),
        ("28 investment pacts were ratified by India and Russia.", PACTS),
        ("Both India and Russia ratified 28 investment pacts.", PACTS),
        ("Two of the six reactors at Kudankulam are already operational.", REACTORS),
        ("Oil is exported to India by Russia.", "Russia exports oil to India."),
        ("India imports oil from Russia.", "Russia exports oil to India."),
        ("Putin met Modi.", "Modi has met Putin."),
        ("India did not fail to sign the pact.", "India signed the pact."),
        (
            "It seeks to sustain and modernise the relationship.",
            "It seeks not just to sustain, but to modernize the relationship.",
        ),
        ("The pact was signed.", "The pact was signed, but no jets were sold."),
        ("The United States expressed concern.", "The U.S. expressed concern."),
        ("Putin spoke in Sao Paulo about de-dollarisation.", "Putin spoke in São Paulo about dedollarization."),
    ],
)
def test_an_honest_rewording_passes(claim: str, quote: str) -> None:
    assert quoted(claim, evidence(quote)) == [quote]


@pytest.mark.parametrize(
    ("claim", "quote", "reason"),
    [
        ("The annual trade target is $68.7 billion by 2030.", TRADE, OTHER_FIGURE),
        ("The bilateral trade was $100 billion in 2024-25.", TRADE, OTHER_FIGURE),
        ("Trade was almost $70 billion before the pandemic.", RISE, OTHER_FIGURE),
        ("The bilateral trade was 68.7 billion rupees.", TRADE, "not in its quotes: 68,700,000,000 inr"),
        ("The bilateral trade was $68.7 million.", TRADE, "not in its quotes: 68,700,000 usd"),
        (
            "The USGS reported a magnitude of 5.5.",
            "Phivolcs reported a magnitude of 5.5; the USGS reported 5.8.",
            OTHER_FIGURE,
        ),
        ("The magnitude was 7.0 by AFAD.", "The magnitude was 7.0 by the USGS and 6.6 by AFAD.", OTHER_FIGURE),
        ("Chile lost 36 men.", "Peru lost 36 men while Chile lost 12.", OTHER_FIGURE),
        ("Russia's exports to India remain modest.", EXPORTS, OTHER_DOER),
        ("India exports oil to Russia.", "Russia exports oil to India.", OTHER_DOER),
        ("Oil is exported by India to Russia.", "Russia exports oil to India.", OTHER_DOER),
        (
            "Talks went on, with Russia hoping that India grows.",
            "Talks went on, with India hoping that Russia grows.",
            OTHER_DOER,
        ),
        ("A Western bloc undermines Beijing.", "A non-Western bloc undermines Beijing.", "not in its quotes: Western"),
        ("Three of six reactors at Kudankulam are already operational.", REACTORS, "not in its quotes: 3"),
        ("One of six reactors at Kudankulam is already operational.", REACTORS, "not in its quotes: 1"),
        ("Russia ratified 28 investment pacts in December.", PACTS, "not in its quotes: December"),
        ("Germany and Russia ratified 28 investment pacts.", PACTS, "not in its quotes: Germany"),
        ("The US ratified 28 investment pacts.", PACTS, "not in its quotes: US"),
        (
            "This is Putin's second visit to India.",
            "This is Putin's first visit to India.",
            "not in its quotes: 2 (ordinal)",
        ),
        ("Trade grew 22 percent.", "Trade grew 22 percentage points.", "not in its quotes: 22%"),
        ("Delhi fell to 5°C overnight.", "Delhi fell to -5°C overnight.", "not in its quotes: 5°C"),
        ("A hundred jets came.", "A few hundred jets came.", "not in its quotes: 100"),
        ("The weather in Delhi was pleasant that evening.", PACTS, "no sentence of the articles says this"),
        ("Yes.", PACTS, "it says nothing that can be checked"),
        ("It was so.", PACTS, "it says nothing that can be checked"),
        ("", PACTS, "it says nothing that can be checked"),
    ],
)
def test_a_false_sentence_is_rejected_and_told_why(claim: str, quote: str, reason: str) -> None:
    assert attribute(claim, evidence(quote)).reason == reason


def test_without_evidence_nothing_passes() -> None:
    assert attribute("India signed.", []).reason == "it says nothing that can be checked"


def test_another_article_that_says_the_same_is_quoted_too() -> None:
    one, two = "The target is $100 billion by 2030.", "The two countries have set a target of $100 billion by 2030."
    assert quoted("The target is $100 billion by 2030.", evidence(one, two, PACTS)) == [one, two]


def test_another_article_corroborates_where_its_passage_says_who_the_two_countries_are() -> None:
    claim = "India and Russia set a target of $100 billion by 2030."
    main = evidence(claim)[0]
    whole = passage("b.txt", "Putin came to India.", "The two countries have set a target of $100 billion by 2030.")
    titled = replace(whole, metadata=Metadata(title="Russia looks east"))
    elsewhere = replace(whole, metadata=Metadata(title="China looks west"))
    said = whole.sentences[1]
    assert attribute(claim, [main, Evidence(said, titled, 0.5)]).quotes == (main, Evidence(said, titled, 0.5))
    assert attribute(claim, [main, Evidence(said, elsewhere, 0.5)]).quotes == (main,)
    assert (
        attribute(
            "India and Russia set a target.",
            [evidence("India and Russia set a target.")[0], Evidence(said, titled, 0.5)],
        ).quotes[1:]
        == ()
    )


def test_an_article_that_denies_it_is_not_quoted_for_it() -> None:
    assert quoted("A formal deal was signed.", evidence(NO_DEAL, "A formal deal was signed.")) == [
        "A formal deal was signed."
    ]


def test_names_of_both_countries_come_from_a_neighbouring_sentence() -> None:
    whole = passage(
        "a.txt", "India and Russia have met.", "Both countries set a target of $100 billion by 2030.", "It rained."
    )
    main = Evidence(whole.sentences[1], whole, 0.9)
    assert quoted("India and Russia set a target of $100 billion by 2030.", [main]) == [
        "Both countries set a target of $100 billion by 2030.",
        "India and Russia have met.",
    ]


def test_a_figure_is_not_borrowed_from_a_sentence_about_something_else() -> None:
    whole = passage("a.txt", "India and Russia set a trade target.", "The stadium cost $5 billion.")
    given = [Evidence(sentence, whole, 0.9) for sentence in whole.sentences]
    assert (
        attribute("India and Russia set a trade target of $5 billion.", given).reason
        == "not in its quotes: 5,000,000,000 usd"
    )


def test_what_is_missing_is_named_as_it_is_written() -> None:
    assert missing("Germany's Merkel paid €5m in December 2025.", ["In 2025 Merkel paid."]) == (
        "5,000,000 eur",
        "December",
        "Germany's",
    )
    assert missing("Merkel paid.", ["In 2025 Merkel paid."]) == ()


def seed_sentences() -> list[Evidence]:
    found: list[Evidence] = []
    for path in sorted(SEEDS.glob("*.txt")):
        text = path.read_text(encoding="utf-8")
        for line in re.finditer(r"[^\n]{80,}", text):
            spans = sentences(text, line.start(), line.end())
            whole = Passage(1, path.name, line.start(), line.end(), line.group(), None, spans, Metadata())
            found += [Evidence(sentence, whole, 0.5) for sentence in spans if len(sentence.text.split()) > 4]
    return found


def test_every_sentence_of_the_seeds_carries_itself() -> None:
    given = seed_sentences()
    assert len(given) > 150
    for item in given:
        found = attribute(item.sentence.text, [item, *given[:30]])
        assert (found.reason, found.support, found.quotes[0].sentence.text) == (None, 1.0, item.sentence.text)


def test_the_seeds_shortened_still_pass() -> None:
    """The head of a sentence up to one of its commas says less and nothing else; at least 98 in 100 are kept."""
    given = seed_sentences()
    shortened = [
        (item, item.sentence.text[: comma.start()] + ".")
        for item in given
        for comma in re.finditer(", ", item.sentence.text)
    ]
    long = [(item, claim) for item, claim in shortened if len(claim.split()) >= 7]
    kept = sum(attribute(claim, [item]).reason is None for item, claim in long)
    assert len(long) > 100
    assert kept / len(long) >= 0.98


WORDS = st.lists(
    st.sampled_from(
        "India Russia the oil exports not no avoided Putin signed and , but $5bn 22% 2030 December imports to by from "
        "jets rose fell absent".split()
    ),
    min_size=1,
    max_size=14,
)


@given(WORDS.map(" ".join))
def test_a_verbatim_sentence_is_always_carried(sentence: str) -> None:
    found = attribute(sentence, evidence(sentence))
    assume(found.reason != "it says nothing that can be checked")
    assert (found.reason, found.support, len(found.quotes)) == (None, 1.0, 1)


@given(
    st.integers(1, 10**9),
    st.integers(1, 10**9),
    st.sampled_from(["", "$", "€", "A$"]),
    st.sampled_from(["", "%", " million", " rupees"]),
)
def test_another_figure_is_never_carried(said: int, held: int, before: str, after: str) -> None:
    assume(said != held)
    sentence = f"India and Russia agreed that trade in oil was {before}{held}{after} over all."
    claim = sentence.replace(f"{before}{held}{after}", f"{before}{said}{after}")
    found = attribute(claim, evidence(sentence))
    assert found.reason is not None
    assert found.reason.startswith("not in its quotes: ")


@given(st.text(), st.text())
def test_no_text_crashes_it(claim: str, quote: str) -> None:
    found = attribute(claim, evidence(quote))
    assert 0.0 <= found.support <= 1.0


TARGET = "India and Russia set a target of $100 billion by 2030."


@pytest.mark.parametrize(
    ("claim", "quotes", "count"),
    [
        (TARGET, [("a.txt", TARGET)], 1),
        (TARGET, [("a.txt", TARGET), ("b.txt", "The two countries aim for US$ 100 bn by 2030.")], 2),
        (TARGET, [("a.txt", TARGET), ("b.txt", "The two countries aim for US$ 100 bn.")], 1),  # not by when
        (TARGET, [("a.txt", "The target is $100 billion."), ("a.txt", "It is to be met by 2030.")], 1),
        ("Lavrov met Jaishankar.", [("a.txt", "Lavrov met Jaishankar."), ("b.txt", "The ministers met.")], 1),
        (
            "Lavrov met Jaishankar.",
            [("a.txt", "Lavrov met Jaishankar."), ("b.txt", "Jaishankar met with Sergei Lavrov.")],
            2,
        ),
    ],
)
def test_an_article_says_what_its_own_quotes_hold(claim: str, quotes: list[tuple[str, str]], count: int) -> None:
    assert saying(claim, quotes) == count


def test_the_sentence_that_tells_what_a_claim_adds_to_the_question() -> None:
    stolen, held = (
        "A golden toilet was stolen from the palace on Saturday.",
        "Police took in a 66-year-old and let him go on bail.",
    )
    found = evidence(stolen, held, "Nobody has found it.")
    question = "How old was the suspect seized on the day the golden toilet was stolen from the palace?"
    claim = "The suspect seized on the day the golden toilet was stolen from the palace was 66 years old."
    assert attribute(claim, found).quotes[0].sentence.text == stolen
    assert telling(claim, question, found) == found[1]


@pytest.mark.parametrize("claim", ["The golden toilet was stolen from the palace.", "It was 41 kilos of Welsh silver."])
def test_no_sentence_tells_what_is_nowhere_or_only_in_the_question(claim: str) -> None:
    found = evidence("A golden toilet was stolen from the palace on Saturday.")
    assert telling(claim, "When was the golden toilet stolen from the palace?", found) is None
