"""The parts of a pack, in the order in which they are made; they are taken back in the other one."""

from app.packs.change import Part
from app.packs.parts.chains import Chains
from app.packs.parts.numbering import Numbering
from app.packs.parts.options import Options
from app.packs.parts.parameters import Parameters
from app.packs.parts.roles import Roles

PARTS: dict[str, Part] = {
    part.name: part for part in (Parameters(), Numbering(), Options(), Roles(), Chains())
}  # Roles before chains: their steps are signed by them.
