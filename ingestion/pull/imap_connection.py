"""Opening a mail box: TLS, login by password or OAuth 2 token, and what failed, in words."""

import imaplib
import ssl
from dataclasses import dataclass

from imap_tools.errors import ImapToolsError, MailboxLoginError
from imap_tools.mailbox import BaseMailBox, MailBox, MailBoxStartTls, MailBoxUnencrypted

from ingestion.pull.base import PullProblem
from ingestion.pull.network import why
from ingestion.pull.secrets import Secret
from ingestion.pull.sections import Section, on_this_machine

TLS = ("implicit", "starttls", "none")
_PORTS = {"implicit": 993, "starttls": 143, "none": 143}
_TIMEOUT_SECONDS = 60.0
ERRORS = (OSError, imaplib.IMAP4.error, ImapToolsError)


@dataclass(frozen=True, slots=True)
class ImapAccount:
    """Where a mail box is and how to enter it. `token` chooses OAuth 2 instead of a password."""

    host: str
    port: int
    tls: str
    user: str
    secret: Secret
    token: bool
    ca_file: str

    @classmethod
    def of(cls, section: Section) -> "ImapAccount":
        """From the settings; raises SettingsProblem."""
        tls = section.choice("tls", TLS, "implicit")
        host = section.text("host")
        if tls == "none" and not on_this_machine(host):
            raise section.problem(
                "tls: none is for this machine only; use implicit or starttls", "tls"
            )
        token = section.has("token_env")
        return cls(
            host=host,
            port=section.whole("port", _PORTS[tls], 1, 65535),
            tls=tls,
            user=section.text("user"),
            secret=section.secret("token" if token else "password"),
            token=token,
            ca_file=section.text("ca_file", "system"),
        )

    @property
    def place(self) -> str:
        """Host and port, for messages."""
        return f"{self.host}:{self.port}"

    def login(self) -> BaseMailBox:
        """An open connection in which no folder is selected. Raises PullProblem."""
        secret = self.secret.reveal()
        try:
            box = self._connected()
        except ERRORS as error:
            raise in_words(error, self) from None
        try:
            if self.token:
                return box.xoauth2(self.user, secret, initial_folder=None)
            if (self.user + secret).isascii():
                return box.login(self.user, secret, initial_folder=None)
            return box.login_utf8(self.user, secret, initial_folder=None)
        except ERRORS as error:
            box.client.shutdown()
            raise in_words(error, self, entering=True) from None

    def _connected(self) -> BaseMailBox:
        if self.tls == "none":
            return MailBoxUnencrypted(self.host, self.port, timeout=_TIMEOUT_SECONDS)
        trusted = None if self.ca_file == "system" else self.ca_file
        context = ssl.create_default_context(cafile=trusted)
        kind = MailBox if self.tls == "implicit" else MailBoxStartTls
        return kind(self.host, self.port, timeout=_TIMEOUT_SECONDS, ssl_context=context)


def in_words(error: Exception, account: ImapAccount, *, entering: bool = False) -> PullProblem:
    """What is wrong; the server's own words may repeat the user and are left out."""
    if isinstance(error, FileNotFoundError):
        return PullProblem(f"ca_file {account.ca_file} does not exist")
    if isinstance(error, OSError) or isinstance(error.__cause__, OSError):
        return PullProblem(why(error, account.place))
    if isinstance(error, imaplib.IMAP4.abort):
        return PullProblem(f"{account.place}: the connection breaks; pull again, what came is kept")
    if isinstance(error, MailboxLoginError) or entering:
        hint = " (many providers want an app password or a token)"
        return PullProblem(
            f"{account.place}: the user or password is refused; check user and the value of"
            f" {account.secret.variable}{hint}"
        )
    return PullProblem(
        f"{account.place}: the server refuses a command ({type(error).__name__}); check port and"
        " tls, and pull again"
    )
