"""Decide whether a line is page furniture: menus, counters, buttons, advertisements, calls to subscribe.

By English words, and by shapes in any language, on plain readings. A sentence of more than eight words that ends as a
sentence does is never furniture, unless it is about cookies or subscribing.
"""

from __future__ import annotations

import re

from index.ingest.bylines import is_address
from index.ingest.lines import is_terminal
from index.ingest.tables import is_row

_SENTENCE = 8  # words above which what ends with a full stop is a sentence
_LONGEST = 200  # characters above which a line is never furniture
_NETWORKS = (
    r"(?:facebook|twitter|x|linkedin|whatsapp|telegram|instagram|youtube|reddit|pinterest|threads|tumblr|bluesky"
    r"|mastodon|google news|flipboard"
    r"|e-?mail|tiktok|sms)\b"
)
_LABELS = (  # the whole line
    r"(?:back to )?(?:top|bottom)(?: of page)?",
    r"skip to (?:main )?(?:content|navigation)|menu|home|search|close|share|print|save|copy link|e-?mail|tweet|pin it"
    r"|follow",
    r"(?:advertisements?|ads?|sponsored(?: content| links)?|promoted|advertorial)(?:\W+(?:scroll|story|article"
    r"|continue).{0,40})?|story continues below.{0,40}",
    r"(?:the )?latest (?:posts?|news|stories|articles|updates)",
    r"(?:recent|popular|featured|trending|top|more|other|all) (?:posts?|news|stories|articles|now|topics|comments)",
    r"trending|most (?:read|popular|viewed|shared)|editor['’]?s['’]? (?:picks?|choice)|recommended(?: for you)?"
    r"|(?:you )?(?:may|might) (?:also )?like.{0,10}",
    r"related(?: (?:articles?|posts?|stories|news|topics|content|links|reading|tags))?|(?:previous|next|older"
    r"|newer)(?: (?:post|article|story|page)s?)?",
    r"(?:post|leave|add|write|view|show|hide|load) (?:a |your |all |the |more )*(?:comments?|repl(?:y|ies)).{0,20}",
    r"(?:no )?comments?(?: (?:are )?(?:closed|off))?",
    r"\d+ (?:comments?|repl(?:y|ies)|responses?)(?: (?:on|to) .*)?|(?:log|sign) ?(?:in|up|out)(?:\W+(?:or"
    r"|to)\b.{0,40})?",
    r"register|subscribe(?: now| today)?|donate|join(?: us| now)|(?:get|download) (?:the|our) app",
    r"(?:read|view|see|show|load|find out|learn|continue|click)(?: (?:the )?(?:more|full (?:story|article)|reading|all"
    r"|here|less))+",
    r"(?:like )?loading|play(?: video)?|pause|mute|live|tags?|categor(?:y|ies)|filed under|topics?|more|ends?"
    r"|end of (?:article|story)",
    r"(?:privacy|cookie)s?(?: (?:policy|settings|notice|preferences))?|terms(?: (?:of|and|&) (?:use|service"
    r"|conditions))?|disclaimer|sitemap|imprint",
    r"(?:about|contact)(?: us)?|careers|advertise(?: with us)?|newsletters?|help|faqs?|accessibility|(?:rss )?feeds?"
    r"|all rights reserved",
    r"powered by .{1,30}|proudly created with .{1,30}|(?:about )?the authors?|about (?:me|the writers?)|written by"
    r"|author(?:s| bio)?",
    r"page \d+(?: (?:of|/) \d+)?",
    r"getty(?: images)?|(?:file|representational|representative) (?:photo|image|pic(?:ture)?)",
    r"(?:listen|watch|share|print|save|gift|report)(?: to)? this(?: (?:article|story|post|page|video))?(?: (?:on|via"
    r"|with) .{0,30})?",
    r"\d+ (?:second|minute|hour|day|week|month|year)s? ago|just now|\d+[ -]min(?:ute)?s?(?: read)?|\d+ words?",
)
_OPENINGS = (  # how the line begins; the rest does not matter
    r"(?:also |must )?read(?: (?:more|also|next|all about)\s*[|:–—-]|\s*[|:])|(?:see|watch|read|listen)(?: also)?\s*:"
    r"|also read\b",
    r"(?:related|more from|more on|don['’]t miss|in pics)\s*[:|]|more from [A-Z\d]",
    r"(?:share|follow|like|find|join|tweet)(?: (?:us|this|it|our|the|article|story|post|page|via))* (?:on|via|with"
    r"|to)\b.{0,12}\b" + _NETWORKS,
    r"(?:share|follow)(?: us)?(?: on| via)?:|follow us\b|our standards:|(?:click|tap) here\b|download (?:the"
    r"|our) .{0,30}app\b",
    r"(?:sign up|subscribe|register)\b.{0,60}\b(?:newsletter|inbox|alerts?|updates?|channel|notifications?|e-?mail"
    r"|feed|premium|us)\b",
    r"[(\[]?(?:photo(?:graph)?s?|images?|pictures?|pic|video|illustration|graphic|screenshot|cover|file photo"
    r"|representational image)"
    r"(?: (?:by|credits?|courtesy|sources?))?\s*[:©/]",
    r"[(\[]?(?:photo(?:graph)?|image|illustration) (?:by|courtesy|credit|via)\b|(?:©|credit:|source:)\s*(?:getty|epa"
    r"|shutterstock|unsplash|wikimedia)\b",
    r"(?:tags|categor(?:y|ies)|filed under|topics|tagged|posted in|labels)\s*:",
    r"for (?:more|all)(?: the)? (?:news|updates|stories|latest)\b.{0,60}\b(?:click|follow|visit|download|subscribe"
    r"|join)\b",
    r"(?:get|receive) (?:the |our |all |your )*(?:latest |daily |breaking )*(?:news|newsletter|updates|stories"
    r"|headlines)\b",
    r"!?\[[^\]]*\]\([^)]*\)$|<!--.*-->$|</?(?:img|iframe|script|figure|video|br|div)\b",
)
_LABEL = re.compile("(?:" + "|".join(_LABELS) + ")", re.IGNORECASE)
_OPENING = re.compile("(?:" + "|".join(_OPENINGS) + ")", re.IGNORECASE)
# Full sentences that are still furniture.
_BOILERPLATE = re.compile(
    r"(?:this (?:web)?site|we(?: and our partners)?) uses? cookies\b"
    r"|by (?:clicking|continuing|using|signing up|subscribing|browsing)\b.{0,120}\b(?:cookies|privacy policy|terms)\b"
    r"|(?:please )?(?:subscribe|sign up|register)(?: now| here| today| below| up)? (?:to|for) (?:our|the|my|your|free"
    r"|daily|weekly|a)\b.{0,80}"
    r"\b(?:newsletter|inbox|updates|e-?mail|alerts|channel|premium)\b"
    r"|your e-?mail address will not be published|(?:please )?enable javascript|you (?:must|need to) be logged in"
    r"|this site is protected by recaptcha"
    r"|(?:get|receive) .{0,80}\b(?:to|in) your inbox\b|enter your e-?mail\b",
    re.IGNORECASE,
)
_COUNTERS = re.compile(
    r"(?:[(|·•,]?\s*\d[\d,.]*\s?[km]?\s*(?:views?|comments?|shares?|likes?|retweets?|repl(?:y|ies)|reads?|followers?"
    r"|votes?|claps?)[)]?\s*)+",
    re.IGNORECASE,
)
_ANNOUNCES = re.compile(
    r"(?:related|latest|recent|popular|trending|most (?:read|popular|viewed)|more (?:from|on|stories|news)|you (?:may"
    r"|might)|recommended|(?:also )?read|editor"
    r"|top stories|next|previous)\b",
    re.IGNORECASE,
)
_MARK = re.compile(r"\s*[|•·»›→]\s*|\s+>\s+")  # a dash or a slash stands in lists of a text as well
_SERVICE = re.compile(
    r"\b(?:cookies?|newsletter|facebook|twitter|linkedin|whatsapp|telegram|instagram|youtube|pinterest|bluesky|tiktok"
    r"|e-?mail)\b|クッキー|微信|微博",
    re.I,
)
_HANDLE = re.compile(r"[@#]\w+(?:[\s,]+[@#]\w+)*|[\w.+-]+@[\w-]+\.[\w.]+")


