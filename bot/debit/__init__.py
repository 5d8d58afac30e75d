"""Direct debit: the provider port and its adapters, mandates, charging and settling."""
