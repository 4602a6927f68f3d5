from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch

from gradwise.data import CSV, Arrays
from gradwise.errors import DataError

TABLE = """id,size,colour,kind
1,1.5,red,b
2,2.5,blue,a
3,,red,a
4,3.5,green,b
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    (tmp_path / "table.csv").write_text(TABLE, encoding="utf-8-sig")  # as a spreadsheet writes it
    return tmp_path / "table.csv"


def whole(path: Path, **settings: Any) -> tuple[Arrays, tuple[str, ...]]:
    sets = CSV(str(path), **{"target": "kind", "valid": 0, "normalise": "none", **settings})(0)
    assert isinstance(sets.train, Arrays)
    return sets.train, sets.classes


def test_numbers_words_and_classes(path: Path) -> None:
    train, classes = whole(path, missing="mean", ignore=("id",))
    # size, blue, green, red; the gap is the mean of 1.5, 2.5, 3.5
    assert train.x.tolist() == [[1.5, 0, 0, 1], [2.5, 1, 0, 0], [2.5, 0, 0, 1], [3.5, 0, 1, 0]]
    assert train.y.tolist() == [1, 0, 0, 1]
    assert classes == ("a", "b")


def test_a_gap_is_named(path: Path) -> None:
    with pytest.raises(DataError) as caught:
        whole(path)
    assert caught.value.where.endswith("table.csv, line 4, column 'size'")
    assert "data.missing=mean" in caught.value.fix


def test_the_mean_is_of_the_training_part(path: Path) -> None:
    path.write_text("a,y\n" + "".join(f"{i},{i}.5\n" for i in range(30)) + "?,1.5\n" * 30)
    sets = CSV(str(path), "y", valid=20, normalise="none", missing="mean")(0)
    assert isinstance(sets.train, Arrays)
    assert isinstance(sets.valid, Arrays)
    filled = sets.train.x[sets.train.y == 1.5].unique()
    known = sets.train.x[(sets.train.y != 1.5)[:, 0]]
    assert any(value == pytest.approx(float(known.mean()), rel=0.2) for value in filled.tolist())
    assert not sets.valid.x.isnan().any()


@pytest.mark.parametrize(
    ("values", "task", "classes"),
    [
        (["1", "0", "1"], "auto", ("0", "1")),
        (["10", "9", "10.0"], "auto", ("9", "10")),
        (["1", "0", "1"], "regression", ()),
        (["1.5", "0", "1"], "auto", ()),
        (["1.5", "0", "1"], "classification", ("0", "1", "1.5")),
        ([str(i) for i in range(30)], "auto", ()),
        (["yes", "no", "yes"], "auto", ("no", "yes")),
    ],
)
def test_tasks(path: Path, values: list[str], task: str, classes: tuple[str, ...]) -> None:
    path.write_text("x,kind\n" + "".join(f"{i},{value}\n" for i, value in enumerate(values)))
    train, names = whole(path, task=task)
    assert names == classes
    assert train.y.dtype == (torch.int64 if classes else torch.float32)
    assert tuple(train.y.shape) == ((len(values),) if classes else (len(values), 1))


@pytest.mark.parametrize(
    ("text", "settings", "message"),
    [
        (TABLE, {"target": "kinf"}, "no column 'kinf'.*did you mean 'kind'"),
        (TABLE, {"ignore": ("ID2",)}, "no column 'ID2'"),
        ("x,kind\n1,2\n3\n", {}, "1 cells where the header names 2.*line 3"),
        ("x,kind\n", {}, "no rows"),
        ("", {}, "no rows"),
        ("kind,kind\n1,2\n", {}, "two columns named 'kind'"),
        ("x,kind\n1,a\n2,\n", {}, "line 3, column 'kind'"),
        ("x,kind\n1,a\n", {"task": "regression"}, "holds words.*task=classification"),
        ("kind\n1\n", {}, "no column beside kind"),
        ("x,kind\n" + "".join(f"w{i},1\n" for i in range(1001)), {}, "1001 different words.*data.ignore"),
    ],
)
def test_what_is_wrong_is_named(path: Path, text: str, settings: dict[str, Any], message: str) -> None:
    path.write_text(text)
    with pytest.raises(DataError) as caught:
        whole(path, **settings)
    assert __import__("re").search(message, str(caught.value).replace("\n", " "))
    assert len(str(caught.value).splitlines()) <= 5


def test_no_such_file(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="cannot be read"):
        whole(tmp_path / "nowhere.csv")
    (tmp_path / "binary.csv").write_bytes(b"\xff\xfe\x00\x81")
    with pytest.raises(DataError, match="UTF-8"):
        whole(tmp_path / "binary.csv")
