"""Real servers for the tests, each in a temporary folder and on a free port of this machine.

Both run without rights: as `nobody` or `postgres` when the tests run as root.
"""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

import psycopg

from tests.ingestion.pull.certificates import write_certificate

PASSWORD = "kata-sandi-uji"
USER = "cs@toko.example"
READER = "reader"


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def folder_of(user):
    """A folder that this user may enter and own; pytest's own are closed to others."""
    root = Path(tempfile.mkdtemp(prefix="lakehouse-test-"))
    try:
        if os.geteuid() == 0:
            shutil.chown(root, user, pwd.getpwnam(user).pw_gid)
        root.chmod(0o755)
        yield root
    finally:
        shutil.rmtree(root, ignore_errors=True)


def wait_for(port, process=None):
    for _ in range(200):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        if process and process.poll() is not None:
            break
        time.sleep(0.05)
    raise RuntimeError("the server did not start")


class Dovecot:
    """A mail server with one user; maildirs are written by the test."""

    def __init__(self, root, port, tls_port):
        self.root, self.port, self.tls_port = root, port, tls_port
        self.certificate = root / "certificate.pem"

    def add(self, folder, name, raw, received=None):
        """Put one mail into a folder, as a mail server delivers it."""
        place = self.root / "mail" / ("" if folder == "INBOX" else f".{folder}")
        owner = pwd.getpwnam("nobody") if os.geteuid() == 0 else None
        for part in ("cur", "new", "tmp"):
            place.joinpath(part).mkdir(parents=True, exist_ok=True)
        path = place / "cur" / f"{name}:2,"
        path.write_bytes(raw)
        if received:
            os.utime(path, (received.timestamp(), received.timestamp()))
        if owner:
            for item in (place.parent, place, *place.iterdir(), path):
                os.chown(item, owner.pw_uid, owner.pw_gid)

    def flags(self, folder):
        """What is marked on the mails of a folder."""
        place = self.root / "mail" / ("" if folder == "INBOX" else f".{folder}")
        return {path.name.split(":2,")[-1] for path in place.glob("cur/*")}

    def clear(self):
        shutil.rmtree(self.root / "mail", ignore_errors=True)


@contextmanager
def dovecot():
    """A running Dovecot."""
    with folder_of("nobody") as root:
        server = Dovecot(root, free_port(), free_port())
        write_certificate(server.certificate, root / "key.pem")
        (root / "dovecot.conf").write_text(_configuration(server), "utf-8")
        program = shutil.which("dovecot", path=f"{os.environ['PATH']}:/usr/sbin")
        process = subprocess.Popen([program, "-F", "-c", str(root / "dovecot.conf")])
        try:
            wait_for(server.port, process)
            yield server
        finally:
            process.terminate()
            process.wait(10)


def _configuration(server):
    me = pwd.getpwuid(os.geteuid()).pw_name
    owner = pwd.getpwnam("nobody") if os.geteuid() == 0 else pwd.getpwuid(os.geteuid())
    unprivileged = f"default_internal_user = {me}\ndefault_login_user = {me}\n"
    return f"""
base_dir = {server.root}/run
state_dir = {server.root}/state
log_path = {server.root}/dovecot.log
listen = 127.0.0.1
protocols = imap
ssl = yes
ssl_cert = <{server.certificate}
ssl_key = <{server.root}/key.pem
disable_plaintext_auth = no
auth_mechanisms = plain login
auth_failure_delay = 0
first_valid_uid = 1
mail_location = maildir:{server.root}/mail
passdb {{
  driver = static
  args = user={USER} password={PASSWORD}
}}
userdb {{
  driver = static
  args = uid={owner.pw_uid} gid={owner.pw_gid} home={server.root}
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {server.port}
  }}
  inet_listener imaps {{
    port = {server.tls_port}
    ssl = yes
  }}
}}
service anvil {{
  chroot =
  # No penalty for the wrong passwords that the tests try.
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
{"" if os.geteuid() == 0 else unprivileged}"""


class Postgres:
    """A database server with an owner, and a reader who may only read what is granted."""

    def __init__(self, root, port):
        self.port, self.certificate = port, root / "certificate.pem"

    def run(self, *statements):
        """Statements of the owner, each in a transaction of its own."""
        with self.connect() as connection:
            for statement in statements:
                connection.execute(statement)

    def connect(self):
        return psycopg.connect(
            host="127.0.0.1", port=self.port, dbname="postgres", user="owner",
            password=PASSWORD, autocommit=True,
        )  # fmt: skip


def postgres_binaries():
    """The folder of initdb and pg_ctl; None when PostgreSQL is not installed."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    on_path = shutil.which("initdb")
    return Path(on_path).parent if on_path else (found[-1].parent if found else None)


@contextmanager
def postgres():
    """A running PostgreSQL with TLS."""
    binaries = postgres_binaries()
    with folder_of("postgres") as root:
        server = Postgres(root, free_port())
        data, key = root / "data", root / "key.pem"
        (root / "password").write_text(PASSWORD, "utf-8")
        write_certificate(server.certificate, key)
        key.chmod(0o600)
        if os.geteuid() == 0:
            shutil.chown(key, "postgres")
        initialise = ("-U", "owner", "--auth=scram-sha-256", f"--pwfile={root / 'password'}")
        _as_postgres(binaries / "initdb", "-D", data, "-N", *initialise)
        options = (
            f"-p {server.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={root}"
            f" -c fsync=off -c ssl=on -c ssl_cert_file={server.certificate} -c ssl_key_file={key}"
        )
        log = root / "postgres.log"
        _as_postgres(binaries / "pg_ctl", "-D", data, "-l", log, "-w", "-o", options, "start")
        try:
            server.run(f"CREATE ROLE {READER} LOGIN PASSWORD '{PASSWORD}'")
            yield server
        finally:
            _as_postgres(binaries / "pg_ctl", "-D", data, "-m", "immediate", "stop")


def _as_postgres(*arguments):
    prefix = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    # Not through a pipe: the server would hold it open after pg_ctl has ended.
    subprocess.run(
        [*prefix, *map(str, arguments)],
        cwd="/", stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True, timeout=60,
    )  # fmt: skip
