"""Import of Excel and CSV: template, dry run, a message for every wrong cell, all or nothing."""
