"""A conversation line by line: what is asked, what each command does, what Ctrl-C leaves standing."""

from __future__ import annotations

import json
import os
import shlex
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from index.records import Filter
from qa.answering.answer import answer
from qa.chat.commands import COMMANDS
from qa.chat.completion import Offer, offers
from qa.chat.keep import find
from qa.render.json import to_object
from tests.chat_place import Desk

LONG = "How long is the river Alder?"
LONG_ANSWER = "The river Alder is 210 kilometres long. [1]\n"
posix = pytest.mark.skipif(os.name == "nt", reason="needs a POSIX shell")


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    desk = Desk(tmp_path)
    yield desk
    desk.library.close()


def test_a_follow_up_is_rewritten_and_the_rewritten_question_is_shown(desk: Desk) -> None:
    said = desk.say(LONG, "where does it rise?")
    assert said.count("asking: ") == 1
    assert "asking: Where does the river Alder rise?\n" in said
    assert [turn.question for turn in desk.talk.turns] == [LONG, "Where does the river Alder rise?"]
    assert [turn.typed for turn in desk.talk.turns] == [LONG, "where does it rise?"]


def test_what_was_asked_before_does_not_show_in_an_answer(desk: Desk) -> None:
    desk.say("What did the bridge cost?", "When did the ferry Aurora sink?", LONG)
    talked = desk.talk.turns[-1].answer
    alone = answer(LONG, replace(desk.talk.assistant))
    assert {**to_object(talked), "timings_ms": {}} == {**to_object(alone), "timings_ms": {}}
    assert talked.status == "answered"


def test_ctrl_c_stops_the_answer_and_keeps_the_conversation(desk: Desk) -> None:
    desk.interrupt = "What did the bridge cost?"
    said = desk.say(LONG, desk.interrupt, "where does it rise?")
    assert "stopped; /retry asks again, /edit brings the question back\n" in said
    # "it" is still the river
    assert [turn.question for turn in desk.talk.turns] == [LONG, "Where does the river Alder rise?"]
    desk.interrupt = ""
    desk.say("What did the bridge cost?")
    assert desk.talk.turns[-1].answer.answer == "The bridge cost 40 million crowns. [1]"


def test_a_question_that_was_stopped_can_be_asked_again(desk: Desk) -> None:
    desk.interrupt = LONG
    desk.say(LONG)
    assert desk.talk.turns == []
    desk.interrupt = ""
    assert desk.say("/retry").startswith(LONG_ANSWER)


def test_ctrl_c_at_the_prompt_says_how_to_leave(desk: Desk) -> None:
    assert desk.say("^C", LONG).endswith("Ctrl-D leaves, /help says what there is\n")
    assert len(desk.talk.turns) == 1


def test_fresh_asks_past_what_is_kept_and_retry_does_not(desk: Desk) -> None:
    desk.say(LONG, "/retry", "/fresh", "/retry")
    assert ([turn.question for turn in desk.talk.turns], desk.fresh_ones) == ([LONG] * 4, [LONG])


def test_retry_asks_the_same_question_under_the_filter_of_now(desk: Desk) -> None:
    desk.say(LONG, "where does it rise?", "/only mayor.txt", "/retry")
    assert [turn.question for turn in desk.talk.turns[1:]] == ["Where does the river Alder rise?"] * 2
    assert desk.talk.turns[-1].within == Filter(sources=("mayor.txt",))
    assert {near.source for near in desk.talk.turns[-1].answer.nearest} <= {"mayor.txt"}


def test_edit_puts_the_question_back_and_it_does_not_refer_to_itself(desk: Desk) -> None:
    desk.say("When did the ferry Aurora sink in 2023?", "and in 2024?", "/edit", " now")
    assert desk.talk.turns[1].question == "When did the ferry Aurora sink in 2024?"
    assert desk.talk.turns[2].typed == "and in 2024? now"
    assert desk.talk.turns[2].question == "When did the ferry Aurora sink in 2023, and in 2024? now?"


def test_several_lines_are_one_question(desk: Desk) -> None:
    desk.say("How long\n  is the river\nAlder?")
    assert desk.talk.turns[0].question == LONG


def test_a_question_that_cannot_be_asked_is_said_and_the_loop_goes_on(desk: Desk) -> None:
    said = desk.say("?!", "x" * 2001, LONG)
    assert [error.message for error in desk.errors] == [
        "the question is empty",
        "the question has 2,001 characters; at most 2,000 can be asked",
    ]
    assert LONG_ANSWER in said


