"""What the sessions of a Genesys conversation say about waiting, holding, talking and the end.

sessions -> timing, transfers, outcome, agents. Metrics come first, since the vendor computes
them; nothing is estimated from segments but the moment of the answer.
"""

from typing import Any

from ingestion.connectors.genesys_sessions import Session

BROKEN = {"error", "transportfailure", "connectionfailure"}
TALKING = ("interact", "hold")
TRANSFERRED = "transfer"


def timing(sessions: list[Session]) -> dict[str, Any]:
    """Seconds of waiting, holding, talking and after-call work, and when an agent answered."""
    agents = [session for session in sessions if session.side == "agent"]
    starts = [
        part.start
        for session in agents
        for part in session.segments
        if part.kind == "interact" and part.start
    ]
    talk = _sum(agents, "tTalkComplete", "tTalk")
    # A handled conversation reports only what there was: no hold, no such metric.
    handled = any("tHandle" in session.metrics for session in agents)
    hold = _sum(agents, "tHeldComplete", "tHeld")
    return {
        "answered_at": min(starts, default=None),
        "wait_seconds": _sum(sessions, "tWait", "tAnswered", "tAbandon", "tAcd"),
        "hold_seconds": 0.0 if hold is None and handled else hold,
        "talk_seconds": talk,
        "after_work_seconds": _sum(agents, "tAcw"),
    }


def _sum(sessions: list[Session], *names: str) -> float | None:
    """The sum of the first of these metrics that any session reports."""
    for name in names:
        found = [session.metrics[name] for session in sessions if name in session.metrics]
        if found:
            return round(sum(found), 3)
    return None


def transfers(sessions: list[Session]) -> int:
    """How often an agent passed the conversation on."""
    counted = _sum(sessions, "nTransferred")
    if counted is not None:
        return int(counted)
    return sum(
        TRANSFERRED in (session.ending or "").lower()
        for session in sessions
        if session.side == "agent"
    )


def agents_of(sessions: list[Session]) -> list[str]:
    """The agents who talked, the one who talked longest first."""
    talked: dict[str, float] = {}
    for session in sessions:
        if session.side == "agent" and session.user and _answered(session):
            seconds = session.metrics.get("tTalkComplete", session.metrics.get("tTalk", 0.0))
            talked[session.user] = talked.get(session.user, 0.0) + seconds
    return sorted(talked, key=lambda user: -talked[user])


def outcome(sessions: list[Session], direction: str | None) -> str | None:
    """Answered, dropped by a failure, abandoned while waiting, or missed by who was called.

    Who leaves a menu before any queue or agent is none of the four.
    """
    answered = any(session.side == "agent" and _answered(session) for session in sessions)
    customer = [session for session in sessions if session.side == "customer"]
    endings = [(session.ending or "").lower() for session in customer]
    broken = bool(endings) and endings[-1] in BROKEN
    if broken:
        return "dropped"
    if _missed(sessions, direction, answered):
        return "missed"
    if answered:
        return "answered"
    waited = any(session.side == "queue" for session in sessions)
    ended = any(endings)
    return "abandoned" if _sum(sessions, "tAbandon") is not None or (waited and ended) else None


def _missed(sessions: list[Session], direction: str | None, answered: bool) -> bool:
    """Nobody took it: an outbound call without the customer, a direct call without the agent."""
    if direction == "outbound":
        reached = any(_answered(session) for session in sessions if session.side == "customer")
        return not reached
    if answered:
        return False
    rang = any(part.kind == "alert" for s in sessions if s.side == "agent" for part in s.segments)
    queued = any(session.side == "queue" for session in sessions)
    voicemail = any(s.side == "voicemail" or "tVoicemail" in s.metrics for s in sessions)
    return voicemail or (rang and not queued)


def _answered(session: Session) -> bool:
    return any(part.kind in TALKING for part in session.segments) or "tTalk" in session.metrics
