-- Incidents and maintenances, as pages and reports have them.

-- From the first failed check to the first that succeeds, with the evidence of the first and of the last failure, and whether
-- it began in a maintenance.
create or replace view probity.incidents as
select
  first.series_id,
  series.target,
  series.location,
  first.at as started_at,
  next.at as ended_at,
  first.reason,
  first.message,
  first.status,
  coalesce(next.before_at, series.last_at) as last_failure_at,
  case when next.at is null then series.last_reason else next.before_reason end as last_reason,
  case when next.at is null then series.last_message else next.before_message end as last_message,
  first.maintenance
from probity.transitions first
join probity.series on series.id = first.series_id
left join lateral (
  select * from probity.transitions later
  where later.series_id = first.series_id and later.at > first.at
  order by later.at limit 1
) next on true
where not first.success;

-- From the first check in a maintenance to the first after it; ends_at is null while it lasts.
create or replace view probity.maintenances as
select series_id, starts_at, ends_at
from (
  select series_id, at as starts_at, maintenance, lead(at) over (partition by series_id order by at) as ends_at
  from probity.maintenance_changes
) changes
where maintenance;

-- The seconds that two stretches of time have in common.
create or replace function probity.overlap(from_at timestamptz, to_at timestamptz, other_from timestamptz, other_to timestamptz)
returns double precision
language sql immutable parallel safe
as $$
  select greatest(0, extract(epoch from least(to_at, other_to) - greatest(from_at, other_from)))::double precision
$$;

-- Outages that touch a period, with their evidence. down_seconds is what was observed of one within the period, whole_seconds
-- what was observed of it at all.
create or replace function probity.outages(from_at timestamptz, to_at timestamptz)
returns table (
  series_id integer, started_at timestamptz, ended_at timestamptz, down_seconds double precision, whole_seconds double precision,
  reason text, message text, status smallint, last_failure_at timestamptz, last_reason text, last_message text
)
language sql stable parallel safe set jit = off
as $$
  with known as materialized (
    select series.*,
      coalesce((select max(at) from probity.transitions where series_id = series.id and at <= from_at), '-infinity') as first_at,
      coalesce((select min(at) from probity.transitions where series_id = series.id and at > to_at), 'infinity') as final_at
    from probity.series
  ), changes as (
    select series.id, series.last_at, series.last_reason as newest_reason, series.last_message as newest_message,
      series.last_at + series.last_interval * interval '1 second' as observed_to,
      change.at, change.success, change.reason, change.message, change.status,
      lead(change.at) over later as next_at, lead(change.before_at) over later as next_before_at,
      lead(change.before_reason) over later as next_before_reason,
      lead(change.before_message) over later as next_before_message
    from known series
    join probity.transitions change on change.series_id = series.id and change.at between first_at and final_at
    window later as (partition by series.id order by change.at)
  )
  select
    changes.id, changes.at, changes.next_at,
    -- Written out: a function that PostgreSQL does not expand costs more than all the rest, for thousands of outages.
    greatest(0, extract(epoch from
      least(changes.next_at, to_at, changes.observed_to) - greatest(changes.at, from_at)))::double precision
      - coalesce(unseen.within, 0),
    greatest(0, extract(epoch from least(changes.next_at, changes.observed_to) - changes.at))::double precision
      - coalesce(unseen.whole, 0),
    coalesce(changes.reason, 'internal'), coalesce(changes.message, ''), changes.status,
    coalesce(changes.next_before_at, changes.last_at),
    coalesce(case when changes.next_at is null then changes.newest_reason else changes.next_before_reason end, 'internal'),
    coalesce(case when changes.next_at is null then changes.newest_message else changes.next_before_message end, '')
  from changes
  left join lateral (
    select sum(probity.overlap(gaps.starts_at, gaps.ends_at, greatest(changes.at, from_at), least(changes.next_at, to_at))) as within,
      sum(probity.overlap(gaps.starts_at, gaps.ends_at, changes.at, changes.next_at)) as whole
    from probity.gaps
    where gaps.series_id = changes.id and gaps.ends_at > changes.at
      and gaps.starts_at < coalesce(changes.next_at, 'infinity')
  ) unseen on true
  where not changes.success and changes.at < to_at and (changes.next_at is null or changes.next_at > from_at)
$$;
