"""The guarded function that finds people by name, and what keeps its list of words complete.

The function applies the caller's areas itself: under row-level security the operators of trigrams
and arrays would be of no use to the planner, because they are not leakproof.
"""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

# One statement, one look: a bulk load learns all its words at once. Sorted, so that two
# transactions that bring the same new words wait for each other in one order.
_LEARN = """
create function learn_name_words() returns trigger language plpgsql
set search_path = public, pg_temp as $$
begin
    insert into name_words (word)
    select distinct each.word from written, unnest(words) as each (word)
    where not exists (select from name_words as known where known.word = each.word)
    order by each.word
    on conflict do nothing;
    return null;
end $$"""

# Old spellings become new ones, as where names are folded into words; long vowels and the like are
# left to the likeness of trigrams. In capitals, so that nothing is folded twice.
_LETTERS = (
    ("OE", "U"), ("TJ", "C"), ("DJ", "J"), ("NJ", "NY"), ("SJ", "S"), ("SY", "S"), ("SH", "S"),
    ("CH", "H"), ("KH", "H"), ("DH", "D"), ("TH", "T"), ("DZ", "Z"), ("PH", "F"), ("GH", "G"),
    ("AE", "AI"), ("IE", "I"), ("EE", "I"), ("OO", "U"), ("Q", "K"), ("V", "F"), ("X", "KS"),
    ("J", "Y"),
)  # fmt: skip


def _folded(column: str) -> str:
    for old, new in _LETTERS:
        column = f"replace({column}, '{old}', '{new}')"
    return column


