"""What must be true of a registry at any time (I1-I14 of population law), counted by plain SQL.

Nothing of the product is used here. Each statement counts violations as of the day `:today`.
"""

from datetime import date

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

INVARIANTS: dict[str, str] = {
    "I1 who lives here is in exactly one family": """
        select count(*) from residents r
        where status in ('HIDUP', 'HILANG', 'NONAKTIF') and not (citizenship = 2 and permit is distinct from 'ITAP')
            and (select count(*) from memberships m
                where m.resident_id = r.id and upper_inf(m.period)) <> 1""",
    "I1 a holder of a limited permit is in no family": """
        select count(*) from residents r where citizenship = 2 and permit is distinct from 'ITAP'
            and exists (select from memberships m where m.resident_id = r.id and upper_inf(m.period))""",
    "I1 a record tells the family and the address of its membership": """
        select count(*) from residents r
        full join (select m.resident_id, f.id, f.village_code, f.rw, f.rt from memberships m
            join families f on f.id = m.family_id where upper_inf(m.period)) home
            on home.resident_id = r.id
        where (home.id is not null and (r.family_id, r.village_code, r.rw, r.rt)
                is distinct from (home.id, home.village_code, home.rw, home.rt))
            or (home.id is null and (r.family_id is not null or r.rt is not null))""",
    "I2 an open family has one head, who is a member": """
        select count(*) from families f where closed_on is null and (
            select array_agg(resident_id) from memberships m
            where m.family_id = f.id and relationship = 1 and upper_inf(period)
        ) is distinct from array[f.head_id]""",
    "I2 a head lives, and is 17 or was ever married": """
        select count(*) from families f join residents r on r.id = f.head_id
        where closed_on is null and (status in ('MATI', 'TIDAK_VALID', 'PINDAH', 'PINDAH_PROSES')
            or marital_status = 1 and birth_date > :today - interval '17 years')""",
    "I3 a closed family has no members and a reason": """
        select count(*) from families f where closed_on is not null and (close_reason is null
            or exists (select from memberships m where m.family_id = f.id and upper_inf(period)))""",
    "I4 the dead stay dead unless their certificate is cancelled": """
        select count(*) from (
            select data ->> 'status' as status, cause,
                lag(data ->> 'status') over (partition by resident_id order by version) as before
            from resident_versions) told
        where before = 'MATI' and status <> 'MATI' and cause <> 'cancel_certificate'""",
    "I5 death comes between birth and today": """
        select count(*) from residents
        where death_date not between birth_date and :today or birth_date > :today
            or (death_date is not null) <> (status = 'MATI')""",
    "I5 no day lies in the future": """
        select (select count(*) from residents where marriage_date > :today or valid_from > :today)
            + (select count(*) from families where opened_on > :today or closed_on > :today)
            + (select count(*) from memberships where lower(period) > :today or upper(period) > :today)
            + (select count(*) from certificates where event_date > :today or registered_on > :today)
            + (select count(*) from cards where issued_on > :today or revoked_on > :today)
            + (select count(*) from resident_versions where valid_from > :today)
            + (select count(*) from family_versions where valid_from > :today)""",
    "I6 a couple name each other; of a further wife only she names him": """
        select count(*) from residents a join residents b on b.id = a.spouse_id
        where a.sex = b.sex or a.marital_status not in (2, 3) or b.marital_status not in (2, 3)
            or (b.spouse_id is distinct from a.id and (a.sex = 'L' or b.spouse_id is null))""",
    "I6 whoever is not married names no spouse": """
        select count(*) from residents where marital_status in (1, 4, 5, 6) and spouse_id is not null""",
    "I6 nobody living is married to a dead or invalid record": """
        select count(*) from residents a join residents b on b.id = a.spouse_id
        where a.status <> 'MATI' and b.status in ('MATI', 'TIDAK_VALID')""",
    "I6 a couple tell the same about their marriage": """
        select count(*) from residents a join residents b on b.id = a.spouse_id and b.spouse_id = a.id
        where (a.marital_status, a.marriage_date) is distinct from (b.marital_status, b.marriage_date)""",
    "I9 a card of a kind at most once, and never both": """
        select count(*) from (select resident_id from cards where revoked_on is null
            and (valid_until is null or valid_until >= :today)
            group by resident_id having count(*) > 1) holders""",
    "I9 the dead and those set aside hold no card": """
        select count(*) from cards c join residents r on r.id = c.resident_id
        where revoked_on is null and status in ('MATI', 'TIDAK_VALID')""",
    "I10 a child card belongs to somebody under 17 who never married": """
        select count(*) from cards c join residents r on r.id = c.resident_id
        where c.kind = 'KIA' and revoked_on is null and (marital_status <> 1
            or birth_date <= :today - interval '17 years' and valid_until >= :today)""",
    "I10 a record tells the child card in force": """
        select count(*) from residents r
        full join (select * from cards where kind = 'KIA' and revoked_on is null) c
            on c.resident_id = r.id
        where r.kia_valid_until is distinct from c.valid_until""",
    "I11 a certificate number once per regency, letters, day and serial": """
        select count(*) - count(distinct (regency, letters, registered_on, serial))
            + count(*) - count(distinct number) from certificates""",
    "I11 a living record names a birth certificate that is valid": """
        select count(*) from residents r join certificates c on c.number = r.birth_certificate_number
        where r.status <> 'TIDAK_VALID'
            and (c.status <> 'VALID' or c.letters not in ('LU', 'LT') or c.subject_id <> r.id)""",
    "I12 every record has a version that says the same": """
        select (select count(*) from residents r left join resident_versions v
                on v.resident_id = r.id and v.version = r.version
                where v.data is distinct from to_jsonb(r)
                    - array['words', 'version', 'valid_from', 'recorded_at'])
            + (select count(*) from families f left join family_versions v
                on v.family_id = f.id and v.version = f.version
                where v.data - 'members' is distinct from to_jsonb(f)
                    - array['version', 'valid_from', 'recorded_at'])""",
    "I12 a family's last version tells who is in it": """
        select count(*) from families f
        join family_versions v on v.family_id = f.id and v.version = f.version
        where (select array_agg((line ->> 'resident_id')::uuid order by (line ->> 'resident_id')::uuid)
                from jsonb_array_elements(v.data -> 'members') line)
            is distinct from (select array_agg(resident_id order by resident_id)
                from memberships m where m.family_id = f.id and upper_inf(period))""",
    "I12 behind everything recorded is an applied change": """
        select count(*) from (
            select source_id, actor from resident_versions where cause <> 'import'
            union all select source_id, actor from family_versions where cause <> 'import'
            union all select source_id, actor from certificates
            union all select source_id, actor from certificate_notes
        ) made left join changes c using (source_id)
        where c.status is distinct from 'APPLIED' or coalesce(made.actor, '') = ''""",
    "I13 whoever is between two places, gone or merged is in no family": """
        select count(*) from residents r
        where status in ('PINDAH_PROSES', 'PINDAH', 'MATI', 'TIDAK_VALID') and exists (
            select from memberships m where m.resident_id = r.id and upper_inf(m.period))""",
    "I14 people of villages are the people of the regency": """
        select abs((select count(*) from residents
                where status in ('HIDUP', 'HILANG', 'NONAKTIF') and village_code like '35.10.%')
            - (select count(*) from residents r join regions g on g.code = r.village_code
                where status in ('HIDUP', 'HILANG', 'NONAKTIF') and level = 'village'
                and g.code like '35.10.%'))""",
    "everybody ever registered is alive, away, dead or merged, once": """
        select (select count(*) from residents) - (select count(distinct id) from residents where
            status in ('HIDUP', 'HILANG', 'NONAKTIF', 'PINDAH_PROSES', 'PINDAH', 'MATI',
                'TIDAK_VALID', 'WNI_HILANG'))""",
    "as many people as were registered": """
        select abs((select count(*) from residents)
            - (select count(*) from resident_versions where version = 1 and cause = 'import')
            - (select coalesce(sum(jsonb_array_length(outcome -> 'resident_ids')), 0)
                from changes where status = 'APPLIED'))""",
    "a number means one person for ever": """
        select (select count(*) - count(distinct nik) from residents)
            + (select count(*) from nik_aliases a join residents r on r.nik = a.nik
                where r.status <> 'TIDAK_VALID')
            + (select count(*) from nik_aliases a join residents r on r.id = a.resident_id
                where r.status = 'TIDAK_VALID')
            + (select count(*) - count(distinct kk_number) from families)""",
    "whose record ended is known by the number that is kept": """
        select count(*) from residents r join resident_versions v
            on v.resident_id = r.id and v.version = r.version and v.cause = 'resolve_duplicate'
        where r.status = 'TIDAK_VALID' and not exists (
            select from nik_aliases a where a.nik = r.nik)""",
    "nothing names a record that ended": """
        select (select count(*) from residents r join residents gone on gone.id in (
                    r.mother_id, r.father_id, r.adoptive_mother_id, r.adoptive_father_id, r.spouse_id)
                where gone.status = 'TIDAK_VALID')
            + (select count(*) from certificates c
                join residents gone on gone.id in (c.subject_id, c.partner_id)
                where gone.status = 'TIDAK_VALID')""",
    "who is between two places is on the way with one letter": """
        select count(*) from residents r where (status = 'PINDAH_PROSES') <> (
            (select count(*) from movers m join moves on moves.id = m.move_id
                where m.resident_id = r.id and m.status = 'IN_TRANSIT'
                and moves.direction = 'OUT') = 1)""",
    "the dead and those set aside have no digital identity": """
        select count(*) from digital_ids d join residents r on r.id = d.resident_id
        where d.ended_on is null and r.status in ('MATI', 'TIDAK_VALID')""",
    "no card that was taken back waits to be printed": """
        select count(*) from card_prints p join cards c on c.id = p.card_id
        where p.state in ('QUEUED', 'NO_BLANK') and c.revoked_on is not null""",
    "a family card is in force of an open family only": """
        select count(*) from documents d join families f on f.id = d.about_id
        where d.kind = 'KK' and d.status in ('QUEUED', 'SEALED') and f.closed_on is not null""",
    "a family card says how its change left the family": """
        select count(*) from documents d
        join families f on f.id = d.about_id
        join family_versions v on v.family_id = f.id and v.version = f.version
            and v.source_id = d.case_id
        where d.kind = 'KK' and d.status in ('QUEUED', 'SEALED') and (
            d.content ->> 'kk_number' <> f.kk_number
            or array(select line ->> 'nik' || ' ' || (line ->> 'relationship')
                from jsonb_array_elements(d.content -> 'members') line order by 1)
            <> array(select r.nik || ' ' || m.relationship
                from memberships m join residents r on r.id = m.resident_id
                where m.family_id = f.id and upper_inf(m.period) order by 1))""",
    "a family card says how its change left each member": """
        select count(*) from documents d
        cross join lateral jsonb_array_elements(d.content -> 'members') line
        join residents r on r.nik = line ->> 'nik'
        join resident_versions v on v.resident_id = r.id and v.version = r.version
            and v.source_id = d.case_id
        where d.kind = 'KK' and d.status in ('QUEUED', 'SEALED')
            and (line ->> 'marital_status', line ->> 'sex', line ->> 'birth_date',
                line ->> 'religion', line ->> 'citizenship', line ->> 'mother_name')
            is distinct from (r.marital_status::text, r.sex, r.birth_date::text,
                r.religion::text, r.citizenship::text, r.mother_name)""",
    "the papers that a change promised are there, and no others": """
        select count(*) from changes c where c.status = 'APPLIED' and array(
            select line ->> 'document_id' from jsonb_array_elements(c.documents) line order by 1
        ) <> array(select d.id::text from documents d where d.case_id = c.source_id order by 1)""",
    "what history says of today is the record": """
        select count(*) from residents r cross join lateral (
            select distinct on (name) name, v.data -> name as told
            from resident_versions v
            cross join lateral (select unnest(v.changed) as name
                union all select jsonb_object_keys(v.data) where v.changed = '{}') names
            where v.resident_id = r.id
            order by name, v.version desc) said
        where to_jsonb(r) -> said.name is distinct from said.told""",
    "versions count from 1 and are recorded in their order": """
        select count(*) from (
            select version, recorded_at,
                row_number() over same as place, lag(recorded_at) over same as before
            from resident_versions window same as (partition by resident_id order by version)
            union all
            select version, recorded_at, row_number() over same, lag(recorded_at) over same
            from family_versions window same as (partition by family_id order by version)
        ) told where version <> place or recorded_at < before""",
    "memberships of one person never overlap": """
        select count(*) from memberships a join memberships b
            on a.resident_id = b.resident_id and a.id < b.id and a.period && b.period""",
    "every word of a name can be searched": """
        select count(*) from (select distinct unnest(words) as word from residents) used
        left join name_words using (word) where name_words.word is null""",
}


