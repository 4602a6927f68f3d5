"""Kill a training at random instants, damage what it saved, and see whether its end is the same, bit for bit."""
