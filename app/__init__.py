"""The platform. It knows no add-on."""

import gc

# Starting makes half a million objects and drops hardly any: looking for garbage among them again and again would take
# an eighth of the time. create_app() ends the pause.
gc.disable()

from app import extensions  # noqa: E402, F401  # Early, so that constraints are named before FAB's tables are declared.
