"""What each head learns from, its thresholds, and the figures that judge it.

One function a head; each returns the model to save and its figures. Fitting is in `fit`, reading
in `samples` and `seeds`.
"""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

from enrichment import cues, features, linear
from enrichment.churn import says_too_little
from enrichment.training import fit, judge, measure, samples, seeds
from enrichment.training.samples import Sample

Figures = dict[str, Any]
Recipe = tuple[dict[str, Any], Figures]

_PER_INTENT_DRIVER = 260
_PER_OTHER_INTENT = 9
_SECOND_SCORE = 0.25
_CUE_NEEDS = 0.03
_OWN_SENTIMENT = 2.0
"""Ten thousand Indonesian reviews must not drown the few English and mixed sentences."""
_TWEET_SENTIMENT = 0.3
_MESSAGE_SENTIMENT = 0.1
"""A calm report of trouble is neutral in service and negative in reviews; both must be heard."""
_STEPS = [round(0.2 + 0.025 * i, 3) for i in range(25)]
_OWN_FLAGS = 2.5
"""Near misses ("baik, saya tunggu") are told apart by our sentences, hardly by tweets."""
_MESSAGES = 2.0
"""Messages of our writers are the only ones of every sector, and of English service at all."""
_REAL = ("stif", "messages")
"""Thresholds are chosen on these: sentences that were written to be found would flatter them."""
_SURE_STEPS = [step for step in _STEPS if step >= 0.45]
"""Without an outright phrase, leaving must be about as likely as staying."""


def sentiment(data: Path, tweets: list[Sample], mapped: list[Sample]) -> Recipe:
    """Indonesian reviews and tweets, our sentences, and English turns neutral by their intent."""
    known = [*samples.smsa(data, "train"), *_heavier(tweets, _TWEET_SENTIMENT)]
    known += _heavier(samples.messages(), _MESSAGE_SENTIMENT)
    known += _heavier(seeds.sentiment(), _OWN_SENTIMENT)
    known += _plain_english(mapped)
    done = fit.fit(known, "sentiment", 3.0)
    head = linear.from_model(done.model, "measured")
    figures = judge.by_source(known, "sentiment", judge.best(done))
    figures["calibration_error"] = judge.calibration(known, "sentiment", done)
    for name, held_out in (
        ("smsa_valid", list(samples.smsa(data, "valid"))),
        ("english_labelled", list(samples.labelled(data))),
    ):
        guess = judge.guess(head, held_out)
        truth = [s.labels["sentiment"] for s in held_out]
        figures[name] = measure.labels(truth, guess) | {"labels": measure.per_label(truth, guess)}
    shown = ("smsa_valid", "english_labelled", "stif", "messages")
    figures["summary"] = {k: figures[k]["macro_f1"] for k in shown}
    return done.model, figures


def _heavier(known: Iterable[Sample], factor: float) -> list[Sample]:
    return [replace(sample, weight=sample.weight * factor) for sample in known]


def _plain_english(mapped: list[Sample]) -> list[Sample]:
    """Turns whose intent tells the sentiment: thanks are positive, requests for facts neutral."""
    polite = {"thankyou": "pos", "thank_you": "pos"}
    plain = {"checkbalance", "updateaddress", "getroutingnumber", "confirmation", "contentonly"}
    wanted = [s for s in mapped if s.labels["intent"] in polite or s.labels["intent"] in plain]
    wanted += [s for s in mapped if s.source in ("clinc150", "hint3_sofmattress")]
    return [
        Sample(
            s.text, s.source, "en", s.group, {"sentiment": polite.get(s.labels["intent"], "neu")}
        )
        for s in samples.capped(wanted, "intent", 3)
    ]


def drivers(tweets: list[Sample], mapped: list[Sample]) -> Recipe:
    """Tweets and messages by our labels, mapped intents, and our sentences."""
    known = [*tweets, *_heavier(samples.messages(), _MESSAGES)]
    known += [*_mapped_share(mapped), *seeds.drivers()]
    done = fit.fit(known, "driver", 4.0, meaning=True)
    least = max(_STEPS, key=lambda t: _driver_quality(known, done, t))
    done.model["settings"] = {"least_score": least, "second_score": _SECOND_SCORE}
    guess = _or_other(done, least)
    figures = judge.by_source(known, "driver", guess)
    figures["calibration_error"] = judge.calibration(known, "driver", done)
    for language, source in (("id", "stif"), ("id", "messages"), ("en", "messages")):
        rows = [i for i, s in enumerate(known) if s.source == source and s.language == language]
        truth = [known[i].labels["driver"] for i in rows]
        figures[f"labels_{source}_{language}"] = measure.per_label(truth, [guess[i] for i in rows])
    figures["settings"] = done.model["settings"]
    figures["summary"] = {k: figures[k]["accuracy"] for k in ("stif", "messages", "banking77")}
    return done.model, figures


def _mapped_share(mapped: list[Sample]) -> list[Sample]:
    """A balanced share: no set and no intent may drown the others."""
    chatter = [s for s in mapped if s.source == "clinc150" and s.labels["driver"] == "other"]
    rest = [s for s in mapped if not (s.source == "clinc150" and s.labels["driver"] == "other")]
    return [
        *samples.capped(rest, "driver", _PER_INTENT_DRIVER),
        *samples.capped(chatter, "intent", _PER_OTHER_INTENT),
    ]


