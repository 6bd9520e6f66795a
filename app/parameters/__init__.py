"""Policy values: declared by add-ons, set per company, valid from a day on."""