@pytest.mark.parametrize(
    ("line", "message", "hint"),
    [
        ("/opn 1", "there is no command /opn", "did you mean /open?"),
        ("/so", "there is no command /so", "did you mean /sources?"),
        ("/zzz", "there is no command /zzz", "/help lists them"),
        ("/", "there is no command /", "/help lists them"),
        ("/quit now", "/quit takes nothing after it", "/quit"),
        ("/open", "nothing has been answered yet", "ask a question first"),
        ("/why", "nothing has been answered yet", "ask a question first"),
        ("/retry", "nothing has been asked yet", "ask a question first"),
        ("/fresh", "nothing has been asked yet", "ask a question first"),
        ("/edit", "nothing has been asked yet", "ask a question first"),
        ("/memo", "nothing has been answered yet", "ask a question first"),
        ("/save x.md", "nothing has been answered yet", "ask a question first"),
        ("/save", "name a file or folder", "/save conversation.md"),
        ("/save x.rtf", "x.rtf ends in none of .md, .json, .txt", "/save x.md"),
        ("/index", "name a file or folder", "/index FOLDER"),
        ("/only nothing.txt", "no article is called “nothing.txt”", "/sources lists them; * and ? match"),
        ("/only 'a", "a quotation mark is not closed", "/only 'a source with blanks.txt' other.txt"),
        ("/since yesterday", "“yesterday” is not a date", "write it as 2025-12-10, 2025-12 or 2025"),
        (
            "/since 2025",
            "no article is left: since 2025",
            "/only, /since and /until with nothing after them let all in again",
        ),
        ("/sources zebra", "no article holds “zebra” in its name, title or author", "/sources lists all"),
    ],
)
def test_a_mistake_is_one_line_with_what_mends_it(desk: Desk, line: str, message: str, hint: str) -> None:
    desk.say(line)
    assert [(error.message, error.hint) for error in desk.errors] == [(message, hint)]
    assert desk.talk.within == Filter()


def test_help_names_every_command(desk: Desk) -> None:
    lines = desk.say("/help").splitlines()
    assert [line.split()[0] for line in lines[1:-1]] == [f"/{command.name}" for command in COMMANDS]


def test_quit_leaves(desk: Desk) -> None:
    desk.say("/quit", LONG)
    assert desk.talk.turns == []


def test_sources_are_listed_with_a_star_for_those_that_are_cited(desk: Desk) -> None:
    desk.say(LONG)
    assert (
        desk.say("/sources")
        == "  dated.md   2024-05-01  The ferry — Ola Nord\n  mayor.txt  undated\n* river.txt  undated\n"
    )
    assert desk.say("/sources nord") == "  dated.md  2024-05-01  The ferry — Ola Nord\n"


def test_the_articles_can_be_narrowed_and_widened(desk: Desk) -> None:
    assert desk.say("/only *.txt") == "answers come from 2 of 3 articles\n"
    assert (
        desk.say("/only river.txt mayor.txt", "/sources")
        == "  mayor.txt  undated\n  river.txt  undated\nanswers come from 2 of 3 articles\nonly river.txt, mayor.txt\n"
    )
    assert desk.say("/only") == "answers come from all 3 articles\n"
    assert desk.say("/since 2024-05") == "answers come from 1 of 3 articles; 2 articles without a date left out\n"
    assert desk.talk.within == Filter(since="2024-05")
    assert (
        desk.say("/until 2023")
        == "error: no article is left: since 2024-05, until 2023; hint: /only, /since and /until with nothing after "
        "them let all in again\n"
    )
    assert desk.say("/since") == "answers come from all 3 articles\n"


def test_without_a_pager_the_quote_is_shown_in_its_place(desk: Desk) -> None:
    assert desk.say(LONG, "/open").splitlines()[-3:] == [
        "“The river Alder rises in the northern hills…”, undated  river.txt:45-125",
        "",
        "The river Alder rises in the northern hills. >>>The river Alder is 210 kilometres long and carries timber to "
        "the port of Brandt.<<<",
    ]
    assert desk.say("/open 2") == "error: the last answer has no footnote 2; hint: /open 1\n"


def test_a_refusal_opens_its_nearest_passage(desk: Desk) -> None:
    said = desk.say("Who won the election in Peru?", "/open 1")
    assert desk.talk.answer.status == "unanswered"
    assert f">>>{desk.talk.answer.nearest[0].quote}<<<" in said


def test_a_quote_that_has_moved_is_not_shown(desk: Desk) -> None:
    desk.say(LONG)
    (desk.folder / "articles" / "river.txt").write_text("The Alder was measured anew. It is 211 kilometres long.\n")
    desk.say("/index articles", "/open 1")
    assert desk.errors[-1].message == "river.txt has changed since the answer: the quote no longer stands there"


