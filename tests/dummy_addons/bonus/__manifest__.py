{"name": "bonus", "title": "Bonus", "version": "1.0.0", "depends": ["visits"], "icon": "percent"}
