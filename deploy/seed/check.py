"""Counts what must never be in a registry: the invariants of population law, as SQL."""

import asyncpg

# Each counts violations; 0 everywhere is a registry in order.
CHECKS: dict[str, str] = {
    "I1 a resident lives in exactly one family": """
        select count(*) from residents r
        where status in ('HIDUP', 'HILANG', 'NONAKTIF') and permit is distinct from 'ITAS'
            and (select count(*) from memberships m
                where m.resident_id = r.id and upper_inf(m.period)) <> 1
    """,
    "I1 a holder of a limited permit is in no family": """
        select count(*) from residents r
        where permit = 'ITAS' and (family_id is not null or exists (
            select from memberships m where m.resident_id = r.id and upper_inf(m.period)))
    """,
    "I1 address and family of a resident are those of the membership": """
        select count(*) from memberships m
        join families f on f.id = m.family_id join residents r on r.id = m.resident_id
        where upper_inf(m.period) and (r.family_id, r.village_code, r.rw, r.rt)
            is distinct from (f.id, f.village_code, f.rw, f.rt)
    """,
    "I2 an open family has exactly one head, a member of it": """
        select count(*) from families f
        where closed_on is null and (
            select array_agg(resident_id) from memberships m
            where m.family_id = f.id and relationship = 1 and upper_inf(period)
        ) is distinct from array[f.head_id]
    """,
    "I2 a head is grown or was ever married": """
        select count(*) from families f join residents r on r.id = f.head_id
        where closed_on is null and marital_status = 1
            and birth_date > (now() at time zone 'Asia/Jakarta')::date - interval '17 years'
    """,
    "I3 a closed family has no members": """
        select count(*) from families f join memberships m on m.family_id = f.id
        where closed_on is not null and upper_inf(period)
    """,
    "I5 nothing happens in the future or before birth": """
        select count(*) from residents
        where birth_date > (now() at time zone 'Asia/Jakarta')::date
            or marriage_date > (now() at time zone 'Asia/Jakarta')::date
            or marriage_date < birth_date + interval '16 years'
            or valid_from > (now() at time zone 'Asia/Jakarta')::date
    """,
    "I5 no card or certificate comes from the future": """
        select (select count(*) from cards where issued_on > (now() at time zone 'Asia/Jakarta')::date)
            + (select count(*) from certificates
                where registered_on > (now() at time zone 'Asia/Jakarta')::date)
    """,
    "I6 spouses name each other, are married and of different sex": """
        select count(*) from residents a left join residents b on b.id = a.spouse_id
        where a.spouse_id is not null and (
            b.spouse_id is distinct from a.id or a.sex = b.sex or a.marital_status not in (2, 3)
            or (a.marital_status, a.marriage_date, a.marriage_number)
                is distinct from (b.marital_status, b.marriage_date, b.marriage_number)
        )
    """,
    "I7 parents are older than their children, as the law warns": """
        select count(*) from residents c
        left join residents m on m.id = c.mother_id left join residents f on f.id = c.father_id
        where m.birth_date > c.birth_date - interval '10 years'
            or m.birth_date < c.birth_date - interval '60 years'
            or f.birth_date > c.birth_date - interval '12 years'
            or m.sex = 'L' or f.sex = 'P'
    """,
    "I8 siblings of one mother are twins or nine months apart": """
        select count(*) from (
            select birth_date - lag(birth_date) over (partition by mother_id order by birth_date)
                as days
            from residents where mother_id is not null
        ) siblings where days between 1 and 273
    """,
    "I9 a person holds at most one card of a kind, and never both": """
        select count(*) from (
            select resident_id from cards where revoked_on is null
            group by resident_id having count(*) > 1
        ) holders
    """,
    "I10 a child card belongs to somebody under 17 who never married": """
        select count(*) from cards c join residents r on r.id = c.resident_id
        where c.kind = 'KIA' and revoked_on is null and (marital_status <> 1
            or birth_date <= (now() at time zone 'Asia/Jakarta')::date - interval '17 years')
    """,
    "I10 the resident's record tells the card in force": """
        select count(*) from residents r
        full join (select * from cards where kind = 'KIA' and revoked_on is null) c
            on c.resident_id = r.id
        where r.kia_valid_until is distinct from c.valid_until
            or c.issued_on > c.valid_until or c.issued_on < r.birth_date
    """,
    "I11 certificate numbers are unique per regency, letters, day and serial": """
        select count(*) - count(distinct (regency, letters, registered_on, serial))
        from certificates
    """,
    "I11 a certificate's number is its subject's": """
        select count(*) from certificates c join residents r on r.id = c.subject_id
        where c.registered_on < r.birth_date
            or c.letters in ('LU', 'LT') and c.number is distinct from r.birth_certificate_number
    """,
    "I12 whatever is recorded has a version with a source": """
        select (select count(*) from residents r left join resident_versions v
                on v.resident_id = r.id and v.version = r.version where v.resident_id is null)
            + (select count(*) from families f left join family_versions v
                on v.family_id = f.id and v.version = f.version where v.family_id is null)
    """,
    "I13 whoever is between two places is in no family": """
        select count(*) from residents r
        where status = 'PINDAH_PROSES' and exists (
            select from memberships m where m.resident_id = r.id and upper_inf(m.period))
    """,
    "I14 people of villages are the people of the regency": """
        select abs(
            (select count(*) from residents
                where status in ('HIDUP', 'HILANG', 'NONAKTIF') and village_code like '35.10.%')
            - (select count(*) from residents r join regions g on g.code = r.village_code
                where status in ('HIDUP', 'HILANG', 'NONAKTIF') and level = 'village'
                and valid_to is null))
    """,
    "a recording tells how far the ministry is with somebody": """
        select count(*) from residents r
        cross join lateral (
            select status from recordings where resident_id = r.id order by attempt desc limit 1
        ) last
        where r.status = 'HIDUP' and last.status <> case
            when recording_status in
                ('SENT_FOR_CARD_PRINTING', 'CARD_PRINTED', 'CARD_SHIPPED', 'CARD_ISSUED')
                then 'PRINT_READY_RECORD'
            else recording_status end
    """,
    "an identity card in force is of somebody recorded": """
        select count(*) from residents r
        join cards c on c.resident_id = r.id and c.kind = 'KTP_EL' and revoked_on is null
        where recording_status not in
            ('SENT_FOR_CARD_PRINTING', 'CARD_PRINTED', 'CARD_SHIPPED', 'CARD_ISSUED')
    """,
    "a card on its way is where its holder's record says": """
        select count(*) from residents r
        join card_prints p on p.resident_id = r.id and p.state not in ('HANDED_OVER', 'CANCELLED')
        where (case p.state when 'PRINTED' then 'CARD_PRINTED' when 'SHIPPED' then 'CARD_SHIPPED'
            else 'SENT_FOR_CARD_PRINTING' end) <> recording_status
    """,
    "NIK unique and synthetic": """
        select count(*) - count(distinct nik)
            + count(*) filter (where right(nik, 4) not between '9001' and '9999')
        from residents
    """,
    "KK numbers unique and synthetic": """
        select count(*) - count(distinct kk_number)
            + count(*) filter (where right(kk_number, 4) not between '9001' and '9999')
        from families
    """,
    "every word of a name can be searched": """
        select count(*) from (select distinct unnest(words) as word from residents) used
        left join name_words using (word) where name_words.word is null
    """,
}


async def violations(database_url: str) -> dict[str, int]:
    """Return how often each check is violated."""
    connection = await asyncpg.connect(database_url.replace("+asyncpg", "", 1))
    try:
        return {name: await connection.fetchval(query) for name, query in CHECKS.items()}
    finally:
        await connection.close()
