"""A two-command Typer program, plain help like ours: what `crmkit --help` is measured against."""

import typer

app = typer.Typer(rich_markup_mode=None, pretty_exceptions_enable=False, add_completion=False)


@app.command()
def hello(name: str) -> None:
    """Greet somebody."""
    typer.echo(f"Hello {name}")


@app.command()
def goodbye(name: str, formal: bool = typer.Option(False, help="Formally.")) -> None:
    """Take leave."""
    typer.echo(f"Goodbye {name}" if formal else f"Bye {name}")


if __name__ == "__main__":
    app()
