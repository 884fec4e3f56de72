"""The ledger of introductions: what was proposed and what came of it."""
