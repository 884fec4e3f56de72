"""How good the proposals are, measured on what came later."""
