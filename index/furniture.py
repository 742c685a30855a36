"""Is this line page furniture: menus, counters, buttons, advertisements, calls to subscribe? English words, and shapes in any language.

Works on plain readings. A sentence of more than eight words that ends as a sentence does is never furniture, unless it is about cookies or subscribing.
"""

from __future__ import annotations

import re

from index.bylines import is_address
from index.lines import is_terminal

_SENTENCE = 8  # words above which what ends with a full stop is a sentence
_LONGEST = 200  # characters above which a line is never furniture
_NETWORK = r"(?:facebook|twitter|x|linkedin|whatsapp|telegram|instagram|youtube|reddit|pinterest|threads|tumblr|bluesky|mastodon|google news|flipboard|e-?mail|messenger|tiktok|sms)"

# The whole line, whatever the case.
_LABELS = re.compile(
    rf"""(?:{"|".join((
        r"(?:back to )?(?:top|bottom)(?: of page)?", r"skip to (?:main )?(?:content|navigation)", r"menu|home|search|close|share|print|save|copy link|e-?mail|tweet|pin it|follow",
        r"(?:advertisements?|ads?|sponsored(?: content| links)?|promoted|advertorial)(?:\W+(?:scroll|story|article|continue).{0,40})?", r"story continues below.{0,40}",
        r"(?:the )?latest (?:posts?|news|stories|articles|updates)", r"(?:recent|popular|featured|trending|top|more|other|all) (?:posts?|news|stories|articles|now|topics|comments)",
        r"trending|most (?:read|popular|viewed|shared)|editor['’]?s['’]? (?:picks?|choice)|recommended(?: for you)?|(?:you )?(?:may|might) (?:also )?(?:like|be interested in).{0,30}",
        r"related(?: (?:articles?|posts?|stories|news|topics|content|links|reading|tags))?:?", r"(?:previous|next|older|newer)(?: (?:post|article|story|page)s?)?",
        r"(?:post|leave|add|write|view|show|hide|load) (?:a |your |all |the |more )*(?:comments?|repl(?:y|ies)).{0,20}", r"(?:no )?comments?(?: (?:are )?(?:closed|off|section|policy))?",
        r"\d+ (?:comments?|repl(?:y|ies)|responses?)(?: (?:on|to) .*)?", r"(?:log|sign) ?(?:in|up|out)(?:\W+(?:or|to|/).{0,40})?|register|subscribe(?: now| today)?|donate|join(?: us| now)",
        r"(?:read|view|see|show|load|find out|learn|continue|click)(?: (?:the )?(?:more|full (?:story|article)|reading|all|here|less))+\W*", r"loading\W*|play(?: video)?|pause|mute|live",
        r"tags?|categor(?:y|ies)|filed under|topics?", r"(?:privacy|cookie)s? (?:policy|settings|notice|preferences)|terms(?: (?:of|and|&) (?:use|service|conditions))?|disclaimer|sitemap|imprint",
        r"(?:about|contact)(?: us)?|careers|advertise(?: with us)?|newsletters?|help|faqs?|accessibility|(?:rss )?feeds?", r"all rights reserved\.?|powered by .{1,30}|proudly created with .{1,30}",
        r"(?:about )?the authors?|about (?:me|the writers?)|written by|author(?:s| bio)?", r"page \d+(?: (?:of|/) \d+)?", r"getty(?: images)?|(?:file|representational|representative) (?:photo|image|pic(?:ture)?)",
        r"(?:listen|watch|share|print|save|gift|report)(?: to)? this(?: (?:article|story|post|page|video|ad))?(?:\W.{0,30})?", r"\d+ (?:second|minute|hour|day|week|month|year)s? ago", r"just now",
        r"(?:\d+[ -]min(?:ute)?s?|\d+ words?)(?: read)?", r"advertisement\W.{0,30}remove ads.{0,10}", r"image (?:caption|source),?.{0,60}", r"end of (?:article|story)|ends?|###|more",
    ))})""",
    re.IGNORECASE,
)  # fmt: skip
# How the line begins; the rest does not matter.
_OPENINGS = re.compile(
    rf"""(?:{"|".join((
        r"(?:also |must )?read(?: (?:more|also|next|all|about|here)\b|\s*[|:])", r"(?:see|watch|read|listen|look)(?: also)?\s*:", r"(?:related|recommended|more from|more on|more in|don['’]t miss|explained|in pics)\s*[:|]", r"more (?:from|on|in) [A-Z\d]",
        rf"(?:share|follow|like|find|connect with|join|tweet)(?: (?:us|this|it|our|the|article|story|post|page|via))* (?:on|via|with|to|our)\b.{{0,12}}{_NETWORK}\b", rf"(?:share|follow)(?: us)?(?: on| via)?:",
        r"follow us\b", r"(?:sign up|subscribe|register)\b.{0,60}(?:newsletter|inbox|alerts?|updates?|channel|notifications?|e-?mail|feed|premium|us\b)", r"(?:click|tap) here\b", r"download (?:the|our) .{0,30}app\b",
        r"[(\[]?(?:photo(?:graph)?s?|image|picture|pic|video|illustration|graphic|screenshot|cover|file photo|representational image|photo by|image by|image source)\s*(?:credits?|courtesy|source|by)?\s*[:©/]",
        r"[(\[]?(?:photo(?:graph)?|image|illustration) (?:by|courtesy|credit|from|via)\b", r"(?:tags|categor(?:y|ies)|filed under|topics|tagged|posted in|labels)\s*:", r"(?:©|credit:|source:)\s*(?:getty|reuters|ap|afp|pti|ani|epa|shutterstock|unsplash|wikimedia)\b",
        r"for (?:more|all)(?: the)? (?:news|updates|stories|latest)\b.{0,60}(?:click|follow|visit|download|subscribe|join)", r"(?:get|receive) (?:the |our |all |your )*(?:latest |daily |breaking )*(?:news|newsletter|updates|stories|headlines)\b",
        r"!\[[^\]]*\]\([^)]*\)$", r"\[[^\]]*\]\([^)]*\)$", r"<!--.*-->$", r"<(?:img|iframe|script|figure|video|br)\b",
    ))})""",
    re.IGNORECASE,
)  # fmt: skip
# Full sentences that are still furniture.
_BOILERPLATE = re.compile(
    r"(?:this (?:web)?site|we(?: and our partners)?) uses? cookies\b|by (?:clicking|continuing|using|signing up|subscribing|browsing)\b.{0,120}(?:cookies|privacy policy|terms)"
    r"|(?:please )?(?:subscribe|sign up|register)(?: now| here| today| below| up)? (?:to|for) (?:our|the|my|your|free|daily|weekly|a)\b.{0,80}(?:newsletter|inbox|updates|e-?mail|alerts|channel|premium)"
    r"|your e-?mail address will not be published|required fields are marked|(?:please )?enable javascript|you (?:must|need to) be logged in|this site is protected by recaptcha"
    r"|(?:get|receive) .{0,60}(?:delivered|straight|directly|sent)? ?(?:to|in) your inbox|enter your e-?mail",
    re.IGNORECASE,
)
_COUNTERS = re.compile(r"(?:[(|·•,]?\s*\d[\d,.]*\s?[kKmM]?\s*(?:views?|comments?|shares?|likes?|retweets?|repl(?:y|ies)|reads?|followers?|votes?|claps?|min(?:ute)?s? read)\b?[)]?\s*)+", re.IGNORECASE)
_SEPARATOR = re.compile(r"\s*[|•·»›→/]\s*|\s+[-–—>]\s+")
_HANDLE = re.compile(r"[@#]\w+(?:[\s,]+[@#]\w+)*|[\w.+-]+@[\w-]+\.[\w.]+")