def is_furniture(plain: str) -> bool:
    """Whether a line, by itself, is no part of the article.

    An address, a byline and a copyright notice are: whoever knows them asks elsewhere first.
    """
    if not any(map(str.isalpha, plain[:_LONGEST])):
        return len(plain) <= _LONGEST and not (is_row(plain) and any(map(str.isdecimal, plain)))
    if _BOILERPLATE.match(plain[:_LONGEST]):
        return len(plain) <= 2 * _LONGEST
    if is_address(plain):
        return True  # however long
    if len(plain) > _LONGEST or (is_terminal(plain) and len(plain.split()) > _SENTENCE):
        return False
    bare = plain.strip(" *_—–-|•·:[]()<>«»←→…")
    return bool(
        _LABEL.fullmatch(bare)
        or _OPENING.match(plain)
        or _COUNTERS.fullmatch(plain)
        or _HANDLE.fullmatch(plain)
        or _is_menu(plain)
        or _hardly_any_letters(plain)
    )


def names_service(plain: str) -> bool:
    """Whether it names what a page offers its readers, in a word that most languages share.

    Cookies, newsletters, networks.
    """
    return bool(_SERVICE.search(plain))


def announces_other_articles(plain: str) -> bool:
    """Whether what follows the line, at the foot of a page, is the headlines of other articles."""
    return bool(_ANNOUNCES.match(plain.strip(" *_—–-|•·:>»")))


def _is_menu(plain: str) -> bool:
    """Whether it is a row of labels.

    Three or more, or two very short ones, with bullets, bars or arrows between; figures or a sentence make it something
    else.
    """
    if not _MARK.search(plain) or is_row(plain) or any(mark.isdecimal() for mark in plain) or is_terminal(plain):
        return False
    parts = [part for part in _MARK.split(plain.strip(" |•·»›→>")) if part.strip()]
    longest = max((len(part.split()) for part in parts), default=0)
    return (len(parts) >= 3 and longest <= 4) or (len(parts) == 2 and longest <= 2)


def _hardly_any_letters(plain: str) -> bool:
    if len(plain) > 60 or is_row(plain):
        return False
    return sum(map(str.isalpha, plain)) < 0.2 * (len(plain) - plain.count(" "))
