{
    "name": "visits",
    "title": "Visits",
    "version": "1.0.0",
    "depends": [],
    "summary": "Plan and confirm visits.",
    "icon": "users",
}
