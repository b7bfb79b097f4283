-- What follows from people and families: words, history, certificates, cards. Made by the database.
-- History is written as the registry itself writes it (record in the stores of residents and families).
-- The load sets seed.source (the import batch behind every row) and seed.today.

-- step: words of names
insert into name_words (word)
select distinct unnest(words) from residents order by 1 on conflict do nothing;

-- step: history of people
insert into resident_versions
    (resident_id, version, valid_from, recorded_at, cause, source_id, actor, data)
select
    id, version, valid_from, recorded_at, 'import', current_setting('seed.source')::uuid, 'seed',
    to_jsonb(residents) - array['words', 'version', 'valid_from', 'recorded_at']
from residents;

-- step: history of families
insert into family_versions
    (family_id, version, valid_from, recorded_at, cause, source_id, actor, data)
select
    id, version, valid_from, recorded_at, 'import', current_setting('seed.source')::uuid, 'seed',
    to_jsonb(families) - array['version', 'valid_from', 'recorded_at']
        || jsonb_build_object('members', lines)
from families
join (
    select family_id, jsonb_agg(jsonb_build_object(
        'resident_id', resident_id, 'relationship', relationship, 'position', position
    ) order by position) as lines
    from memberships group by family_id
) members on family_id = id;

-- step: birth certificates
insert into certificates (
    id, kind, regency, letters, registered_on, serial, number, subject_id, event_date,
    reported_on, days_late, data, source_id, actor, version, recorded_at
)
select
    cast(md5(birth_certificate_number) as uuid),
    case letters when 'LU' then 'LAHIR_UMUM' else 'LAHIR_TERLAMBAT' end,
    '3510', letters, day, serial, birth_certificate_number, id, birth_date, day,
    greatest(0, day - birth_date - 60),
    jsonb_build_object(
        'full_name', full_name, 'sex', sex, 'birth_date', birth_date,
        'religion', religion, 'citizenship', citizenship,
        'mother_id', mother_id, 'mother_name', mother_name,
        'father_id', father_id, 'father_name', father_name,
        'child', jsonb_build_object(
            'full_name', full_name, 'sex', sex, 'birth_date', birth_date,
            'birth_place', birth_place, 'birth_kind', born_together,
            'birth_order', child_order
        ),
        'parentage', 'MARRIED', 'child_order', child_order, 'village_code', village_code,
        'wording_id', format('anak ke-%s, %s, dari ayah %s dan ibu %s', child_order,
            case sex when 'L' then 'laki-laki' else 'perempuan' end,
            father_name, mother_name),
        'wording_en', format('child no. %s, %s, of father %s and mother %s', child_order,
            case sex when 'L' then 'male' else 'female' end, father_name, mother_name)
    ),
    current_setting('seed.source')::uuid, 'seed', 1, recorded_at
from (
    select
        residents.*,
        split_part(birth_certificate_number, '-', 2) as letters,
        to_date(nullif(split_part(birth_certificate_number, '-', 3), ''), 'DDMMYYYY') as day,
        cast(nullif(split_part(birth_certificate_number, '-', 4), '') as smallint) as serial,
        row_number() over (
            partition by coalesce(mother_id, id) order by birth_date, id
        ) as child_order,
        count(*) over (partition by coalesce(mother_id, id), birth_date) as born_together
    from residents
) child
where letters in ('LU', 'LT');

-- step: deaths that left the resident active
-- One of a hundred is dead on paper only, as registries find when they look: domain 9.
insert into certificates (
    id, kind, regency, letters, registered_on, serial, number, subject_id, event_date,
    reported_on, days_late, data, source_id, actor, version, recorded_at
)
select
    cast(md5('KM' || id) as uuid), 'KEMATIAN', '3510', 'KM', day, serial,
    format('3510-KM-%s-%s', to_char(day, 'DDMMYYYY'), lpad(serial::text, 4, '0')),
    id, day - 3, day, 0,
    jsonb_build_object(
        'died_on', day - 3, 'died_at', null, 'place', 'BANYUWANGI', 'place_code', '35.10',
        'cause', 1, 'declared_by', 4, 'proof', 'LETTER', 'ruling', null,
        'reporter_name', 'KETUA RT CONTOH', 'reporter_relationship', 'KETUA RT',
        'witnesses', jsonb_build_array(
            jsonb_build_object('full_name', 'SAKSI SATU', 'nik', null),
            jsonb_build_object('full_name', 'SAKSI DUA', 'nik', null)),
        'reported_on', day, 'full_name', full_name, 'sex', sex, 'birth_date', birth_date,
        'spouse_name', null, 'village_code', village_code, 'kin', jsonb_build_array(),
        'family_was', family_id, 'relationship_was', null, 'status_was', status,
        'widowed', jsonb_build_array(), 'resident_id', id
    ),
    current_setting('seed.source')::uuid, 'seed', 1, recorded_at
