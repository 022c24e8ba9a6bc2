"""Kinds of rules about words: said, left unsaid, said too late or in the wrong order."""

from collections.abc import Iterator, Sequence

from enrichment.phrases import Phrases
from enrichment.rules import Rule
from enrichment.spoken import Heard, Span, elapsed

Found = Iterator[tuple[Heard, Span]]
_OPENING = 120
_NOTHING = Phrases(())


def said(rule: Rule, turns: Sequence[Heard]) -> Found:
    """Each turn that says a phrase, until the customer clears the rest.

    `phrases_after` count once somebody said `after`, for `within_turns` and `within_seconds`;
    `phrases_before` count when the customer answers them with `after`.
    """
    armed: int | None = None
    for place, turn in enumerate(turns):
        if turn.role == "customer" and turn.says(rule.cleared_by):
            return
        if turn.role not in rule.roles:
            if turn.role in rule.after_roles and turn.says(rule.after):
                armed = place
            continue
        span = _phrase(rule, turn) or _answered(rule, turns, place)
        if span is None and armed is not None and _still(rule, turns, armed, place):
            span = turn.first(rule.phrases_after, rule.unless)
        if span is None and turn.role in rule.after_roles:
            span = turn.follows(rule.after, rule.phrases_after, rule.unless)
        if span:
            yield turn, span


def _answered(rule: Rule, turns: Sequence[Heard], place: int) -> Span | None:
    """What was said to somebody whose next words are `after`."""
    if rule.phrases_before.empty:
        return None
    answer = next((turn for turn in turns[place + 1 :] if turn.role == "customer"), None)
    if answer is None or not answer.says(rule.after) or answer.says(rule.cleared_by):
        return None
    # "Your loan" excuses nothing once it turns out to be somebody else's.
    return turns[place].first(rule.phrases_before, _NOTHING)


def _phrase(rule: Rule, turn: Heard) -> Span | None:
    if rule.within_words:
        return turn.close(rule.phrases, rule.near, rule.within_words, rule.unless)
    return turn.first(rule.phrases, rule.unless)


def _still(rule: Rule, turns: Sequence[Heard], armed: int, place: int) -> bool:
    """Whether what was said at `armed` still counts at `place`."""
    speakers = [turn for turn in turns[armed + 1 : place + 1] if turn.role in rule.roles]
    if rule.within_turns and len(speakers) > rule.within_turns:
        return False
    return _in_time(rule, turns[armed], turns[place])


def _in_time(rule: Rule, earlier: Heard, later: Heard) -> bool:
    seconds = elapsed(earlier.spoken, later.spoken)
    # A source without clocks cannot show that something came too late.
    return rule.within_seconds is None or seconds is None or seconds <= rule.within_seconds


def must_say(rule: Rule, turns: Sequence[Heard]) -> Found:
    """The opening words where nobody said a phrase in the first turns and seconds."""
    said = [turn for turn in turns if turn.spoken.text.strip()]
    # Where no clerk took part, the call is the bot's.
    speakers = [turn for turn in said if turn.role in rule.roles]
    speakers = speakers or [turn for turn in said if turn.role == "bot"]
    timely = [turn for turn in speakers if _in_time(rule, turns[0], turn)][: rule.within_turns]
    # A notice played by the bot or the system counts as said.
    notices = [turn for turn in turns if turn.role in ("bot", "system")]
    if not speakers or any(turn.says(rule.phrases) for turn in (*timely, *notices)):
        return
    yield speakers[0], opening(speakers[0])


def if_then(rule: Rule, turns: Sequence[Heard]) -> Found:
    """Each trigger that was answered, but not with `then` in the turns and seconds allowed."""
    for place, turn in enumerate(turns):
        span = turn.first(rule.trigger, rule.unless) if turn.role in rule.roles else None
        if span is None:
            continue
        answers = [later for later in turns[place + 1 :] if later.role in rule.then_roles]
        timely = [later for later in answers[: rule.within_turns] if _in_time(rule, turn, later)]
        # Nobody answered any more: a dropped contact, not a breach.
        if answers and not any(answer.says(rule.then) for answer in timely):
            yield turn, span


def sequence(rule: Rule, turns: Sequence[Heard]) -> Found:
    """The first place where `phrases` are said though `first` was not said before."""
    for place, turn in enumerate(turns):
        span = _phrase(rule, turn) if turn.role in rule.roles else None
        if span and not _prepared(rule, turns, place, span):
            yield turn, span
            return


def _prepared(rule: Rule, turns: Sequence[Heard], place: int, span: Span) -> bool:
    now = turns[place]
    before = [turn for turn in turns[:place] if turn.role in rule.first_roles]
    if rule.within_turns:
        before = before[-rule.within_turns :]
    if any(turn.says(rule.first) and _in_time(rule, turn, now) for turn in before):
        return True
    if now.role not in rule.first_roles:
        return False
    earlier = now.first(rule.first, rule.unless)
    return earlier is not None and earlier[0] < span[0]


def opening(turn: Heard) -> Span:
    """The first words of a turn, as characters."""
    text = turn.spoken.text
    start = len(text) - len(text.lstrip())
    return start, min(len(text.rstrip()), start + _OPENING)
