"""Two companies with every add-on on in both."""

from typing import Any

from flask import Flask

from tests.world import make_world as make_common_world


def make_world(app: Flask) -> dict[str, Any]:
    """Make the world of all tests, and switch everything on in both companies."""
    from app.addon_loader.manifest import closure
    from app.companies.enablement import switch
    from app.database.session import commit

    facts = make_common_world(app)
    manifests = app.extensions["manifests"]
    depends = {setup.name: closure(manifests, setup.name) for setup in app.extensions["setups"]}
    with app.app_context():
        for company_id in (facts["one"], facts["two"]):
            for addon in depends:
                switch(addon, company_id, on=True, depends=depends)
        commit()
    return facts