@posix
def test_the_pager_opens_the_article_at_the_quote(tmp_path: Path) -> None:
    programs = tmp_path / "bin"
    programs.mkdir()
    pager = programs / "less"
    seen = tmp_path / "seen"
    pager.write_text(
        f"#!{sys.executable}\nimport sys\nprint(sys.argv[1:-1], open(sys.argv[-1]).read(), sep='\\n', "
        f"file=open({str(seen)!r}, 'w'))\n"
    )
    pager.chmod(0o755)
    desk = Desk(tmp_path, terminal=True, environ={"PATH": str(programs)})
    desk.say(LONG, "/open 1")
    arguments, *lines = seen.read_text().rstrip().splitlines()
    assert arguments == "['-R', '+1']"
    assert lines == [
        "“The river Alder rises in the northern hills…”, undated  river.txt:45-125",
        "",
        "The river Alder rises in the northern hills. \x1b[7mThe river Alder is 210 kilometres\x1b[27m",
        "\x1b[7mlong and carries timber to the port of Brandt.\x1b[27m",
    ]
    other = programs / "my pager"
    pager.rename(other)
    desk.environ["PAGER"] = shlex.quote(str(other)) + " --quiet"
    desk.say("/open 1")
    assert seen.read_text().rstrip().splitlines()[::3] == [
        "['--quiet']",
        "The river Alder rises in the northern hills. >>>The river Alder is 210 kilometres<<<",
    ]
    desk.environ["PAGER"] = "gone"
    assert "<<<" in desk.say("/open 1")
    desk.library.close()


def test_why_shows_what_decided(desk: Desk) -> None:
    said = desk.say(LONG, "/why")
    assert desk.talk.answer.explanation.decision in said
    assert "The river Alder is 210 kilometres long." in said.replace(LONG_ANSWER, "", 1)


def test_why_after_a_conversation_was_resumed_shows_what_the_answer_holds(desk: Desk) -> None:
    desk.say(LONG)
    desk.talk.resume(find(desk.folder / "state", None))
    lines = desk.say("/why").splitlines()
    assert lines[0] == f"Question: {LONG}"
    assert lines[1].startswith("Decision: answered, confidence ")
    assert lines[3] == f"  {desk.talk.answer.sentences[0].support:.2f} The river Alder is 210 kilometres long. [1]"


@posix
def test_copy_uses_the_clipboard_program_that_works_here(desk: Desk) -> None:
    for name in ("wl-copy", "xclip"):
        program = desk.folder / name
        program.write_text(
            f'#!/bin/sh\necho "$@" '
            f"> {desk.folder}/arguments\n{'/bin/cat' if Path('/bin/cat').exists() else 'cat'} > {desk.folder}/copied\n"
        )
        program.chmod(0o755)
    desk.environ |= {"PATH": str(desk.folder), "DISPLAY": ":0"}
    said = desk.say(LONG, "/copy")
    copied = (desk.folder / "copied").read_text(encoding="utf-8")
    assert said.endswith(f"copied with xclip: {len(copied)} characters\n")
    assert (desk.folder / "arguments").read_text() == "-selection clipboard\n"
    name = "“The river Alder rises in the northern hills…”"
    assert copied.startswith(
        f"{LONG_ANSWER}\n[1] {name}, undated  river.txt:45-125\n    “The river Alder is 210 kilometres long"
    )
    desk.environ["WAYLAND_DISPLAY"] = "wayland-0"
    assert "copied with wl-copy: " in desk.say("/copy")


def test_copy_without_a_clipboard_asks_the_terminal(tmp_path: Path) -> None:
    desk = Desk(tmp_path, terminal=True, environ={"PATH": ""})
    said = desk.say(LONG, "/copy")
    assert "\x1b]52;c;VGhlIHJpdmVyIEFsZGVyIGlzIDIxMCBraWxvbWV0cmVzIGxvbmcuIFsxXQ" in said
    desk.environ["TMUX"] = "/tmp/tmux"
    assert "\x1bPtmux;\x1b\x1b]52;c;" in desk.say("/copy")
    desk.library.close()


def test_copy_without_any_clipboard_says_so(desk: Desk) -> None:
    desk.environ["PATH"] = ""
    desk.say(LONG, "/copy")
    assert desk.errors[-1].message == "there is no clipboard here"


def test_citations_are_formatted_in_a_style(desk: Desk) -> None:
    said = desk.say("When did the ferry Aurora sink?", "/cite apa").splitlines()
    assert said[-1].startswith("  Nord, O. (2024")
    assert "“The ferry Aurora sank in 2024.”" in said[-4]
    desk.say("/cite no-such-style")
    assert desk.errors[-1].message == "there is no citation style “no-such-style”"


