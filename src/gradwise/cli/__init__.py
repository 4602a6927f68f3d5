"""The command line. Torch and all that needs it are imported inside the commands, so that help answers at once."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Sequence
from typing import Any

import typer

from gradwise.cli.app import app
from gradwise.errors import GradwiseError
from gradwise.signals import Terminated, sigterm_raises

# isort: off
from gradwise.cli import runs, proof, finished, look  # their commands, in the order in which help lists them
# isort: on

__all__ = ["app", "finished", "look", "main", "proof", "runs"]
DEFECT = 70  # the exit code of an error that is ours (EX_SOFTWARE of sysexits.h)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; the exit code. What is wrong is told in at most five lines."""
    arguments = sys.argv[1:] if arguments is None else arguments
    command = typer.main.get_command(app)
    try:
        with sigterm_raises(Terminated), command.make_context("gradwise", _split(command, arguments)) as context:
            command.invoke(context)
        return 0
    except typer.Exit as done:
        return done.exit_code
    except KeyboardInterrupt as interrupt:
        return _complain("interrupted.", 143 if isinstance(interrupt, Terminated) else 130, "Stopped")
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # or Python complains when it flushes at exit
        return 141
    except GradwiseError as error:
        return _complain(str(error), error.exit_code)
    except Exception as error:
        from gradwise.report.complaint import usage

        if hasattr(error, "format_message"):  # click's own: a command or an option that is not there
            return _complain(usage(error), 2)
        if os.environ.get("GRADWISE_TRACEBACK"):
            traceback.print_exc()
        text = " ".join(str(error).split())[:300]
        why = "this is a defect in Gradwise, set GRADWISE_TRACEBACK=1 for the traceback."
        return _complain(f"{type(error).__name__}: {text}\n  why:   {why}", DEFECT)


def _split(command: Any, arguments: Sequence[str]) -> list[str]:
    """What stands behind a script that is to be treated is the script's own, options too."""
    if list(arguments[:1]) != ["treat"] or not any(each.endswith(".py") for each in arguments):
        return list(arguments)
    from gradwise.report.operation import own_options

    options = [name for each in command.commands["treat"].params for name in each.opts + each.secondary_opts]
    return own_options(arguments, options)


def _complain(text: str, code: int, title: str = "Error") -> int:
    from gradwise.report.complaint import complain

    complain(title, text)
    return code
