"""Lays out mail threads and the contacts that the company opens: collection, reminders, offers.

Inbound calls, chats and posts are in `dialogue`; the looks of a mail (signature, quoted text)
are in `mail`.
"""

from random import Random

from ingestion.sample.bank import Bank
from ingestion.sample.dialogue import other_agent
from ingestion.sample.model import Spec, Turn
from ingestion.sample.script import Script, also, end_mood, one
from ingestion.sample.speech import Speech


def mail(rng: Random, bank: Bank, spec: Spec) -> list[Turn]:
    """Return the new text of each mail of a thread, without quotes and signatures."""
    script = Script(rng, Speech(rng, bank, spec, "mail"))
    speech = script.speech
    if spec.direction == "outbound":
        _offer_mail(script)
        return script.turns
    language = spec.language
    lines, marks = script.wishes()
    details = list(spec.situation.lines("detail", language, rng))
    rng.shuffle(details)
    body = [one(spec.situation, "problem", language, rng), *details[: rng.choice((1, 1, 2))]]
    if spec.repeat_of is not None:
        body.insert(rng.choice((0, len(body))), speech.line("customer.again"))
    if spec.second is not None:
        body.append(also(language, rng) + one(spec.second, "problem", language, rng))
    tone = spec.situation.tone
    if rng.random() < 0.7:
        body.append(speech.line(f"customer.emotion_{tone}"))
    facts = [speech.line(f"customer.give.{kind}") for kind in spec.asks]
    ask = speech.line("customer.ask" if tone == "neg" else "customer.ask_info")
    blocks = [speech.line("customer.open_mail"), " ".join(body), " ".join(facts)]
    blocks += [" ".join([ask, *lines]), speech.line("customer.close_mail"), "{first}"]
    _letter(script, blocks, tone, marks)
    if spec.bot:
        script.agent(speech.agent_line("bot.autoreply"), role="bot")
    if rng.random() < 0.62:
        _answer(script, script.empathy(), script.solution())
        if rng.random() < 0.45:
            _reply(script)
    return script.turns


def _letter(script: Script, blocks: list[str], mood: str, marks: list[str]) -> None:
    texts, spans = [], []
    for block in blocks:
        if block.strip():
            text, found = script.speech.customer([block])
            texts.append(text)
            spans += found
    turn = Turn("customer", "\n\n".join(texts), spans=spans, marks=list(marks), sentiment=mood)
    script.turns.append(turn)


def _answer(script: Script, *parts: str) -> None:
    speech = script.speech
    hello = "Halo {panggil},\n\n" if speech.agent_language == "id" else "Dear {panggil},\n\n"
    text, spans = speech.company([" ".join(parts)])
    head, found = speech.company([hello.strip()])
    foot, signed = speech.company([speech.agent_line("agent.mail_sign")])
    turn = Turn("agent", f"{head}\n\n{text}\n\n{foot}", spans=found + spans + signed)
    turn.agent = speech.agent
    script.turns.append(turn)


def _reply(script: Script) -> None:
    mood = end_mood(script.spec, script.rng)
    line = script.speech.line(f"customer.end_{mood}")
    _letter(script, [line, "{first}"], mood, [])
    if script.rng.random() < 0.25:
        key = "agent.close_sorry" if mood == "neg" else "agent.close"
        _answer(script, script.speech.agent_line(key))


def _offer_mail(script: Script) -> None:
    speech = script.speech
    text, spans = speech.company([speech.agent_line("outbound.offer_mail")])
    turn = Turn("agent", text, spans=spans)
    turn.agent = speech.agent
    script.turns.append(turn)
    if script.rng.random() < 0.5:
        yes = script.spec.purchase
        key = "outbound.offer_yes" if yes else "outbound.offer_no"
        _letter(script, [speech.line(key), "{first}"], "neu", ["purchase"] if yes else [])


def call_out(rng: Random, bank: Bank, spec: Spec) -> list[Turn]:
    """Return the turns of an answered outbound call: collection or offer."""
    script = Script(rng, Speech(rng, bank, spec, "spoken"))
    speech = script.speech
    missing = "recording_notice_missing" in spec.breaches
    notice = "" if missing else speech.agent_line("outbound.notice")
    collects = spec.campaign == "paylater-collection"
    kind = "collect" if collects else "offer"
    opening = script.agent(speech.agent_line(f"outbound.{kind}_open"), notice)
    for rule in ("recording_notice_missing", "outside_contact_hours"):
        if rule in spec.breaches:
            opening.breaches.append(rule)
    if spec.story.startswith("third_party"):
        _third_party(script)
    elif collects:
        _collect(script)
    else:
        _offer(script)
    return script.turns


def _third_party(script: Script) -> None:
    speech = script.speech
    script.customer(speech.line("outbound.third_ask"))
    rule = "third_party_disclosure"
    told = rule in script.spec.breaches
    key = f"breaches.{rule}" if told else "outbound.third_safe"
    script.agent(speech.agent_line(key), breach=rule if told else "")
    script.customer(speech.line("outbound.third_reply"))
    script.agent(speech.agent_line("outbound.offer_end").split("|")[0])


def _collect(script: Script) -> None:
    speech = script.speech
    script.customer(speech.line("outbound.collect_yes"))
    script.agent(speech.agent_line("outbound.collect_ask"))
    upset = "threat" in script.spec.breaches
    script.customer(speech.line("outbound.collect_reply"), mood="neg" if upset else "neu")
    if upset:
        script.agent(speech.agent_line("breaches.threat"), breach="threat")
        lines, marks = script.wishes()
        script.customer(speech.line("customer.emotion_neg"), *lines, mood="neg", marks=tuple(marks))
    script.agent(speech.agent_line("outbound.collect_end"))
    script.customer(speech.line("customer.end_neu"), mood="neu")


def _offer(script: Script) -> None:
    speech, spec = script.speech, script.spec
    script.customer(speech.line("outbound.collect_yes"))
    script.agent(speech.agent_line("outbound.offer_pitch"))
    script.breach()
    yes = spec.purchase
    script.customer(
        speech.line("outbound.offer_yes" if yes else "outbound.offer_no"),
        mood="pos" if yes else "neu",
        marks=("purchase",) if yes else (),
    )
    script.agent(speech.agent_line("outbound.offer_end"))


def chat_out(rng: Random, bank: Bank, spec: Spec) -> list[Turn]:
    """Return the turns of a chat that the company opens: reminder or offer."""
    script = Script(rng, Speech(rng, bank, spec, "typed"))
    speech = script.speech
    reminds = spec.campaign == "paylater-reminder"
    key = "outbound.remind" if reminds else "outbound.offer_chat"
    opening = script.agent(speech.agent_line(key), role="bot" if spec.bot else "agent")
    if "outside_contact_hours" in spec.breaches:
        opening.breaches.append("outside_contact_hours")
    if rng.random() < 0.7:
        if reminds:
            script.customer(speech.line("outbound.remind_reply"))
        else:
            yes = spec.purchase
            script.customer(
                speech.line("outbound.offer_yes" if yes else "outbound.offer_no"),
                mood="pos" if yes else "neu",
                marks=("purchase",) if yes else (),
            )
        speech.agent = other_agent(spec.agent)
        script.breach()
        script.agent(speech.agent_line("agent.close"))
    return script.turns
