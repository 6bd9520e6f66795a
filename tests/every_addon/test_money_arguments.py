"""What a step asks for in money has two decimals: a third one is refused by the form and by REST, never rounded."""

from decimal import Decimal

COUNTED = ("quantity", "missing", "percent", "share")  # What is counted, measured or shared, and no money.


def test_every_number_that_a_step_asks_for_is_money_or_counted(product):
    asked = {
        f"{resource}.{transition.name}.{name}": argument.places
        for resource, workflow in product.extensions["workflows"].items()
        for transition in workflow.transitions.values()
        if not transition.automatic
        for name, argument in transition.arguments.items()
        if issubclass(argument.kind, Decimal)
    }
    money = {name for name in asked if not name.endswith(COUNTED)}
    assert len(money) > 5
    loose = sorted(name for name in money if asked[name] != 2)
    assert not loose, f"Annotate these as app.sdk.workflow.Amount, or name what is counted in COUNTED: {loose}"
