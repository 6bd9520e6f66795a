"""The sheet that comes back: a list leaves as Excel to be edited there, and its changes come home cell by cell."""
