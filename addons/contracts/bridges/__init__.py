"""What contracts does with add-ons that may be there."""
