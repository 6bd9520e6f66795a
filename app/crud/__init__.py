"""Generated list, form and REST over Flask-AppBuilder: FAB generates routes and rights, services write."""
