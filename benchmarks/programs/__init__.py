"""Whole programs, from process start to the test accuracy, which is the last line that they print, in JSON."""
