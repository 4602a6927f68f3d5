"""What the fork server imports before the first run: all that torch imports late, when an optimizer is first made."""

from importlib import import_module

for name in ("torch._dynamo", "gradwise.diagnose.rules", "gradwise.remedy.outside.child"):
    import_module(name)
