"""Which right each page of a generated view asks for."""

# Whoever sees the record may press its buttons and talk about it; the engine checks can_<transition>.
METHOD_RIGHTS = {
    "list": "list",
    "show": "show",
    "add": "add",
    "edit": "edit",
    "ask_change": "edit",  # Sending it asks for the right to submit requests.
    "delete": "delete",
    "archive": "delete",
    "restore": "delete",
    "transition": "show",
    "comment": "show",
    "trail": "show",
    "activity": "show",
    "lookup": "list",
    "board": "list",
    "calendar_page": "list",
    "reschedule": "list",  # Moving asks for the right to edit.
    "bulk": "list",  # The step itself asks for its own right.
    "printed": "list",  # Whoever prints has the right to print or to export.
    "move": "list",
    "paste_lines": "list",
    "pivot": "list",
    "pivot_excel": "export",
    "pivot_pdf": "export",
    "saved_filters": "list",
    "save_filter": "list",
    "delete_filter": "list",
    "default_filter": "list",
    "export": "export",
    "import_file": "import",
    "import_template": "import",
    "import_problems": "import",
    "sheet": "edit",
    "sheet_download": "export",
    "sheet_undo": "edit",
}
