{
    "name": "orders",
    "title": "Orders",
    "summary": "Dated price lists with floors, reservation forms, sales orders with two audits, change and dispatch.",
    "version": "1.0.0",
    "category": "Sales",
    "icon": "package",
    "depends": ["payments"],
    "optional_depends": ["reception"],
    "demo": ["demo"],
    "requires_app": ">=1.0,<2.0",
}