async def broken(session: AsyncSession, today: date) -> dict[str, int]:
    """Return the invariants that do not hold, and how often."""
    found = {name: await _count(session, sql, today) for name, sql in INVARIANTS.items()}
    return {name: count for name, count in found.items() if count}


async def _count(session: AsyncSession, sql: str, today: date) -> int:
    dated = text(sql.replace(":today", "cast(:today as date)"))
    asked = {"today": today} if ":today" in sql else {}
    return int((await session.execute(dated, asked)).scalar_one())


_FOREVER = """
create function refuse_for_ever() returns trigger language plpgsql as $$
begin raise exception 'history: % of %', tg_op, tg_table_name; end $$"""
# Numbers, and who stands behind a number, never change (UU 23/2006 art 61(3), PP 40/2019 art 30).
_FIXED = {
    "residents": ("id", "nik"),
    "families": ("id", "kk_number", "head_id"),
    "certificates": ("id", "number", "registered_on", "serial"),
    "memberships": ("resident_id", "family_id"),
}
# Queues and figures, which are no facts.
_PASSING = {
    "outbox", "inbox", "idempotency_keys", "coverage_marks", "coverage_cells", "alembic_version",
    "name_words", "access_log",
}  # fmt: skip
_APPENDED = ("_versions", "_notes", "_steps", "_movements")


