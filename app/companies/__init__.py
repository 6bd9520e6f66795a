"""Companies, their people and units, who belongs to which, and which add-ons each switched on."""
