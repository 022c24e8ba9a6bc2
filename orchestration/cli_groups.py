"""Commands of the `lakehouse` command that have commands of their own: classifier, mapping.

Options and exit codes only; the work is done in `orchestration.commands`.
"""

from pathlib import Path
from typing import Annotated

import typer

JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON for machines.")]
LandingOption = Annotated[
    Path | None,
    typer.Option("--landing", help="Folder with source files. Default: data/landing."),
]

classifier = typer.Typer(
    no_args_is_help=True,
    help=(
        "Learn your own labels from a CSV, then label messages; `other` when none fits.\n\n"
        "Example: lakehouse classifier fit --train labels.csv --model model"
    ),
)
ModelOption = Annotated[Path, typer.Option("--model", help="Folder of the model.")]


@classifier.command("fit")
def classifier_fit(
    train: Annotated[Path, typer.Option("--train", help="CSV with the columns text,label.")],
    model: ModelOption,
    json: JsonOption = False,
) -> None:
    """Learn the labels of a CSV and print figures on rows the judging model never saw.

    Rows labelled other, oos or NO_NODES_DETECTED are examples of what is out of scope.

    Example: lakehouse classifier fit --train labels.csv --model model
    """
    from orchestration.commands.classifier import fit_labels

    raise typer.Exit(fit_labels(train, model, as_json=json))


@classifier.command("predict")
def classifier_predict(model: ModelOption) -> None:
    """Label messages: JSON lines {"id","text"} from standard input, JSON lines out.

    Example: echo '{"id":"1","text":"kartu saya hilang"}' | lakehouse classifier predict --model model
    """
    from orchestration.commands.classifier import predict_lines

    raise typer.Exit(predict_lines(model))


mapping = typer.Typer(
    no_args_is_help=True,
    help=(
        "Describe the tables of a system we do not know: draft a mapping, then check it.\n\n"
        "Example: lakehouse mapping draft data/landing/desk/tickets.csv"
    ),
)


@mapping.command("draft")
def mapping_draft(
    file: Annotated[Path, typer.Argument(help="A CSV, JSON lines, JSON or Parquet file.")],
) -> None:
    """Print a mapping for files like this one, with comments where a person has to decide.

    Example: lakehouse mapping draft data/landing/desk/tickets.csv > data/mappings/desk.yml
    """
    from orchestration.commands.mapping import draft

    raise typer.Exit(draft(file))


@mapping.command("check")
def mapping_check(
    file: Annotated[
        Path | None, typer.Argument(help="A file to read with the mapping that matches it.")
    ] = None,
    landing: LandingOption = None,
    json: JsonOption = False,
) -> None:
    """Read all mappings and name each mistake with its line; try one on a file, writing nothing.

    Example: lakehouse mapping check data/landing/desk/tickets.csv
    """
    from orchestration.commands.mapping import check

    raise typer.Exit(check(file, landing=landing, as_json=json))
