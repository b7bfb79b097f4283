"""What keeps an entry of a civil register as it was, whoever changes it."""

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_KEEP = """
create function keep_certificate_past() returns trigger language plpgsql
set search_path = public, pg_temp as $$
begin
    insert into certificate_pasts (certificate_id, version, ended_at, data)
    values (old.id, old.version, now(), to_jsonb(old));
    return null;
end $$"""


def upgrade() -> None:
    op.execute(_KEEP)
    op.execute("""
        create trigger keep_certificate_past after update on certificates
        for each row when (old.* is distinct from new.*)
        execute function keep_certificate_past()""")


def downgrade() -> None:
    op.execute("drop trigger keep_certificate_past on certificates")
    op.execute("drop function keep_certificate_past")
