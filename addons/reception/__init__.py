"""The front desk: visitors in turn, their reception records, prospects and customer files."""
