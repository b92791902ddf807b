"""The figures that README, docs and CHANGELOG state: a file for each group of measurements."""
