"""The parts of the report of the observatory, a module each: who is here, who bridges, what is missing, and so on."""
