"""Killed under load, again and again: what was answered 200 is in a landing file, and once."""

import http.client
import random
import threading
import time
from collections import Counter

from ingestion.collect.handover import hand_over_left
from tests.ingestion.collect.collecting import WHATSAPP, collector, lines, signed

ROUNDS = 6
CLIENTS = 6


class Client(threading.Thread):
    """Sends numbered bodies until the server is gone; sends the unanswered one again later."""

    def __init__(self, port, number, history):
        super().__init__()
        self.port, self.number, self.history = port, number, history

    def run(self):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            while True:
                body = self.history.next_body(self.number)
                connection.request("POST", WHATSAPP, body, signed(body))
                answer = connection.getresponse()
                answer.read()
                if answer.status == 200:
                    self.history.answered(self.number, body)
        except (OSError, http.client.HTTPException):
            return


class History:
    """What every client sent how often, and what was answered."""

    def __init__(self):
        self.sent = Counter()
        self.kept = set()
        self.open = {}
        self.counts = Counter()

    def next_body(self, client):
        if client not in self.open:
            self.counts[client] += 1
            text = b'{"object":"whatsapp_business_account","client":%d,"n":%d,"pad":"%s"}'
            pad = b"x" * (self.counts[client] * 37 % 3000)
            self.open[client] = text % (client, self.counts[client], pad)
        self.sent[self.open[client]] += 1
        return self.open[client]

    def answered(self, client, body):
        self.kept.add(body)
        del self.open[client]


def test_kill_under_load(tmp_path):
    landing = tmp_path / "landing"
    history = History()
    chance = random.Random(20261125)
    for _ in range(ROUNDS):
        with collector(landing, "--hand-over", "0.1", "--no-log-requests") as running:
            clients = [Client(running.port, number, history) for number in range(CLIENTS)]
            for client in clients:
                client.start()
            time.sleep(chance.uniform(0.2, 0.9))
            running.process.kill()
            for client in clients:
                client.join()
    assert len(history.kept) > 100, "too little load to mean anything"
    hand_over_left(landing)
    found = Counter(lines(landing))
    assert history.kept <= found.keys(), "acknowledged and lost"
    assert found.keys() <= history.sent.keys(), "never sent"
    for body, count in found.items():
        assert count <= history.sent[body], "kept more often than it was delivered"
    assert not list((tmp_path / "landing-journal").glob("*.journal"))
    assert not list(landing.rglob("*.part"))
