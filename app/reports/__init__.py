"""Report definitions, and what comes of them: rows, totals, charts, spreadsheets and printed pages."""
