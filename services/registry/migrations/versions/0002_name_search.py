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

# Each asked word has up to 80 near words; two neighbours written as one count for both. Candidates
# must have something near every asked word; if that finds nobody, one word may be missing.
_SEARCH = """
create function search_residents(
    asked text[],      -- folded words of the name
    areas text[],      -- region codes; null: everywhere, empty: nowhere
    born_from date,    -- null: any birth date; both inclusive
    born_to date,
    mother text,       -- her name in capitals, or null
    cap integer        -- most rows returned
) returns table (resident_id uuid, score real)
language plpgsql stable security definer
set search_path = public, pg_temp
set pg_trgm.similarity_threshold = 0.3
as $$
declare
    most_candidates constant integer := 20000;
    place text := 'true';
    condition text;
    narrow boolean := born_from is not null;
    places integer[];
    words_near text[];
    likeness real[];
    clauses text[];
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
    ), near as (
        select n, found.word, max(found.sim) as sim
        from looked_for
        cross join lateral (
            select name_words.word, similarity(name_words.word, looked_for.word) as sim
            from name_words where name_words.word % looked_for.word
            order by sim desc, name_words.word limit 80
        ) as found
        cross join lateral generate_series(first_place, last_place) as n
        where first_place = last_place or found.sim >= 0.6
        group by n, found.word
    ), per_place as (
        select n, format('words && %L::text[]', array_agg(word)) as clause from near group by n
    )
    select (select array_agg(n) from near), (select array_agg(word) from near),
        (select array_agg(sim) from near), (select array_agg(clause order by n) from per_place)
    into places, words_near, likeness, clauses;
    if clauses is null then
        return;
    end if;

    missing := cardinality(asked) - cardinality(clauses);
    for stage in 1..3 loop
        condition := case
            when stage = 1 then format('words @> %L::text[]', asked)
            when stage = 2 and missing = 0 or stage = 3 and missing = 1
                and (cardinality(clauses) > 1 or narrow) then array_to_string(clauses, ' and ')
            when stage = 3 and missing = 0
                and (cardinality(clauses) > 2 or cardinality(clauses) = 2 and narrow) then (
                select string_agg(
                    '(' || (select string_agg(clauses[kept], ' and ')
                     from generate_series(1, cardinality(clauses)) as kept
                     where kept <> dropped) || ')', ' or ')
                from generate_series(1, cardinality(clauses)) as dropped)
            end;
        continue when condition is null;
        execute format($query$
            with near as (
                select * from unnest($1, $2, $3) as near (place, word, sim)
            ), candidates as materialized (
                select id, full_name, words, mother_name from residents
                where (%s) and (%s) and status <> 'TIDAK_VALID'
                    and ($4 is null or birth_date between $4 and $5)
                limit $8
            ), best as (
                select id, place, max(sim) as sim
                from candidates cross join lateral unnest(words) as word join near using (word)
                group by id, place
            ), summed as (
                select id, sum(sim) / $9 as likeness from best group by id
            ), ranked as (
                select id, full_name, (case when $6 is null then 1 else 0.7 end
                    * (0.85 * likeness + 0.15 * $9 / greatest($9, cardinality(words)))
                    + case when $6 is null then 0 else 0.3 * similarity(mother_name, $6) end
                    )::real as score
                from candidates join summed using (id)
                where $6 is null or similarity(mother_name, $6) >= 0.3
                order by score desc, full_name, id limit $7
            )
            select array_agg(id order by score desc, full_name, id),
                array_agg(score order by score desc, full_name, id)
            from ranked where score >= 0.3
            $query$, place, condition)
        into found_ids, found_scores
        using places, words_near, likeness, born_from, born_to, mother, cap, most_candidates,
            cardinality(asked);
        exit when cardinality(found_ids) >= case stage when 1 then cap else 1 end;
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
    op.execute(_SEARCH)


def downgrade() -> None:
    op.execute("drop function search_residents")
    for event in ("insert", "update"):
        op.execute(f"drop trigger learn_name_words_on_{event} on residents")
    op.execute("drop function learn_name_words")
