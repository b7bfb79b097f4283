"""The extensions that the registry's tables and search stand on; all are trusted ones."""

from alembic import op

revision = "0000"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name in ("btree_gin", "btree_gist", "fuzzystrmatch", "pg_trgm", "unaccent"):
        op.execute(f"create extension if not exists {name}")


def downgrade() -> None:
    for name in ("btree_gin", "btree_gist", "fuzzystrmatch", "pg_trgm", "unaccent"):
        op.execute(f"drop extension if exists {name}")
