{
    "name": "parcels",
    "title": "Parcels",
    "version": "1.0.0",
    "depends": [],
    "summary": "A million rows for benchmarks.",
    "icon": "truck",
}
