"""Customer visits: plan one, confirm it took place, count them. The smallest whole add-on."""
