"""The tables, made from the models: nobody migrates a benchmark."""

from alembic import op

from addons.parcels.models import Depot, Parcel

revision = "parcels_0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    for model in (Depot, Parcel):
        model.__table__.create(op.get_bind())


def downgrade() -> None:
    for model in (Parcel, Depot):
        model.__table__.drop(op.get_bind())
