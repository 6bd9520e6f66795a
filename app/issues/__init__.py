"""Issues: what goes wrong in the business, and reaches the leader in time where it is major (P:COR-06).

An issue is a noun of its own. A fault report (app/feedback) tells whoever runs the system that the system is at
fault: it has no owner, no unit and no weight. An issue is about the company's own business, belongs to who answers for
it, is seen by his scope, and goes up the line.
"""
