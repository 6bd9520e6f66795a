"""Approval chains: who signs a transition before it is done (P:COR-01, P:COR-02, P:COR-07, S:CORE-09)."""