# Each asked word has up to 80 near words; two neighbours written as one count for both, and one
# word that is two known ones counts when both are there. First whoever has something very near
# every asked word, then whoever has something near, and if that is nobody one word may be missing.
_SEARCH = """
create function search_residents(
    asked text[],      -- folded words of the name
    areas text[],      -- region codes; null: everywhere, empty: nowhere
    born_from date,    -- null: any birth date; both inclusive
    born_to date,
    mother text,       -- her name in capitals, or null
    cap integer,       -- most rows returned
    spelled text default null,  -- the name in capitals as it was written; breaks ties
    father text default null,   -- behind BIN or BINTI, in capitals; only ranks
    origins boolean default false  -- whether the asker may read the natural parents of adopted ones
) returns table (resident_id uuid, score real)
language plpgsql stable security definer
set search_path = public, pg_temp
set pg_trgm.similarity_threshold = 0.2
as $$
declare
    most_candidates constant integer := 4000;
    place text := 'true';
    condition text;
    narrow boolean := born_from is not null;
    places integer[];
    alternatives integer[];
    words_near text[];
    likeness real[];
    tight text[];
    wide text[];
    missing integer;  -- asked words that resemble none of anybody's
    found_ids uuid[];
    found_scores real[];
begin
    if areas is not null then
        select string_agg(
            case length(area)
                when 13 then format('village_code = %L', area)
                -- One by one: as a range, the index would read half of itself for either end.
                when 8 then coalesce((
                    select '(' || string_agg(format('village_code = %L', code), ' or ') || ')'
                    from regions where parent_code = area), 'false')
                -- Wider than that, the area says little; this form keeps it out of the index.
                else format('left(village_code, %s) = %L', length(area) + 1, area || '.')
            end, ' or '),
            narrow or bool_and(length(area) >= 8)
        into place, narrow
        from unnest(areas) as area;
    end if;
    if place is null or cardinality(asked) = 0 then
        return;
    end if;

    with looked_for (word, first_place, last_place) as (
        select word, n, n from unnest(asked) with ordinality as one (word, n)
        union all
        select asked[n] || asked[n + 1], n, n + 1
        from generate_series(1, cardinality(asked) - 1) as n
    ), compared as (
        select first_place, last_place, found.word, greatest(found.sim,
            -- A slip in a short word leaves few trigrams as they were.
            1 - levenshtein(found.word, looked_for.word)::real
                / greatest(length(found.word), length(looked_for.word))) as sim
        from looked_for
        cross join lateral (
            select name_words.word, similarity(name_words.word, looked_for.word) as sim
            from name_words where name_words.word % looked_for.word
            order by sim desc, name_words.word limit 80
        ) as found
    ), near as (
        select n, 0 as alternative, word, max(sim) as sim
        from compared cross join lateral generate_series(first_place, last_place) as n
        where sim >= case when first_place = last_place then 0.35 else 0.6 end
        group by n, word
    ), halves as (
        select n, row_number() over () as alternative, one.word as first, two.word as second
        from unnest(asked) with ordinality as whole (word, n)
        cross join lateral generate_series(3, length(whole.word) - 2) as cut
        join name_words one on one.word = left(whole.word, cut)
        -- A letter that ends the first and begins the second is written once.
        join name_words two on two.word in (substr(whole.word, cut + 1), substr(whole.word, cut))
    ), everything as (
        select n, alternative, word, sim from near
        union all select n, alternative, first, 0.48 from halves
        union all select n, alternative, second, 0.48 from halves
    ), ranked as (
        select *, row_number() over (partition by n order by sim desc, word) as rank from near
    ), parted as (
        select n, string_agg(format(' or words @> array[%L, %L]', first, second), '') as clause
        from halves group by n
    ), per_place as (
        select coalesce(ranked.n, parted.n) as n,
            coalesce(format('words && %L::text[]',
                array_agg(word) filter (where sim >= 0.55 and rank <= 15)), 'false')
                || coalesce(min(parted.clause), '') as tight,
            coalesce(format('words && %L::text[]', array_agg(word) filter (where word is not null)),
                'false') || coalesce(min(parted.clause), '') as wide
        from ranked full join parted using (n) group by 1
    )
    select (select array_agg(n) from everything), (select array_agg(alternative) from everything),
        (select array_agg(word) from everything), (select array_agg(sim) from everything),
        (select array_agg('(' || per_place.tight || ')' order by n) from per_place),
        (select array_agg('(' || per_place.wide || ')' order by n) from per_place)
    into places, alternatives, words_near, likeness, tight, wide;
    if wide is null then
        return;
    end if;

    missing := cardinality(asked) - cardinality(wide);
    for stage in 1..4 loop
        condition := case
            when stage = 1 then format('words @> %L::text[]', asked)
            when stage = 2 and missing = 0 then array_to_string(tight, ' and ')
            when stage = 3 and missing = 0 or stage = 4 and missing = 1
                and (cardinality(wide) > 1 or narrow) then array_to_string(wide, ' and ')
            when stage = 4 and missing = 0
                and (cardinality(wide) > 2 or cardinality(wide) = 2 and narrow) then (
                select string_agg(
                    '(' || (select string_agg(tight[kept], ' and ')
                     from generate_series(1, cardinality(tight)) as kept
                     where kept <> dropped) || ')', ' or ')
                from generate_series(1, cardinality(tight)) as dropped)
            end;
        continue when condition is null;
        execute format($query$
            with near as (
                select * from unnest($1, $10, $2, $3) as near (place, alternative, word, sim)
            ), candidates as materialized (
                select id, words from residents
                where (%s) and (%s) and status <> 'TIDAK_VALID'
                    and ($4 is null or birth_date between $4 and $5)
                    and ($6 is null
                        or ($13 or adoptive_mother_id is null and adoptive_father_id is null)
                        and similarity($mother_name$, $6) >= 0.3)
                limit $8
            ), each as (
                select id, cardinality(words) as size, place, alternative,
                    case alternative when 0 then max(sim) else sum(sim) end as sim
                from candidates cross join lateral unnest(words) as word join near using (word)
                group by id, size, place, alternative
            ), best as (
                select id, size, place, max(sim) as sim from each group by id, size, place
            ), likely as (
                select id, 0.85 * sum(sim) / $9 + 0.15 * $9 / greatest($9, size) as likeness
                from best group by id, size order by likeness desc
                limit case when $6 is null and $12 is null then 500 else 3000 end
            ), ranked as (
                select id, full_name, (
                    case when $6 is null then likeness
                        else 0.7 * likeness + 0.3 * similarity($mother_name$, $6) end
                    + case when $11 is null then 0
                        else 0.05 * (similarity(full_name, $11) - 1) end
                    + case when $12 is null then 0
                        else 0.15 * (greatest(word_similarity($12, full_name),
                            case when $13 or adoptive_mother_id is null
                                and adoptive_father_id is null
                                then similarity(coalesce(father_name, ''), $12)
                                else 0 end) - 1) end)::real as score
                from likely join residents using (id)
                order by score desc, full_name, id limit $7
            )
            select array_agg(id order by score desc, full_name, id),
                array_agg(greatest(score, 0) order by score desc, full_name, id)
            from ranked where score >= 0.3
            $query$, place, condition)
        into found_ids, found_scores
        using places, words_near, likeness, born_from, born_to, $mother$, cap, most_candidates,
            cardinality(asked), alternatives, spelled, father, origins;
        exit when cardinality(found_ids) >= case when stage <= 2 then cap else 1 end;
    end loop;
    return query select * from unnest(found_ids, found_scores);
end $$"""


def upgrade() -> None:
    op.execute(_LEARN)
    for event in ("insert", "update"):
        op.execute(f"""
            create trigger learn_name_words_on_{event} after {event} on residents
            referencing new table as written for each statement
            execute function learn_name_words()""")
    op.execute(
        _SEARCH.replace("$mother_name$", _folded("mother_name")).replace(
            "$mother$", _folded("mother")
        )
    )


def downgrade() -> None:
    op.execute("drop function search_residents")
    for event in ("insert", "update"):
        op.execute(f"drop trigger learn_name_words_on_{event} on residents")
    op.execute("drop function learn_name_words")
