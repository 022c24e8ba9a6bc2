"""The `lakehouse` command: options and exit codes; the work is done in `orchestration.commands`.

Heavy libraries are imported only by the command that needs them, so that a query starts fast.
Exit codes: 0 done, 1 found a problem or failed, 2 wrong usage, 3 another run holds the lake.
"""

import sys
from pathlib import Path
from typing import Annotated

import typer

from orchestration.cli_groups import JsonOption, LandingOption, classifier, mapping

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Every conversation with customers, tagged with evidence, in one traceable customer 360.",
)

LakeOption = Annotated[
    Path | None, typer.Option("--lake", help="Lake folder. Default: LAKEHOUSE_LAKE or data/lake.")
]

app.add_typer(classifier, name="classifier")
app.add_typer(mapping, name="mapping")


@app.command()
def sample(
    landing: LandingOption = None,
    customers: Annotated[int, typer.Option(help="How many customers.")] = 400,
    interactions: Annotated[int, typer.Option(help="How many interactions.")] = 4000,
    seed: Annotated[int, typer.Option(help="Equal seeds give equal files.")] = 7,
) -> None:
    """Write the bundled sample (invented customers, real formats) into the landing folder.

    Example: lakehouse sample --landing data/landing --customers 40 --interactions 200
    """
    from orchestration.commands.sample import write_sample

    raise typer.Exit(
        write_sample(landing, customers=customers, interactions=interactions, seed=seed)
    )


@app.command()
def run(
    landing: LandingOption = None,
    lake: LakeOption = None,
    sample: Annotated[
        bool, typer.Option("--sample", help="Write the bundled sample first if nothing is there.")
    ] = False,
    json: JsonOption = False,
) -> None:
    """Land new files and bring every table up to date, through Dagster.

    Example: lakehouse run --landing ~/exports --lake data/lake
    """
    from orchestration.commands.run import run_everything

    raise typer.Exit(run_everything(landing=landing, lake=lake, sample=sample, as_json=json))


@app.command()
def pull(
    sources: Annotated[
        list[str] | None, typer.Argument(help="Names in the settings file. Default: all.")
    ] = None,
    landing: LandingOption = None,
    since: Annotated[
        str | None, typer.Option(help="Start over from this day, or time with offset.")
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Ask for the first batch, write nothing.")
    ] = False,
    json: JsonOption = False,
) -> None:
    """Fetch what is new from mail boxes, APIs and databases into the landing folder.

    Example: lakehouse pull support_mail --since 2026-11-01
    """
    from orchestration.commands.pull import pull_sources

    raise typer.Exit(
        pull_sources(sources or [], landing=landing, since=since, dry_run=dry_run, as_json=json)
    )


# A statement may begin with a comment, `-- like this`, which looks like an unknown option.
@app.command(context_settings={"ignore_unknown_options": True})
def query(
    sql: Annotated[str | None, typer.Argument(help="One SELECT statement.")] = None,
    file: Annotated[
        Path | None, typer.Option("--file", help="Read the statement from this file.")
    ] = None,
    format: Annotated[str, typer.Option("--format", help="table, csv or json.")] = "table",
    lake: LakeOption = None,
) -> None:
    """Ask the published snapshot; read-only, and never in the way of a run.

    Example: lakehouse query "select churn_level, count(*) from marts.customer_360 group by all"
    """
    from orchestration.commands.query import run_query

    raise typer.Exit(run_query(sql, file=file, output=format, lake=lake))


@app.command()
def customer(
    key: Annotated[str, typer.Argument(help="Person id, customer id, e-mail, phone or handle.")],
    lake: LakeOption = None,
    json: JsonOption = False,
) -> None:
    """Show one customer's 360 card and timeline.

    Example: lakehouse customer C-000123
    """
    from orchestration.commands.customer import show_customer

    raise typer.Exit(show_customer(key, lake=lake, as_json=json))


@app.command()
def annotate() -> None:
    """Tag messages: JSON lines {"id","text","role"?} from standard input, JSON lines out.

    Example: echo '{"id":"1","text":"min, paket saya blm sampai"}' | lakehouse annotate
    """
    from orchestration.commands.annotate import annotate_lines

    raise typer.Exit(annotate_lines())


@app.command()
def trace(
    table: Annotated[str, typer.Argument(help="A mart, for example customer_360.")],
    key: Annotated[str, typer.Argument(help="Value of its key column.")],
    column: Annotated[str, typer.Argument(help="The cell's column.")],
    lake: LakeOption = None,
    limit: Annotated[int, typer.Option(min=1, help="Most pieces of evidence to show.")] = 5,
    raw: Annotated[
        bool, typer.Option("--raw", help="Show the source's own bytes. Contains personal data.")
    ] = False,
    json: JsonOption = False,
) -> None:
    """Walk from a cell to the tags, the turns, the raw bytes, files and versions behind it.

    Example: lakehouse trace customer_360 P0123456789abcdef churn_level
    """
    from orchestration.commands.trace import show_trace

    raise typer.Exit(show_trace(table, key, column, lake=lake, limit=limit, raw=raw, as_json=json))