from (
    select
        chosen.*,
        current_setting('seed.today')::date - 30 - cast(place % 3000 as integer) as day,
        cast(place / 3000 + 1 as smallint) as serial
    from (
        select residents.*, row_number() over (order by hashtext(nik), nik) - 1 as place
        from residents
        where birth_date < current_setting('seed.today')::date - interval '60 years'
            and status = 'HIDUP'
    ) chosen
    where place < (select round(count(*) / 100.0) from residents)
) dead;

-- step: certificate numbers of today
insert into certificate_counters (series, last)
select left(number, 16), max(serial) from certificates
where registered_on = current_setting('seed.today')::date group by 1;

-- step: child cards
insert into cards
    (id, resident_id, kind, variant, issued_on, valid_until, source_id, recorded_at)
select
    cast(md5(id::text || 'KIA') as uuid), id, 'KIA',
    case when is_first then 'A' else 'B' end,
    greatest(possible, least(current_setting('seed.today')::date - 1, valid_until, possible + days % 300)), valid_until,
    current_setting('seed.source')::uuid, recorded_at
from (
    select
        id, recorded_at, kia_valid_until as valid_until,
        kia_valid_until < birth_date + interval '6 years' as is_first,
        case when kia_valid_until < birth_date + interval '6 years' then birth_date
            else (birth_date + interval '5 years')::date end as possible,
        abs(hashtext(id::text)) as days
    from residents where kia_valid_until is not null
) holder;

-- step: identity cards
-- From the 17th birthday, or from the marriage of somebody younger.
insert into cards (id, resident_id, kind, issued_on, source_id, recorded_at)
select
    cast(md5(id::text || 'KTP_EL') as uuid), id, 'KTP_EL',
    greatest(
        possible,
        least(current_setting('seed.today')::date - 1, possible + abs(hashtext(id::text)) % 3000)
    ),
    current_setting('seed.source')::uuid, recorded_at
from (
    select id, recorded_at, greatest(
        least(
            (birth_date + interval '17 years')::date,
            coalesce(marriage_date, current_setting('seed.today')::date)
        ),
        date '2011-09-01'
    ) as possible
    from residents where recording_status in
        ('SENT_FOR_CARD_PRINTING', 'CARD_PRINTED', 'CARD_SHIPPED', 'CARD_ISSUED')
) holder;

-- step: recordings
-- One attempt each, as far as the ministry has come with it; cards are told apart. Whose answer is
-- outstanding was sent from the system before: it comes by a feed, so none is due to be asked for.
insert into recordings (
    id, resident_id, status, wants_card, reference, captured_on, source_id, actor, recorded_at
)
select
    cast(md5(r.id::text || 'REC') as uuid), r.id,
    case when c.id is null then recording_status else 'PRINT_READY_RECORD' end,
    recording_status = 'PRINT_READY_RECORD' and marital_status = 1
        and birth_date > current_setting('seed.today')::date - interval '17 years',
    'import',
    coalesce(c.issued_on, current_setting('seed.today')::date - 1 - abs(hashtext(r.id::text)) % 20),
    current_setting('seed.source')::uuid, 'seed', r.recorded_at
from residents r
left join cards c on c.resident_id = r.id and c.kind = 'KTP_EL'
where recording_status not in ('BELUM_WAJIB', 'UNREGISTERED');

-- step: cards on their way
-- Each district prints for its villages.
insert into card_prints (
    id, card_id, recording_id, resident_id, kind, holder_name, village_code, point_id, state,
    source_id, queued_at, version
)
select
    cast(md5(r.id::text || 'PRINT') as uuid), c.id, cast(md5(r.id::text || 'REC') as uuid), r.id,
    'KTP_EL', r.full_name, r.village_code, 'SP-' || replace(left(r.village_code, 8), '.', ''),
    case recording_status
        when 'SENT_FOR_CARD_PRINTING' then 'QUEUED'
        when 'CARD_PRINTED' then 'PRINTED'
        else 'SHIPPED'
    end,
    current_setting('seed.source')::uuid, r.recorded_at, 1
from residents r join cards c on c.resident_id = r.id and c.kind = 'KTP_EL'
where recording_status in ('SENT_FOR_CARD_PRINTING', 'CARD_PRINTED', 'CARD_SHIPPED');
