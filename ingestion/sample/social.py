"""Writes public threads as X API v2 pages, one response a line, and compliance deletions."""

from collections import defaultdict
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any, Final

from ingestion.sample import company
from ingestion.sample.model import Conversation, Turn
from ingestion.sample.sink import Sink, lines

EPOCH_MS: Final = 1_288_834_974_657
"""Where X's ids begin to count milliseconds."""

Post = dict[str, Any]


class SocialWriter:
    """Collects posts by day and deletions by month."""

    def __init__(self, sink: Sink) -> None:
        self.sink = sink
        self.days: dict[str, list[Post]] = defaultdict(list)
        self.deleted: dict[str, list[Post]] = defaultdict(list)
        self.users: dict[str, Post] = {
            company.COMPANY_X_USER_ID: {
                "id": company.COMPANY_X_USER_ID, "name": company.COMPANY_MAIL_NAME,
                "username": company.COMPANY_X_USERNAME, "verified": True, "protected": False,
                "created_at": "2015-03-01T02:00:00.000Z",
            }
        }  # fmt: skip

    def write(self, conversation: Conversation, rng: Random) -> None:
        """Add the posts of one thread, with edits and deletions as planned."""
        spec, person = conversation.spec, conversation.spec.person
        moment, root, previous = spec.start, "", ""
        user = person.x_id or str(rng.randrange(10**17, 10**18))
        self.users.setdefault(user, {
            "id": user, "name": person.spelling(rng), "verified": False, "protected": False,
            "username": person.x_username or f"user{person.number}",
            "created_at": f"20{rng.randrange(10, 25)}-05-{rng.randrange(10, 29)}T07:11:02.000Z",
        })  # fmt: skip
        for place, turn in enumerate(conversation.turns):
            if place:
                moment = moment + timedelta(minutes=rng.uniform(3, 240))
            turn.at = (moment - spec.start).total_seconds()
            ours = turn.role != "customer"
            author = company.COMPANY_X_USER_ID if ours else user
            mention = self.users[user]["username"]
            if ours:
                turn.text = f"@{mention} {turn.text}"
            turn.native = _snowflake(moment, rng)
            history = [turn.native]
            if spec.edit and place == 0:
                history = self._draft(turn, moment, rng, author)
                moment = moment + timedelta(minutes=3)
            root = root or turn.native
            post = _post(turn, moment, author, root, history)
            if previous:
                post["in_reply_to_user_id"] = user if ours else company.COMPANY_X_USER_ID
                post["referenced_tweets"] = [{"type": "replied_to", "id": previous}]
            conversation.natives += history
            self._keep(post, moment)
            previous = turn.native
        if spec.revoke:
            self._delete(conversation, moment, rng)

    def _keep(self, post: Post, moment: datetime) -> None:
        self.days[str(moment.astimezone(company.JAKARTA).date())].append(post)

    def _draft(self, turn: Turn, moment: datetime, rng: Random, author: str) -> list[str]:
        words = turn.text.split(" ")
        turn.replaced = " ".join(words[: max(2, len(words) - 2)])
        first = turn.native
        draft = Turn("customer", turn.replaced, native=first)
        self._keep(_post(draft, moment, author, first, [first]), moment)
        turn.native = _snowflake(moment + timedelta(minutes=3), rng)
        return [first, turn.native]

    def _delete(self, conversation: Conversation, moment: datetime, rng: Random) -> None:
        turn = conversation.turns[0]
        gone = moment + timedelta(hours=rng.uniform(1, 60))
        turn.revoked = True
        row = {
            "id": turn.native, "action": "delete",
            "created_at": _time(conversation.spec.start), "redacted_at": _time(gone),
            "reason": "deleted",
        }  # fmt: skip
        self.deleted[f"{gone:%Y-%m}"].append(row)

    def finish(self, rng: Random) -> None:
        """Hand pages and deletions to the sink."""
        for day, posts in sorted(self.days.items()):
            posts.sort(key=lambda post: (post["created_at"], post["id"]))
            pages, at = [], 0
            while at < len(posts):
                size = rng.randrange(2, 9)
                pages.append(self._page(posts[at : at + size]))
                at += size
            self.sink.add(f"social/x/{day}.jsonl", lines(pages), payloads=len(pages))
        for month, rows in sorted(self.deleted.items()):
            rows.sort(key=lambda row: row["redacted_at"])
            self.sink.add(f"social/x/compliance-{month}.jsonl", lines(rows), payloads=len(rows))

    def _page(self, posts: list[Post]) -> Post:
        authors = sorted({post["author_id"] for post in posts})
        return {
            "data": posts,
            "includes": {"users": [self.users[author] for author in authors]},
            "meta": {
                "newest_id": posts[-1]["id"], "oldest_id": posts[0]["id"],
                "result_count": len(posts),
            },
        }  # fmt: skip


def _snowflake(moment: datetime, rng: Random) -> str:
    return str(((int(moment.timestamp() * 1000) - EPOCH_MS) << 22) | rng.getrandbits(22))


def _time(moment: datetime) -> str:
    utc = moment.astimezone(UTC)
    return utc.strftime("%Y-%m-%dT%H:%M:%S.000Z")


def _post(turn: Turn, moment: datetime, author: str, root: str, history: list[str]) -> Post:
    language = "en" if author == company.COMPANY_X_USER_ID else "in"
    return {
        "id": turn.native, "text": turn.text, "author_id": author, "lang": language,
        "conversation_id": root, "created_at": _time(moment),
        "edit_history_tweet_ids": history, "reply_settings": "everyone",
        "possibly_sensitive": False,
        "edit_controls": {
            "edits_remaining": 5 - len(history) + 1, "is_edit_eligible": True,
            "editable_until": _time(moment + timedelta(hours=1)),
        },
        "public_metrics": {"retweet_count": 0, "reply_count": 0, "like_count": 0, "quote_count": 0},
    }  # fmt: skip