@app.command()
def replay(
    rulebook: Annotated[
        list[Path],
        typer.Option(help="A rulebook, for the bundled one of its name, or the quality form."),
    ],
    lake: LakeOption = None,
    json: JsonOption = False,
) -> None:
    """Tag all history under another rulebook or quality form, beside the old answers.

    Marts do not change before `lakehouse promote`.

    Example: lakehouse replay --rulebook our-rules.yml
    """
    from orchestration.commands.replay import replay_history

    raise typer.Exit(replay_history(rulebook, lake=lake, as_json=json))


@app.command()
def diff(
    a: Annotated[str, typer.Argument(help="A release, the beginning of one, or: promoted")],
    b: Annotated[str, typer.Argument(help="The release to hold beside it.")],
    lake: LakeOption = None,
    quotes: Annotated[int, typer.Option(min=0, help="Most quotes per kind of difference.")] = 2,
    tags_only: Annotated[
        bool, typer.Option("--tags-only", help="Do not build the marts to compare figures.")
    ] = False,
    json: JsonOption = False,
) -> None:
    """Show what release B says differently from A: tags with quotes, and every published figure.

    Example: lakehouse diff promoted 32af0ffe
    """
    from orchestration.commands.replay import show_diff

    raise typer.Exit(show_diff(a, b, lake=lake, quotes=quotes, tags_only=tags_only, as_json=json))


@app.command()
def promote(
    release: Annotated[
        str | None, typer.Argument(help="A release or the beginning of one; none lists them.")
    ] = None,
    lake: LakeOption = None,
    json: JsonOption = False,
) -> None:
    """Choose the release that marts read from the next run on.

    Example: lakehouse promote 32af0ffe
    """
    from orchestration.commands.replay import promote_release

    raise typer.Exit(promote_release(release, lake=lake, as_json=json))


@app.command()
def verify(
    lake: LakeOption = None,
    quick: Annotated[bool, typer.Option("--quick", help="Sizes only, no hashing.")] = False,
    json: JsonOption = False,
) -> None:
    """Compare every file of the lake with the manifests; exit code 1 when something differs.

    Example: lakehouse verify --json
    """
    from orchestration.commands.verify import show_findings

    raise typer.Exit(show_findings(lake=lake, full=not quick, as_json=json))


@app.command()
def rejects(
    lake: LakeOption = None,
    reason: Annotated[str | None, typer.Option(help="Only this reason.")] = None,
    limit: Annotated[int, typer.Option(min=0, help="Most single rejects to show.")] = 20,
    replay: Annotated[
        bool, typer.Option("--replay", help="Read the rejected files again, after a fix.")
    ] = False,
    json: JsonOption = False,
) -> None:
    """List what was not accepted, by reason, with the place of each payload; or try it again.

    Example: lakehouse rejects --reason unsupported_format
    """
    from orchestration.commands.rejects import replay_rejects, show_rejects

    if replay:
        raise typer.Exit(replay_rejects(lake=lake, reason=reason, as_json=json))
    raise typer.Exit(show_rejects(lake=lake, reason=reason, limit=limit, as_json=json))


@app.command()
def doctor(
    source: Annotated[
        str | None, typer.Argument(help="A pulled source to check instead of the installation.")
    ] = None,
    landing: LandingOption = None,
    lake: LakeOption = None,
    json: JsonOption = False,
) -> None:
    """Check the installation, folders, key and lake, or one pulled source; say what to fix.

    Example: lakehouse doctor --landing ~/exports
    """
    from orchestration.commands.doctor import examine

    raise typer.Exit(examine(landing=landing, lake=lake, as_json=json, source=source))


@app.command()
def collect(
    landing: LandingOption = None,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="0: any free port.")] = 8080,
    max_body: Annotated[
        int, typer.Option(min=1, max=16 << 20, help="Bytes of the largest body.")
    ] = 4 << 20,
    rate: Annotated[float, typer.Option(min=0.01, help="Requests of one source a second.")] = 500,
    burst: Annotated[float, typer.Option(min=1, help="Requests of one source at once.")] = 1000,
    hand_over: Annotated[
        float, typer.Option(min=0.1, help="Seconds until bodies become landing files.")
    ] = 60,
    log_requests: Annotated[bool, typer.Option(help="One line for each request.")] = True,
) -> None:
    """Take webhooks in and write landing files; secrets come from the environment.

    Example: lakehouse collect --landing data/landing --port 8080
    """
    from ingestion.collect.limits import Limits
    from orchestration.commands.collect import collect_webhooks

    limits = Limits(body_bytes=max_body, rate=rate, burst=burst, journal_seconds=hand_over)
    raise typer.Exit(
        collect_webhooks(
            landing=landing, host=host, port=port, limits=limits, log_requests=log_requests
        )
    )


def main() -> None:
    """Entry point of the console script; what a user can mend is said in one line."""
    try:
        app()
    except Exception as error:
        from orchestration.commands.problems import in_words

        words = in_words(error)
        if words is None:
            raise
        sys.stderr.write(f"{words}\n")
        sys.exit(1)


if __name__ == "__main__":
    main()
