{"name": "market", "title": "Market", "version": "1.0.0", "depends": [], "icon": "package"}
