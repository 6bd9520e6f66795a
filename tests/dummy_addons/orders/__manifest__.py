{"name": "orders", "title": "Orders", "version": "1.0.0", "depends": [], "icon": "package"}
