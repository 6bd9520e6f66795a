"""The request edge: company, add-on gate, transaction, error pages, and the platform's own screens."""
