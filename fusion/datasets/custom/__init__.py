"""Parts that the preparations of custom recordings share: ``folder`` (class folders) and ``table`` (CSV or JSON)."""
