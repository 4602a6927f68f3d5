from __future__ import annotations

import pickle

import pytest

from gradwise import errors
from gradwise.errors import GradwiseError, MissingExtra, NonFinite, did_you_mean


def test_an_error_is_what_then_where_why_and_fix() -> None:
    error = GradwiseError("It broke.", where="here", fix="mend it.")
    assert str(error) == "It broke.\n  where: here\n  fix:   mend it."
    assert str(GradwiseError("It broke.", why="so.")) == "It broke.\n  why:   so."
    assert str(GradwiseError("It broke.")) == "It broke."


def test_exit_codes() -> None:
    codes = {name: thing.exit_code for name, thing in vars(errors).items()
             if isinstance(thing, type) and issubclass(thing, GradwiseError)}  # fmt: skip
    assert codes.pop("NonFinite") == 4
    assert len(codes) >= 6
    assert set(codes.values()) == {2}


def test_an_optional_library_is_named_with_its_extra() -> None:
    assert "gradwise[vision]" in str(MissingExtra("Pillow", "vision", "ImageFolder"))


@pytest.mark.parametrize("name", ["Cosin", "cosine", "COSINE", "co-sine"])
def test_the_nearest_name_is_proposed(name: str) -> None:
    assert did_you_mean(name, ["Cosine", "Constant"]) == "did you mean 'Cosine'?"


def test_all_names_are_proposed_where_none_is_near() -> None:
    assert did_you_mean("zzz", ["b", "a"]) == "choose one of: a, b."


def test_a_raised_error_survives_pickling() -> None:  # out of a worker process
    error = NonFinite("bad", where="there", why="so", fix="do")
    again = pickle.loads(pickle.dumps(error))
    assert (type(again), str(again), again.exit_code) == (NonFinite, str(error), 4)
