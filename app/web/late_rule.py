"""Routes that start fast: what builds their addresses is compiled when the first one is built."""

from collections.abc import Callable

from werkzeug.routing import Rule


class LateRule(Rule):
    """A rule that compiles its two address builders on demand.

    Werkzeug compiles both for each of some five hundred routes, a tenth of the start; few of them are ever used.
    """

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:  # noqa: FBT001, FBT002  # Werkzeug's.
        compile_builder = super()._compile_builder

        def build(rule: "LateRule", **values: object) -> tuple[str, str]:
            found = compile_builder(append_unknown).__get__(rule, None)
            setattr(rule, "_build_unknown" if append_unknown else "_build", found)
            return found(**values)

        return build
