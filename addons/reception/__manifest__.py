{
    "name": "reception",
    "title": "Reception",
    "summary": "Receive visitors in turn, keep the reception record, open prospects and customer files.",
    "version": "1.0.0",
    "category": "Sales",
    "icon": "concierge-bell",
    "depends": [],
    "demo": ["demo"],
    "requires_app": ">=1.0,<2.0",
}
