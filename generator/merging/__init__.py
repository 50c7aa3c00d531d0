"""How what is generated anew and what people wrote come together."""
