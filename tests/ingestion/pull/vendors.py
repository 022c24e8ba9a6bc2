"""Small stand-ins of the vendors' APIs: their paths, paging and times, over invented data."""

from urllib.parse import urlencode

from tests.ingestion.pull.api_server import Reply


class Zendesk:
    """Incremental exports; positions are indexes, as opaque as cursors are."""

    def __init__(self, size):
        self.streams = {"tickets": [], "users": [], "ticket_events": []}
        self.add(size)

    def add(self, count):
        for stream, items in self.streams.items():
            first = len(items) + 1
            items += [{"id": first + n, "kind": stream} for n in range(count)]

    def __call__(self, call):
        name = call.path.removeprefix("/api/v2/incremental/").removesuffix(".json")
        stream = name.removesuffix("/cursor")
        items, size = self.streams[stream], int(call.params["per_page"])
        by_time = stream == "ticket_events"
        if by_time:
            assert call.params["include"] == "comment_events"
        # The events' clock: the n-th event happened at second 1000 + n.
        start = int(call.params.get("start_time", 0)) - 1000
        begin = max(start, 0) if by_time else int(call.params.get("cursor", "c0")[1:])
        part = items[begin : begin + size]
        end = begin + size >= len(items)
        body = {stream: part, "end_of_stream": end, "count": len(part)}
        reached = begin + len(part)
        body |= {"end_time": 1000 + reached} if by_time else {"after_cursor": f"c{reached}"}
        return Reply(body)


class Intercom:
    """Search by time of change, and single conversations."""

    def __init__(self, times):
        self.times, self.in_order = dict(times), True

    def __call__(self, call):
        if call.path == "/conversations/search":
            return Reply(self._search(call.body))
        if call.path in ("/me", "/conversations"):
            return Reply({"type": "admin"})
        key = call.path.rsplit("/", 1)[1]
        if key not in self.times:
            return Reply({"type": "error.list"}, 404)
        return Reply({"type": "conversation", "id": key, "updated_at": self.times[key],
                      "conversation_parts": {"conversation_parts": []}})  # fmt: skip

    def _search(self, body):
        assert body["query"]["operator"] == ">"
        assert body["sort"] == {"field": "updated_at", "order": "ascending"}
        found = [(at, key) for key, at in self.times.items() if at > body["query"]["value"]]
        found.sort(reverse=not self.in_order)
        begin = int(body["pagination"].get("starting_after", "0"))
        end = begin + body["pagination"]["per_page"]
        following = {"next": {"starting_after": str(end)}} if end < len(found) else {}
        listed = [{"id": key, "updated_at": at} for at, key in found[begin:end]]
        return {"type": "conversation.list", "conversations": listed, "pages": following}


class Chatwoot:
    """Conversations of one account, newest activity first; messages newest first."""

    PAGE, MESSAGES = 3, 2

    def __init__(self, activity, messages=5):
        self.activity = dict(activity)
        self.messages = {key: list(range(1, messages + 1)) for key in self.activity}

    def __call__(self, call):
        of = call.path.removeprefix("/api/v1/accounts/7/conversations").strip("/")
        if call.path == "/api/v1/profile":
            return Reply({"id": 1})
        return self._messages(int(of.split("/")[0]), call.params) if of else self._list(call.params)

    def _list(self, params):
        assert params["status"] == "all"
        begin = (int(params.get("page", 1)) - 1) * self.PAGE
        order = sorted(self.activity.items(), key=lambda item: -item[1])[begin : begin + self.PAGE]
        listed = [{"id": key, "last_activity_at": at} for key, at in order]
        return Reply({"data": {"meta": {"all_count": len(self.activity)}, "payload": listed}})

    def _messages(self, key, params):
        if key not in self.messages:
            return Reply({"error": "Resource could not be found"}, 404)
        before = int(params.get("before", 10**9))
        older = [number for number in self.messages[key] if number < before][-self.MESSAGES :]
        listed = [{"id": number, "conversation_id": key} for number in older]
        return Reply({"meta": {"labels": []}, "payload": listed})


class Mastodon:
    """Notifications and statuses with Link headers; ids are numbers in texts."""

    def __init__(self, size):
        self.ids = list(range(1, size + 1))
        self.url = ""

    def __call__(self, call):
        if call.path.endswith("verify_credentials"):
            return Reply({"id": "9"})
        mentions = call.path == "/api/v1/notifications"
        assert mentions == (call.params.get("types[]") == "mention")
        newer = [n for n in self.ids if n > int(call.params.get("min_id", 0))]
        part = sorted(newer[: int(call.params["limit"])], reverse=True)
        items = [{"id": str(n), "status": {"id": str(n)}, "type": "mention"} for n in part]
        headers = {}
        if part:
            query = urlencode(call.params | {"min_id": part[0]})
            headers["Link"] = f'<{self.url}{call.path}?{query}>; rel="prev"'
        return Reply(items, headers=headers)


class X:
    """A timeline, newest first, with tokens; ids are old enough to hold no time."""

    def __init__(self, ids):
        self.ids, self.expired = list(ids), False

    def __call__(self, call):
        assert "author_id" in call.params["tweet.fields"]
        search = call.path == "/2/tweets/search/recent"
        token = call.params.get("next_token" if search else "pagination_token")
        if token and self.expired:
            return Reply({"title": "Invalid Request"}, 400)
        after = int(call.params.get("since_id", 0))
        found = sorted((n for n in self.ids if n > after), reverse=True)
        begin, size = int(token[1:] if token else 0), int(call.params["max_results"])
        part = found[begin : begin + size]
        meta = {"result_count": len(part)}
        if part:
            meta |= {"newest_id": str(part[0]), "oldest_id": str(part[-1])}
        if begin + size < len(found):
            meta["next_token"] = f"t{begin + size}"
        posts = [{"id": str(n), "text": f"Halo {n}", "author_id": "5"} for n in part]
        return Reply({"data": posts, "meta": meta} if posts else {"meta": meta})
