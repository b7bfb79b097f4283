"""What marks a village for counting anew, and the first targets."""

from pathlib import Path

import yaml
from alembic import op
from sqlalchemy import column, table

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_COUNTED = (
    "village_code, rw, rt, birth_date, marital_status, citizenship, permit, status, "
    "recording_status, birth_certificate_number, kia_valid_until"
)
_WAS, _IS_NOW = (
    ", ".join(f"{row}.{name}" for name in _COUNTED.split(", ")) for row in ("was", "is_now")
)
# The tables of the statement, not the row: a bulk change of a village makes one mark.
_MARKS = {
    "insert": "select distinct village_code from added where village_code is not null",
    "delete": "select distinct village_code from removed where village_code is not null",
    "update": f"""
        select distinct code
        from removed was join added is_now using (id)
        cross join lateral (values (was.village_code), (is_now.village_code)) village (code)
        where ({_WAS}) is distinct from ({_IS_NOW}) and code is not null""",
}
_ROWS = {
    "insert": "new table as added",
    "delete": "old table as removed",
    "update": "old table as removed new table as added",
}
_INDICATORS = Path(__file__).parents[2] / "data" / "indicators.yaml"


def upgrade() -> None:
    for event, marks in _MARKS.items():
        op.execute(f"""
            create function coverage_mark_{event}() returns trigger language plpgsql
            set search_path from current as $$
            begin
                insert into coverage_marks (village_code) {marks};
                return null;
            end $$""")
        op.execute(f"""
            create trigger coverage_mark_{event} after {event} on residents
            referencing {_ROWS[event]} for each statement
            execute function coverage_mark_{event}()""")
    targets = table(
        "coverage_targets",
        column("indicator"), column("version"), column("percent"), column("decided_by"),
    )  # fmt: skip
    op.bulk_insert(
        targets,
        [
            {
                "indicator": each["code"],
                "version": 1,
                "percent": each["seed_target"],
                "decided_by": "indicators.yaml",
            }
            for each in yaml.safe_load(_INDICATORS.read_text())["indicators"]
            if "seed_target" in each
        ],
    )


def downgrade() -> None:
    op.execute("delete from coverage_targets")
    for event in _MARKS:
        op.execute(f"drop trigger coverage_mark_{event} on residents")
        op.execute(f"drop function coverage_mark_{event}()")
