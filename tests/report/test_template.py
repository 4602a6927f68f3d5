"""The recipe that `gradwise init` writes."""

from __future__ import annotations

import re

from gradwise import recipefile
from gradwise.recipe import STAGES
from gradwise.report.template import commented


def test_it_says_the_same_as_the_recipe_it_was_made_from() -> None:
    recipe = recipefile.load("digits")
    text = commented(recipe, "digits")
    assert recipefile.to_dict(recipefile.from_dict(recipefile.read(text, "text"))) == recipefile.to_dict(recipe)


def test_every_stage_and_every_choice_stands_in_it() -> None:
    text = commented(recipefile.load("digits"), "digits")
    assert all(f"\n{stage}: " in text for stage in (*STAGES, "epochs", "seed", "watch"))
    named = set(re.findall(r"name: (\w+)", text))
    only_python = {"Tensors", "Dataset"}  # they hold arrays, which no file can
    assert {name for members in recipefile.techniques().values() for name in members} - named <= only_python


def test_each_choice_can_be_taken_as_it_stands() -> None:
    text = commented(recipefile.load("digits"), "digits")
    tried = 0
    for block in text.split("\n\n"):
        *comments, setting = block.splitlines()
        stage = setting.partition(":")[0]
        for comment in comments:
            if comment.startswith("#   ") and "<" not in comment:
                written = recipefile.read(text.replace(setting, f"{stage}: {comment[4:]}"), "text")
                recipefile.from_dict(written)
                tried += 1
    assert tried > 15