def _driver_quality(known: list[Sample], done: fit.Fitted, least: float) -> float:
    figures = judge.by_source(known, "driver", _or_other(done, least))
    return float(sum(figures[source]["macro_f1"] for source in _REAL))


def _or_other(done: fit.Fitted, least: float) -> list[str]:
    return [
        done.classes[int(row.argmax())] if row.max() >= least else "other" for row in done.unseen
    ]


def churn(tweets: list[Sample], mapped: list[Sample]) -> Recipe:
    """Tweets, our sentences, and intents: closing an account is explicit, most others are none."""
    leaving = {"terminate_account", "closeaccount", "CancelPlan"}
    shares = [s for s in _mapped_share(mapped) if s.labels["intent"] not in leaving]
    known = [*tweets, *_heavier(samples.messages(), _MESSAGES)]
    known += [*seeds.churn(), *(s for s in seeds.drivers() if "churn" in s.labels)]
    known += [_relabelled(s, churn="none") for s in shares[::3]]
    known += [_relabelled(s, churn="explicit") for s in mapped if s.labels["intent"] in leaving][
        :150
    ]
    done = fit.fit(known, "churn", 10.0)
    none = done.classes.index("none")
    truth = [s.labels["churn"] for s in known]
    real = [[i for i, s in enumerate(known) if s.source == source] for source in _REAL]
    least = max(
        _SURE_STEPS, key=lambda t: judge.f_score(truth, 1 - done.unseen[:, none], t, real, "none")
    )
    done.model["settings"] = {
        "least_score": least,
        "cue_needs": _CUE_NEEDS,
        "cue_score": judge.cue_precision(known, "churn", "churn"),
    }
    guess = [_level(done, row, least, s) for row, s in zip(done.unseen, known, strict=True)]
    figures = judge.by_source(known, "churn", guess)
    figures["settings"] = done.model["settings"]
    figures["calibration_error"] = judge.calibration(known, "churn", done)
    figures["summary"] = {k: figures[k]["macro_f1"] for k in _REAL}
    return done.model, figures


def _level(done: fit.Fitted, row: Any, least: float, sample: Sample) -> str:
    """What the head answers: an outright phrase, else the model above its threshold."""
    scores = dict(zip(done.classes, row.tolist(), strict=True))
    words = features.words_of(sample.text)
    said, denied = cues.book("churn").search(words)
    if denied and not said:
        return "none"
    if said and 1 - scores["none"] >= _CUE_NEEDS:
        return max(said, key=lambda c: c.tag == "explicit").tag
    if 1 - scores["none"] < least or says_too_little(words):
        return "none"
    return "explicit" if scores["explicit"] >= scores["implied"] else "implied"


def flag(name: str, tweets: list[Sample], mapped: list[Sample]) -> Recipe:
    """Tweets and our sentences; intents add what they plainly say."""
    known = [*tweets, *_heavier(samples.messages(), _MESSAGES)]
    known += [*_heavier(seeds.flags(), _OWN_FLAGS), *_flag_intents(name, mapped)]
    done = fit.fit(known, name, 10.0)
    truth = [s.labels[name] for s in known]
    real = [[i for i, s in enumerate(known) if s.source == source] for source in _REAL]
    least = max(_STEPS, key=lambda t: judge.f_score(truth, done.unseen[:, 1], t, real, "0"))
    precision = judge.cue_precision(known, name, "flags").get(name, 0.5)
    done.model["settings"] = {
        "least_score": least,
        "cue_needs": _CUE_NEEDS,
        "cue_score": precision,
    }
    guess = [_flagged(name, row[1], least, s) for row, s in zip(done.unseen, known, strict=True)]
    figures = judge.by_source(known, name, guess)
    figures["settings"] = done.model["settings"]
    figures["calibration_error"] = judge.calibration(known, name, done)
    figures["summary"] = {k: figures[k]["macro_f1"] for k in _REAL}
    return done.model, figures


def _flagged(name: str, score: float, least: float, sample: Sample) -> str:
    said = {c.tag for c in cues.book("flags").find(features.words_of(sample.text))}
    return str(int(score >= (_CUE_NEEDS if name in said else least)))


def _flag_intents(name: str, mapped: list[Sample]) -> list[Sample]:
    """Intents that say yes to a flag, and a share that plainly says no."""
    agents = {"CHAT_WITH_AGENT", "CHAT_WITH_AN_AGENT"}
    buying = {
        "order_physical_card",
        "getting_virtual_card",
        "getting_spare_card",
        "EnrollInPlan",
        "GetQuote",
        "ORDER_TAKING",
        "LEAD_GEN",
        "insurance_change",
        "orderchecks",
        "get_disposable_virtual_card",
        "ChangePlan",
        "order_checks",
        "new_card",
    }
    yes = {"asks_human": agents, "purchase_intent": buying}.get(name, set())
    plain = {"checkbalance", "getroutingnumber", "product_info", "other", "confirmation"}
    share = _mapped_share(mapped)
    if name in ("asks_human", "purchase_intent"):
        no = [
            s
            for s in share
            if s.labels["intent"] not in yes and s.labels["driver"] not in ("purchase_plan",)
        ][::3]
    else:
        no = [s for s in share if s.labels["driver"] in plain][::4]
    found = [_relabelled(s, **{name: "0"}) for s in no]
    found += [_relabelled(s, **{name: "1"}) for s in mapped if s.labels["intent"] in yes][::2]
    return found


def _relabelled(sample: Sample, **labels: str) -> Sample:
    return Sample(sample.text, sample.source, sample.language, sample.group, labels)
