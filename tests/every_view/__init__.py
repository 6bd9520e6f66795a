"""What holds for every generated view: of the platform's rooms, the dummy add-ons and those that are shipped."""
