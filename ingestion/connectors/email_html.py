"""HTML of a mail as plain text, without the parts that mail programs mark as quoted.

Nothing is fetched: images, styles and scripts are dropped unread.
"""

from collections.abc import Iterator

from selectolax.lexbor import LexborHTMLParser

from ingestion.connectors.base import RejectedInput

DROPPED = (
    "script", "style", "head", "title", "template", "noscript", "object", "svg",
    "blockquote[type=cite]", "blockquote.gmail_quote", ".gmail_quote", ".gmail_extra > br",
    ".protonmail_quote", ".tutanota_quote", ".zmail_extra", ".freshdesk_quote", ".front-blockquote",
    "[class*=yahoo_quoted]", "[id*=yahoo_quoted]", "#mail-app-auto-quote", ".protonmail_signature_block",
    ".yahoo_quoted", ".moz-cite-prefix", ".moz-signature", ".gmail_signature", "#Signature",
    "#AppleMailSignature", "[data-signatureblock]", "#OLK_SRC_BODY_SECTION", ".ms-outlook-mobile-reference-message",
)  # fmt: skip
CUTTERS = (
    "#appendonsend", "#divRplyFwdMsg", "#reply-intro", "hr[tabindex='-1']", "#stopSpelling",
    "#zwchr", "#x_divRplyFwdMsg", "[id^=aolmail_replyContent]",
)  # fmt: skip
BLOCKS = (
    "p, div, tr, li, ul, ol, table, blockquote, pre, h1, h2, h3, h4, h5, h6, hr, section, article"
)
MOST_DEPTH = 500
# Left open by habit and closed by the parser itself; they do not nest.
UNNESTED = frozenset(
    [
        "p",
        "li",
        "br",
        "hr",
        "img",
        "td",
        "th",
        "tr",
        "tbody",
        "thead",
        "dt",
        "dd",
        "option",
        "input",
        "meta",
        "link",
        "area",
        "base",
        "col",
        "wbr",
    ]
)
BREAK = "\ue000"
EDGE = "\ue001"


def html_to_text(html: str) -> str:
    """Readable text of `html`, possibly empty; raises RejectedInput when nested too deep."""
    if _depth(html) > MOST_DEPTH:
        raise RejectedInput("too_deep", f"HTML nested deeper than {MOST_DEPTH} elements")
    tree = LexborHTMLParser(html.replace(BREAK, " ").replace(EDGE, " "))
    for selector in DROPPED:
        for node in tree.css(selector):
            node.decompose()
    for selector in CUTTERS:
        for node in tree.css(selector):
            _cut_from(node)
    for node in tree.css("br"):
        node.replace_with(BREAK)
    for node in tree.css("p"):
        node.insert_after(BREAK)
    for node in tree.css(BLOCKS):
        node.insert_before(EDGE)
        node.insert_after(EDGE)
    root = tree.body or tree.root
    text = root.text(deep=True) if root is not None else ""
    return _without_runs(list(_lines(text)))


def _lines(text: str) -> Iterator[str]:
    """Lines of the marked text: a break ends any line, an edge only a filled one."""
    for part in text.split(BREAK):
        *closed, current = [" ".join(piece.split()) for piece in part.split(EDGE)]
        yield from (line for line in closed if line)
        yield current


def _depth(html: str) -> int:
    """An upper bound of the nesting; the parser's work grows with its square."""
    depth = deepest = 0
    for piece in html.split("<")[1:]:
        if piece[:1] == "/":
            depth -= piece[1:2].isalpha() and _tag(piece[1:]) not in UNNESTED and depth > 0
        elif piece[:1].isalpha() and _tag(piece) not in UNNESTED:
            depth += 1
            deepest = max(deepest, depth)
    return deepest


def _tag(piece: str) -> str:
    return piece[:16].partition(">")[0].split(None, 1)[0].rstrip("/").lower()


def _cut_from(node: object) -> None:
    """Remove a node and everything after it under the same parent: the quoted mail."""
    following = getattr(node, "next", None)
    while following is not None:
        after = following.next
        following.decompose()
        following = after
    node.decompose()  # type: ignore[attr-defined]


def _without_runs(lines: list[str]) -> str:
    found: list[str] = []
    for line in lines:
        if line or (found and found[-1]):
            found.append(line)
    return "\n".join(found).strip()