def test_a_conversation_is_saved_in_three_forms(desk: Desk) -> None:
    said = desk.say(LONG, "where does it rise?", "/save talk.md", "/save talk.json", "/save 'talk two.txt'")
    assert f"saved 2 answers: {desk.folder / 'talk.md'}\n" in said
    text = (desk.folder / "talk.md").read_text(encoding="utf-8")
    assert text.startswith(
        f"# Conversation of 2025-12-10\n\n## {LONG}\n\nThe river Alder is 210 kilometres long.[^1-1]\n"
    )
    assert (
        "## where does it rise?\n\n*asked: Where does the river Alder rise?*\n\nThe river Alder rises in the northern "
        "hills.[^2-1]\n" in text
    )
    kept = json.loads((desk.folder / "talk.json").read_text(encoding="utf-8"))
    assert [turn["answer"]["question"] for turn in kept["turns"]] == [LONG, "Where does the river Alder rise?"]
    assert (desk.folder / "talk two.txt").read_text(encoding="utf-8").startswith(f"> {LONG}\n\n{LONG_ANSWER}")


def test_only_files_of_this_conversation_are_written_over(desk: Desk) -> None:
    (desk.folder / "mine.md").write_text("mine")
    desk.say(LONG, "/save mine.md", "/save ours.md", "where does it rise?", "/save ours.md")
    assert [error.message for error in desk.errors] == [f"{desk.folder / 'mine.md'} exists"]
    assert (desk.folder / "mine.md").read_text() == "mine"
    assert "where does it rise?" in (desk.folder / "ours.md").read_text()


def test_a_memo_is_planned_or_written(desk: Desk) -> None:
    said = desk.say(LONG, "where does it rise?", "Who won the election in Peru?", "/memo", "/memo memo.md")
    plan = f"# How long is the river Alder\n\n## Findings\n\n- {LONG}\n- Where does the river Alder rise?\n- Who won the election in Peru?\n"
    assert (desk.folder / "memo-plan.md").read_text(encoding="utf-8") == plan
    where = desk.folder / "memo-plan.md"
    assert f"a plan of 3 questions: {where}; edit it, then: qa memo {where} -o memo.docx\n" in said
    memo = (desk.folder / "memo.md").read_text(encoding="utf-8")
    assert "The river Alder is 210 kilometres long." in memo
    assert "Not in the sources" in memo
    desk.say("/index articles", "/memo memo.rtf")
    assert desk.errors[-1].message == "memo.rtf: a memo cannot be written as “.rtf”"


def test_a_memo_of_a_library_that_has_changed_is_refused(desk: Desk) -> None:
    desk.say(LONG)
    (desk.folder / "articles" / "new.txt").write_text("The harbour is closed.\n")
    desk.say("/index articles", "/memo memo.md")
    assert desk.errors[-1].message == "the library has changed since 1 answer of this conversation"
    assert not (desk.folder / "memo.md").exists()


def test_what_is_indexed_can_be_asked_about(desk: Desk) -> None:
    (desk.folder / "more").mkdir()
    (desk.folder / "more" / "new.txt").write_text("The bridge of Solna cost 7 crowns.\n")
    assert desk.say("/index more").endswith("added 1\n")
    assert "new.txt" in desk.say("/sources")


def test_clear_begins_anew(desk: Desk) -> None:
    desk.say(LONG, "/only river.txt")
    assert desk.say("/clear", "/retry") == (
        "a new conversation: nothing refers back; still only river.txt\nerror: nothing has been asked yet; hint: ask "
        "a question first\n"
    )
    desk.say("where does it rise?")
    assert desk.talk.turns[-1].question == "where does it rise?"
    assert [
        len(each.turns)
        for each in (find(desk.folder / "state", "20251210-143205b"), find(desk.folder / "state", "20251210-143205"))
    ] == [1, 1]


def test_a_conversation_that_cannot_be_kept_goes_on(desk: Desk) -> None:
    (desk.folder / "state").write_text("a file")
    said = desk.say(LONG, "where does it rise?")
    assert said.count("warning: the conversation cannot be kept in ") == 1
    assert len(desk.talk.turns) == 2


def offered(desk: Desk, before: str, *, asked: bool = False) -> list[str]:
    return [offer.text for offer in offers(desk.talk, before, asked=asked)]


def test_tab_offers_what_fits(desk: Desk) -> None:
    assert offered(desk, "/s") == ["/sources ", "/since ", "/save "]
    assert offered(desk, "/q") == ["/quit"]
    assert offered(desk, "/only ") == ["dated.md", "mayor.txt", "river.txt"]
    assert offered(desk, "/only river.txt ma") == ["mayor.txt"]
    assert offered(desk, "/since 20") == ["2024-05-01"]
    assert offered(desk, "/cite m") == ["mla"]
    assert offered(desk, "/why ") == []
    assert offered(desk, "/open ") == []
    assert offered(desk, "What does riv") == []
    assert offered(desk, "What does riv", asked=True) == ["river.txt"]
    desk.say(LONG)
    assert list(offers(desk.talk, "/open ", asked=False)) == [
        Offer("1", 0, "river.txt: The river Alder is 210 kilometres long and carries timber to the port of Brandt.")
    ]  # fmt: skip
