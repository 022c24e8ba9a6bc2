"""What a collector did since it started, as numbers without any personal data."""

from collections import Counter


class Counters:
    """Counts by source and outcome; read as lines of text that monitoring systems know."""

    def __init__(self) -> None:
        self.answers: Counter[tuple[str, int]] = Counter()
        self.refused: Counter[tuple[str, str]] = Counter()
        self.bytes: Counter[str] = Counter()
        self.totals: Counter[str] = Counter()
        self.levels: dict[str, float] = {}

    def text(self) -> str:
        """All counts, one a line, in a fixed order."""
        lines = [
            f'collect_answers_total{{source="{source}",status="{status}"}} {count}'
            for (source, status), count in sorted(self.answers.items())
        ]
        lines += [
            f'collect_refused_total{{source="{source}",reason="{reason}"}} {count}'
            for (source, reason), count in sorted(self.refused.items())
        ]
        lines += [
            f'collect_kept_bytes_total{{source="{source}"}} {count}'
            for source, count in sorted(self.bytes.items())
        ]
        lines += [f"collect_{name}_total {count}" for name, count in sorted(self.totals.items())]
        lines += [f"collect_{name} {value:g}" for name, value in sorted(self.levels.items())]
        return "\n".join(lines) + "\n"