def is_furniture(plain: str) -> bool:
    """Whether a line, by itself, is no part of the article. An address, a byline and a copyright notice are: whoever knows them asks elsewhere first."""
    if not any(mark.isalpha() for mark in plain[:_LONGEST]):
        return len(plain) <= _LONGEST
    if _BOILERPLATE.match(plain[:_LONGEST]):
        return len(plain) <= 2 * _LONGEST
    if len(plain) > _LONGEST or (is_terminal(plain) and len(plain.split()) > _SENTENCE):
        return False
    bare = plain.strip(" *_—–-|•·:[]()>»")
    return bool(
        _LABELS.fullmatch(bare)
        or _OPENINGS.match(plain)
        or _COUNTERS.fullmatch(plain)
        or _HANDLE.fullmatch(plain)
        or is_address(plain)
        or _is_menu(plain)
        or _hardly_any_letters(plain)
    )


def announces_other_articles(plain: str) -> bool:
    """Whether what follows the line, at the foot of a page, is the headlines of other articles."""
    return bool(_ANNOUNCES.match(plain.strip(" *_—–-|•·:>»")))


_ANNOUNCES = re.compile(r"(?:related|latest|recent|popular|trending|most (?:read|popular|viewed)|more (?:from|on|in|stories|news)|you (?:may|might)|recommended|(?:also )?read|editor|top stories|next|previous)\b", re.IGNORECASE)


def is_table_row(plain: str) -> bool:
    """Whether a line is a row of a table in Markdown."""
    return plain[:1] == "|" and plain.count("|") >= 3


def _is_menu(plain: str) -> bool:
    """Three or more labels, or two very short ones, with bullets, bars or arrows between; figures or a sentence make it something else."""
    if is_table_row(plain) or any(mark.isdecimal() for mark in plain) or is_terminal(plain):
        return False
    parts = [part for part in _SEPARATOR.split(plain.strip(" |•·»›→/-–—>")) if part]
    longest = max((len(part.split()) for part in parts), default=0)
    if any(mark in plain for mark in "|•·»›→"):
        return (len(parts) >= 3 and longest <= 4) or (len(parts) == 2 and longest <= 2)
    return len(parts) >= 4 and longest <= 3 and plain.count("/") < len(parts)


def _hardly_any_letters(plain: str) -> bool:
    marks = [mark for mark in plain if not mark.isspace()]
    return len(marks) < 40 and sum(mark.isalpha() for mark in marks) < 0.2 * len(marks) and not is_table_row(plain)