_TOUCHED = """
create unlogged table touched (id bigint generated always as identity primary key, name text);
create function note_touch() returns trigger language plpgsql as $$
begin insert into touched (name) values (tg_op || ' of ' || tg_table_name); return null; end $$"""
# Where a case that is refused, asked twice or only planned may leave a record.
_RECORDS = {"changes", "outbox", "inbox"}


async def guard(session: AsyncSession) -> None:
    """Let the database itself refuse to forget, and tell what is written; for tests.

    Nothing may be deleted, and what history says may not be rewritten.
    """
    for statement in (_FOREVER, *_TOUCHED.split(";\n", 1)):
        await session.execute(text(statement))
    found = await session.scalars(
        text(
            "select tablename from pg_tables where schemaname = 'public' and tablename <> 'touched'"
        )
    )
    for table in found.all():
        for number, event in enumerate(_guarded(table)):
            await session.execute(
                text(
                    f"create trigger for_ever_{number} before {event} on {table}"
                    " for each row execute function refuse_for_ever()"
                )
            )
        if table not in _RECORDS:
            await session.execute(
                text(
                    f"create trigger touch after insert or update or delete on {table}"
                    " for each row execute function note_touch()"
                )
            )


def _guarded(table: str) -> list[str]:
    if table in _PASSING:
        return []
    fixed = [f"update of {', '.join(_FIXED[table])}"] if table in _FIXED else []
    return ["delete or update" if table.endswith(_APPENDED) else "delete", *fixed]


async def touches(session: AsyncSession, since: int = 0) -> tuple[int, list[str]]:
    """Return the last write since a write, and what was written since then."""
    statement = text("select id, name from touched where id > :since order by id")
    rows = (await session.execute(statement, {"since": since})).all()
    return (rows[-1].id if rows else since), [row.name for row in rows]
