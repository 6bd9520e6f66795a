"""States, transitions and their log; the buttons, forms and REST actions that follow from them."""
