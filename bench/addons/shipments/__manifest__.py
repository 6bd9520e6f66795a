{
    "name": "shipments",
    "title": "Shipments",
    "version": "1.0.0",
    "depends": [],
    "summary": "Rows for benchmarks.",
    "icon": "package",
}
