"""One step on many records of a list: a button of their workflow, archiving, deleting."""
