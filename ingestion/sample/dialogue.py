"""Lays out what is said: problem, verification, diagnosis, answer, farewell.

Each function turns one `Spec` into turns. File formats, ids and clock times are elsewhere.
"""

from random import Random

from ingestion.sample.bank import Bank
from ingestion.sample.model import Spec, Turn
from ingestion.sample.script import Script
from ingestion.sample.speech import Speech


def voice(rng: Random, bank: Bank, spec: Spec) -> list[Turn]:
    """Return the turns of an answered inbound call."""
    script = Script(rng, Speech(rng, bank, spec, "spoken"))
    speech = script.speech
    _voice_opening(script)
    script.problem(speech.line("customer.open_voice"), details=rng.choice((1, 1, 2)))
    if rng.random() < 0.4:
        script.probe(script.empathy())
        script.verify(spec.asks)
    else:
        script.verify(spec.asks)
        if rng.random() < 0.65:
            script.probe(script.empathy())
    if spec.disconnect == "dropped":
        return script.turns
    if rng.random() < 0.15:
        script.agent(speech.agent_line("agent.safe"))
        script.customer(speech.line("customer.end_neu_short"))
    script.breach()
    said = False
    if rng.random() < 0.3 and not spec.transfer:
        script.agent(speech.agent_line("agent.hold")).marks.append("hold")
        script.customer(speech.line("customer.wait"))
        script.agent(speech.agent_line("agent.back"), script.solution())
        said = True
    if spec.transfer:
        script.agent(speech.agent_line("agent.transfer"))
        speech.agent = other_agent(spec.agent)
        second = script.agent(
            speech.agent_line("agent.second"), speech.agent_line("agent.ask.name")
        )
        second.marks.append("transfer")
        script.customer(speech.line("customer.give.name"))
    retain = spec.churn == "explicit" and rng.random() < 0.6
    last = speech.agent_line("agent.retain") if retain else ""
    if last or not said:
        script.agent("" if said else script.solution(), last)
    mood = script.reaction().sentiment
    script.agent(speech.agent_line("agent.close_sorry" if mood == "neg" else "agent.close"))
    return script.turns


def other_agent(agent: str) -> str:
    """Return the colleague to whom this agent hands over."""
    return f"AG-{(int(agent[3:]) + 6) % 24 + 1:03d}"


def _voice_opening(script: Script) -> None:
    silent = "recording_notice_missing" in script.spec.breaches
    plain = "_plain" if silent else ""
    speech = script.speech
    if script.rng.random() < 0.3:
        script.agent(speech.agent_line(f"bot.ivr{plain}"), role="bot")
        script.agent(speech.agent_line("agent.greet_voice_plain"))
    else:
        script.agent(speech.agent_line(f"agent.greet_voice{plain}"))
    if silent:
        script.turns[0].breaches.append("recording_notice_missing")


def chat(rng: Random, bank: Bank, spec: Spec) -> list[Turn]:
    """Return the turns of an inbound chat session, with or without a bot in front."""
    script = Script(rng, Speech(rng, bank, spec, "typed"))
    speech = script.speech
    opener = speech.line("customer.open_chat")
    apart = rng.random() < 0.25
    if apart:
        script.customer(opener)
    if spec.bot:
        _bot_part(script, "" if apart else opener)
        if spec.asks_human and not spec.honoured:
            return script.turns
    else:
        script.problem("" if apart else opener, details=rng.choice((0, 1, 1)))
    if spec.disconnect == "abandoned":
        script.customer(speech.line("customer.abandon"), mood="neg")
        return script.turns
    greet = "agent.human_yes" if spec.asks_human else "agent.greet_chat"
    first = [speech.agent_line(greet)]
    if spec.asks:
        first.append(speech.agent_line(f"agent.ask.{spec.asks[0]}"))
        script.agent(*first)
        script.customer(speech.line(f"customer.give.{spec.asks[0]}"))
        script.verify(spec.asks[1:])
        first = [script.empathy()]
    if rng.random() < 0.3:
        script.probe(*first)
        first = []
    script.breach()
    safe = speech.agent_line("agent.safe") if rng.random() < 0.08 else ""
    script.agent(*first, script.solution(), safe)
    mood = script.reaction().sentiment
    if rng.random() < 0.35:
        script.agent(speech.agent_line("agent.close_sorry" if mood == "neg" else "agent.close"))
    return script.turns


def _bot_part(script: Script, opener: str) -> None:
    speech, spec, rng = script.speech, script.spec, script.rng
    script.problem(opener, details=rng.choice((0, 1)))
    script.agent(
        speech.agent_line("bot.greet" if rng.random() < 0.4 else "bot.deflect"), role="bot"
    )
    if not spec.asks_human:
        script.customer(speech.line("customer.not_helped"))
        script.agent(speech.agent_line("bot.handover"), role="bot")
        return
    script.customer(speech.line("customer.human"), mood="neg", marks=("asks_human",))
    if spec.honoured:
        script.agent(speech.agent_line("bot.handover"), role="bot")
        return
    script.agent(speech.agent_line("bot.refuse"), role="bot")
    script.customer(speech.line("customer.human_again"), mood="neg", marks=("asks_human",))
    script.agent(speech.agent_line("bot.refuse"), role="bot")
    if rng.random() < 0.6:
        lines, marks = script.wishes()
        script.customer(speech.line("customer.end_neg"), *lines, mood="neg", marks=tuple(marks))


def social(rng: Random, bank: Bank, spec: Spec) -> list[Turn]:
    """Return the posts of one public thread."""
    script = Script(rng, Speech(rng, bank, spec, "typed"))
    speech = script.speech
    lines, marks = script.wishes()
    turn = script.problem(
        speech.line("customer.open_social"), details=rng.choice((0, 0, 1)), asks=False
    )
    if lines and len(turn.text) < 170:
        text, spans = speech.customer(lines[:1])
        turn.text, turn.spans = f"{turn.text} {text}", turn.spans + spans
        turn.marks += marks[:1]
    if rng.random() < 0.8:
        pleased = spec.situation.tone == "pos"
        script.agent(speech.agent_line("agent.social_thanks" if pleased else "agent.social_dm"))
        if rng.random() < 0.45:
            mood = "neu" if spec.outcome == "solved" else "neg"
            script.customer("@{xname}", speech.line(f"customer.end_{mood}"), mood=mood)
    return script.turns
