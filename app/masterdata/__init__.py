"""The nouns that every add-on shares: partners, products, units, currencies, taxes, calendars, options, numbers."""
