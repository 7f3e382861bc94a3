-- What vendors promise, as the newest configuration has it. sla is 0 to 1, and null where nothing is promised.
create table probity.vendors (
  name text primary key,
  sla double precision,
  excludes_maintenance boolean not null default false,
  url text
);

-- What dashboards read. It says the same as `probity report`: src/history/report has the words for it. Compiling such queries
-- takes longer than running them, hence `jit = off`.

-- One target as seen from one place, with what its vendor promises, and how long it was observed: from the first check to
-- the moment until which the last one speaks.
create view probity.endpoints as
select
  series.id as series_id,
  coalesce(nullif(series.labels ->> 'vendor', ''), 'without a vendor') as vendor,
  series.target,
  series.location,
  vendors.sla,
  coalesce(vendors.excludes_maintenance, false) as excludes_maintenance,
  vendors.url,
  (select min(at) from probity.transitions where series_id = series.id) as observed_from,
  series.last_at + series.last_interval * interval '1 second' as observed_to
from probity.series
left join probity.vendors on vendors.name = series.labels ->> 'vendor';

-- The seconds that two stretches of time have in common.
create function probity.overlap(from_at timestamptz, to_at timestamptz, other_from timestamptz, other_to timestamptz)
returns double precision
language sql immutable parallel safe
as $$
  select greatest(0, extract(epoch from least(to_at, other_to) - greatest(from_at, other_from)))::double precision
$$;

-- The end of a period, or now where it is not over. Newer rows than now are those of a clock that is ahead.
create function probity.up_to_now(to_at timestamptz) returns timestamptz
language sql stable parallel safe
as $$ select least(to_at, greatest(now(), (select max(last_at) from probity.series))) $$;

-- The time zone of a dashboard, as Grafana gives it: `browser` where it could not find out.
create function probity.zone(name text) returns text
language sql immutable parallel safe
as $$ select case when name in ('', 'browser') then 'UTC' else name end $$;

-- What a period is compared with: the month before where it begins with a month and lies within it, else as much time before it.
create function probity.period_before(from_at timestamptz, to_at timestamptz, zone text)
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

-- Outages that touch a period, with their evidence. down_seconds is what was observed of one within the period, whole_seconds
-- what was observed of it at all.
create function probity.outages(from_at timestamptz, to_at timestamptz)
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

-- How a period was for each endpoint that was observed in it. judged_* is what counts against the promise of the vendor.
create function probity.measured(from_at timestamptz, to_at timestamptz)
returns table (
  series_id integer, vendor text, target text, location text, sla double precision,
  up_seconds double precision, down_seconds double precision, unobserved_seconds double precision,
  judged_up_seconds double precision, judged_down_seconds double precision
)
language sql stable parallel safe set jit = off
as $$
  with known as (
    select endpoints.*,
      probity.overlap(observed_from, observed_to, from_at, to_at) - coalesce((
        select sum(probity.overlap(gaps.starts_at, gaps.ends_at, from_at, to_at))
        from probity.gaps
        where gaps.series_id = endpoints.series_id and gaps.ends_at > from_at and gaps.starts_at < to_at
      ), 0) as seconds
    from probity.endpoints
    where observed_from < to_at and observed_to > from_at
  ), down as (
    select outages.series_id, sum(outages.down_seconds) as seconds from probity.outages(from_at, to_at) group by 1
  )
  select known.series_id, known.vendor, known.target, known.location, known.sla,
    known.seconds - coalesce(down.seconds, 0), coalesce(down.seconds, 0),
    probity.overlap(from_at, to_at, from_at, to_at) - known.seconds,
    known.seconds - coalesce(down.seconds, 0), coalesce(down.seconds, 0)
  from known
  left join down on down.series_id = known.series_id
  where known.seconds > 0
$$;

-- How a period was for each vendor: its seconds are the means of its endpoints.
create function probity.vendors_measured(from_at timestamptz, to_at timestamptz)
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

-- Checks of a period: whole days from the days, the rest from the hours that begin in it. Grafana ends a period a millisecond
-- before the next.
create function probity.counted(from_at timestamptz, to_at timestamptz)
returns table (series_id integer, checks integer, failures integer, latency jsonb, reasons jsonb)
language sql stable parallel safe
as $$
  select series_id, checks, failures, latency, reasons
  from probity.daily
  where day >= date_trunc('day', from_at + interval '1 day' - interval '1 microsecond', 'UTC')
    and day < date_trunc('day', to_at + interval '1 millisecond', 'UTC')
  union all
  select series_id, checks, failures, latency, reasons
  from probity.hourly
  where hour >= from_at and hour < to_at
    and (hour < date_trunc('day', from_at + interval '1 day' - interval '1 microsecond', 'UTC')
      or hour >= date_trunc('day', to_at + interval '1 millisecond', 'UTC'))
$$;

-- How often each bucket of probity.latency_bucket occurred in the checks of a period.
create function probity.check_buckets(from_at timestamptz, to_at timestamptz)
returns table (series_id integer, bucket integer, n bigint)
language sql stable parallel safe set jit = off
as $$
  select series_id, key::integer, n
  from (
    select series_id, key collate "C" as key, sum(value::integer) as n
    from probity.counted(from_at, to_at), jsonb_each_text(latency)
    group by 1, 2
  ) grouped
$$;

-- Calls of a period, in the same way as checks.
create function probity.calls_counted(from_at timestamptz, to_at timestamptz)
returns table (series_id integer, ok bigint, error bigint, unknown bigint, over_limit bigint, latency jsonb)
language sql stable parallel safe
as $$
  select series_id, ok, error, unknown, over_limit, latency
  from probity.call_daily
  where day >= date_trunc('day', from_at + interval '1 day' - interval '1 microsecond', 'UTC')
    and day < date_trunc('day', to_at + interval '1 millisecond', 'UTC')
  union all
  select series_id, ok, error, unknown, over_limit, latency
  from probity.call_hourly
  where hour >= from_at and hour < to_at
    and (hour < date_trunc('day', from_at + interval '1 day' - interval '1 microsecond', 'UTC')
      or hour >= date_trunc('day', to_at + interval '1 millisecond', 'UTC'))
$$;

-- The seconds that stand for a bucket: their relative distance to both of its bounds is the same.
create function probity.bucket_seconds(bucket integer) returns double precision
language sql immutable parallel safe
as $$ select 2 * power(1.02::double precision, bucket) / 2.02 $$;

-- Hours in which checks failed are few: dashboards count them by the hour of the day.
create index hourly_failed on probity.hourly (hour) include (series_id, failures) where failures > 0;
