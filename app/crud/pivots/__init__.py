"""Other statistics (S:R-24): any list in rows and columns of the reader's choice, counted or added up."""
