"""Export of lists to Excel: short ones at once, long ones in the background."""
