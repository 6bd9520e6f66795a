{
    "name": "contracts",
    "title": "Contracts",
    "summary": "Contracts from Word templates: reviewed, approved, signed, performed and archived.",
    "version": "1.0.0",
    "category": "Sales",
    "icon": "file-pen",
    "depends": ["payments"],
    "optional_depends": ["orders", "reception"],
    "demo": ["demo"],
    "requires_app": ">=1.0,<2.0",
}
