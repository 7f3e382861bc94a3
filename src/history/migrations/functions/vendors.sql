-- What dashboards read about vendors. It says the same as `probity report`: src/history/report has the words for it.

-- One target as seen from one place while it had one vendor, with what that promises, and how long it was observed: from the first check to
-- the moment until which the last one speaks.
create or replace view probity.endpoints as
select
  series.id as series_id,
  coalesce(nullif(series.vendor, ''), 'without a vendor') as vendor,
  series.target,
  series.location,
  vendors.sla,
  coalesce(vendors.excludes_maintenance, false) as excludes_maintenance,
  vendors.url,
  (select min(at) from probity.transitions where series_id = series.id) as observed_from,
  series.last_at + series.last_interval * interval '1 second' as observed_to
from probity.series
left join probity.vendors on vendors.name = series.vendor;

-- The end of a period, or now where it is not over. Newer rows than now are those of a clock that is ahead.
create or replace function probity.up_to_now(to_at timestamptz) returns timestamptz
language sql stable parallel safe
as $$ select least(to_at, greatest(now(), (select max(last_at) from probity.series))) $$;

-- The time zone of a dashboard, as Grafana gives it: `browser` where it could not find out.
create or replace function probity.zone(name text) returns text
language sql immutable parallel safe
as $$ select case when name in ('', 'browser') then 'UTC' else name end $$;

-- What a period is compared with: the month before where it begins with a month and lies within it, else as much time before it.
create or replace function probity.period_before(from_at timestamptz, to_at timestamptz, zone text)
returns table (before_from timestamptz, before_to timestamptz)
language sql stable parallel safe
as $$
  select
    case when is_month then (month - interval '1 month') at time zone probity.zone(zone) else from_at - (to_at - from_at) end,
    from_at
  from (
    select month, from_at = month at time zone probity.zone(zone)
      and to_at <= (month + interval '1 month') at time zone probity.zone(zone) as is_month
    from (select date_trunc('month', from_at at time zone probity.zone(zone)) as month) months
  ) known
$$;

-- How a period was for each endpoint that was observed in it. judged_* is what counts against the promise of the vendor: where
-- that excludes maintenance, it is without the time in it.
create or replace function probity.measured(from_at timestamptz, to_at timestamptz)
returns table (
  series_id integer, vendor text, target text, location text, sla double precision,
  up_seconds double precision, down_seconds double precision, unobserved_seconds double precision,
  judged_up_seconds double precision, judged_down_seconds double precision
)
language sql stable parallel safe set jit = off
as $$
  with known as materialized (
    select endpoints.*,
      probity.overlap(observed_from, observed_to, from_at, to_at) - coalesce((
        select sum(probity.overlap(gaps.starts_at, gaps.ends_at, from_at, to_at))
        from probity.gaps
        where gaps.series_id = endpoints.series_id and gaps.ends_at > from_at and gaps.starts_at < to_at
      ), 0) as seconds
    from probity.endpoints
    where observed_from < to_at and observed_to > from_at
  ), outages as materialized (
    select * from probity.outages(from_at, to_at)
  ), down as (
    select outages.series_id, sum(outages.down_seconds) as seconds from outages group by 1
  ), maintained as materialized (
    select known.series_id, false as is_down,
      greatest(starts_at, observed_from, from_at) as starts_at, least(ends_at, observed_to, to_at) as ends_at
    from known
    join probity.maintenances on maintenances.series_id = known.series_id
    where excludes_maintenance and starts_at < to_at and (ends_at is null or ends_at > from_at)
  ), spans as (
    select * from maintained
    union all
    select outages.series_id, true,
      greatest(outages.started_at, maintained.starts_at), least(outages.ended_at, maintained.ends_at)
    from maintained
    join outages on outages.series_id = maintained.series_id
      and outages.started_at < maintained.ends_at
      and (outages.ended_at is null or outages.ended_at > maintained.starts_at)
  ), excluded as (
    select spans.series_id,
      sum(spans.seconds) filter (where not is_down) as seconds,
      coalesce(sum(spans.seconds) filter (where is_down), 0) as down
    from (
      select spans.series_id, is_down,
        probity.overlap(spans.starts_at, spans.ends_at, spans.starts_at, spans.ends_at) - coalesce((
          select sum(probity.overlap(gaps.starts_at, gaps.ends_at, spans.starts_at, spans.ends_at))
          from probity.gaps
          where gaps.series_id = spans.series_id and gaps.ends_at > spans.starts_at and gaps.starts_at < spans.ends_at
        ), 0) as seconds
      from spans
    ) spans
    group by 1
  )
  select known.series_id, known.vendor, known.target, known.location, known.sla,
    known.seconds - coalesce(down.seconds, 0), coalesce(down.seconds, 0),
    probity.overlap(from_at, to_at, from_at, to_at) - known.seconds,
    known.seconds - coalesce(down.seconds, 0) - coalesce(excluded.seconds - excluded.down, 0),
    coalesce(down.seconds, 0) - coalesce(excluded.down, 0)
  from known
  left join down on down.series_id = known.series_id
  left join excluded on excluded.series_id = known.series_id
  where known.seconds > 0
$$;

-- How a period was for each vendor: its seconds are the means of its endpoints.
create or replace function probity.vendors_measured(from_at timestamptz, to_at timestamptz)
returns table (
  vendor text, sla double precision, endpoints bigint,
  up_seconds double precision, down_seconds double precision, unobserved_seconds double precision,
  availability double precision, budget_seconds double precision, over_seconds double precision,
  judged_down_seconds double precision
)
language sql stable parallel safe set jit = off
as $$
  select vendor, sla, count(*), avg(up_seconds), avg(down_seconds), avg(unobserved_seconds),
    avg(judged_up_seconds) / nullif(avg(judged_up_seconds + judged_down_seconds), 0),
    (1 - sla) * avg(judged_up_seconds + judged_down_seconds),
    -- greatest() skips what is null.
    case when sla is not null then
      greatest(0, avg(judged_down_seconds) - (1 - sla) * avg(judged_up_seconds + judged_down_seconds))
    end,
    avg(judged_down_seconds)
  from probity.measured(from_at, to_at)
  group by vendor, sla
$$;
