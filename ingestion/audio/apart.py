"""Decoding in a process of its own, which lives on from one recording to the next.

path -> child process (`worker`) -> what is known of the recording, or why it is rejected.
"""

import atexit
import errno
import os
import select
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import asdict
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import Any

import orjson

from ingestion.audio.settings import RecordingSettings
from ingestion.connectors.base import RejectedInput

SILENT_SECONDS = 900.0
"""A decoder that says nothing for so long is stopped; speech engines report as they go."""

_COMMAND = (sys.executable, "-m", "ingestion.audio.worker")
_SMALL = 65_536


class Decoder:
    """Hands recordings to the child, one at a time; starts another child when one is lost."""

    def __init__(
        self,
        settings: RecordingSettings,
        command: tuple[str, ...] = _COMMAND,
        silent_seconds: float = SILENT_SECONDS,
    ) -> None:
        self._settings, self._command, self._silent = settings, command, silent_seconds
        self._child: subprocess.Popen[bytes] | None = None
        self._lock = Lock()

    def examine(
        self, path: Path, progress: Callable[[float], None] = lambda seconds: None
    ) -> dict[str, Any]:
        """What `worker.examine` found. Raises RejectedInput, and OSError when
        the disk fails or the speech model cannot be loaded."""
        model = self._settings.speech_model
        request = {
            "path": str(path),
            "limits": asdict(self._settings.limits),
            "speech_model": None if model is None else str(model),
        }
        with self._lock:
            answer = self._ask(request, progress)
        if "found" in answer:
            found: dict[str, Any] = answer["found"]
            return found
        if "os_error" in answer:
            raise OSError(answer["os_error"], os.strerror(answer["os_error"]))
        if "engine" in answer:
            # A fault of the installation, not of the recording: nothing may be rejected for it.
            raise OSError(errno.ENOTSUP, f"the speech model cannot be loaded ({answer['engine']})")
        if "rejected" in answer:
            raise RejectedInput(*answer["rejected"])
        raise RejectedInput(
            "decoder_failed",
            f"the decoder stopped with {answer['failed']}; export the recording again as WAV or"
            " report its format",
        )

    def _ask(self, request: dict[str, Any], progress: Callable[[float], None]) -> dict[str, Any]:
        try:
            child = self._started()
            assert child.stdin is not None
            child.stdin.write(orjson.dumps(request) + b"\n")
            child.stdin.flush()
            while "seconds" in (answer := self._line(child)):
                progress(answer["seconds"])
            return answer
        except (BrokenPipeError, EOFError, TimeoutError) as error:
            self.close()
            lost = "silence" if isinstance(error, TimeoutError) else "crash"
            return {"failed": lost}
        except BaseException:
            self.close()  # an interrupted conversation cannot be taken up again
            raise

    def _started(self) -> subprocess.Popen[bytes]:
        if self._child is None or self._child.poll() is not None:
            root = str(Path(__file__).parents[2])
            paths = [root, *filter(None, [os.environ.get("PYTHONPATH")])]
            self._child = subprocess.Popen(
                self._command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                # Decoders complain there about every odd frame.
                stderr=subprocess.DEVNULL,
                # A speech engine must not look for anything on the internet.
                env=os.environ | {"PYTHONPATH": os.pathsep.join(paths), "HF_HUB_OFFLINE": "1"},
            )
        return self._child

    def _line(self, child: subprocess.Popen[bytes]) -> dict[str, Any]:
        assert child.stdout is not None
        handle, line = child.stdout.fileno(), b""
        waiting = select.poll()
        waiting.register(handle, select.POLLIN)
        deadline = time.monotonic() + self._silent
        while not line.endswith(b"\n"):
            left = deadline - time.monotonic()
            if left <= 0 or not waiting.poll(left * 1000):
                raise TimeoutError
            part = os.read(handle, _SMALL)
            if not part:
                raise EOFError
            line += part
        # Progress that piled up is skipped; nothing follows an answer.
        answer: dict[str, Any] = orjson.loads(line.splitlines()[-1])
        return answer

    def close(self) -> None:
        """Stop the child."""
        child, self._child = self._child, None
        if child is not None:
            child.kill()
            child.communicate()


@lru_cache(maxsize=4)
def decoder(settings: RecordingSettings) -> Decoder:
    """The decoder of this process for these settings; stopped when the process ends."""
    found = Decoder(settings)
    atexit.register(found.close)
    return found
