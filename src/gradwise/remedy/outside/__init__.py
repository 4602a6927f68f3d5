"""The treatment of somebody else's program: changes made from outside, and written down as lines of its own."""
