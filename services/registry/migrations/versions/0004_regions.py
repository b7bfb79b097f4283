"""The regions of the edition that the registry is shipped with."""

import sqlalchemy as sa
from alembic import op

from services.registry.regions import edition

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

regions = sa.table(
    "regions",
    sa.column("code", sa.String),
    sa.column("name", sa.String),
    sa.column("level", sa.String),
    sa.column("kind", sa.String),
    sa.column("parent_code", sa.String),
    sa.column("valid_from", sa.Date),
    sa.column("valid_to", sa.Date),
    sa.column("successor_code", sa.String),
    sa.column("dates_are_exact", sa.Boolean),
)


def upgrade() -> None:
    op.bulk_insert(regions, [dict(row) for row in edition.rows()])


def downgrade() -> None:
    op.execute(regions.delete())
