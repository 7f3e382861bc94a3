-- Everything is in a schema of its own, so that Probity can share a database. Months, days and hours are those of UTC.

-- One check of one target from one place. last_* is the newest check, kept when the rows themselves are gone.
create table probity.series (
  id integer generated always as identity primary key,
  target text not null,
  location text not null,
  labels jsonb not null default '{}',
  last_at timestamptz,
  last_interval double precision,
  last_success boolean,
  last_reason text,
  last_message text,
  unique (target, location)
);

create table probity.probe_results (
  series_id integer not null,
  checked_at timestamptz not null,
  duration_seconds double precision not null,
  interval_seconds double precision not null,
  success boolean not null,
  reason text,
  message text,
  status smallint,
  phases jsonb,
  primary key (series_id, checked_at)
) partition by range (checked_at);

-- What programs say of their own calls, per minute.
create table probity.call_minutes (
  target text not null,
  location text not null,
  caller text not null,
  version text not null,
  minute timestamptz not null,
  ok integer not null,
  error integer not null,
  unknown integer not null,
  over_limit integer not null,
  duration_sum double precision not null,
  latency jsonb not null,
  primary key (target, location, caller, version, minute)
) partition by range (minute);

-- Which times have new rows that are in no rollup yet. Written with the rows, in one transaction; nothing is updated, so
-- that several writers never wait for each other.
create table probity.touched (
  series_id integer not null,
  from_at timestamptz not null,
  to_at timestamptz not null
);

-- The first check of a series, and each whose outcome differs from the one before.
create table probity.transitions (
  series_id integer not null,
  at timestamptz not null,
  success boolean not null,
  reason text,
  message text,
  status smallint,
  before_at timestamptz,
  before_reason text,
  before_message text,
  primary key (series_id, at)
);

-- Time in which nothing was seen: between two checks that are more than two intervals apart, from the moment at which
-- the second should have been made.
create table probity.gaps (
  series_id integer not null,
  starts_at timestamptz not null,
  ends_at timestamptz not null,
  primary key (series_id, ends_at)
);

-- latency counts successful checks per bucket, reasons counts failed ones per reason.
create table probity.hourly (
  series_id integer not null,
  hour timestamptz not null,
  checks integer not null,
  failures integer not null,
  duration_sum double precision not null,
  duration_max double precision not null,
  latency jsonb not null,
  reasons jsonb not null,
  primary key (series_id, hour)
);
create index hourly_hour on probity.hourly (hour);

create table probity.daily (
  series_id integer not null,
  day timestamptz not null,
  checks integer not null,
  failures integer not null,
  duration_sum double precision not null,
  duration_max double precision not null,
  latency jsonb not null,
  reasons jsonb not null,
  primary key (series_id, day)
);
create index daily_day on probity.daily (day);

-- From the first failed check to the first that succeeds, with the evidence of the first and of the last failure.
create view probity.incidents as
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
  case when next.at is null then series.last_message else next.before_message end as last_message
from probity.transitions first
join probity.series on series.id = first.series_id
left join lateral (
  select * from probity.transitions later
  where later.series_id = first.series_id and later.at > first.at
  order by later.at limit 1
) next on true
where not first.success;

-- Bucket i holds what is above 1.02^(i-1) seconds and at most 1.02^i: a quantile read off it is within 1 %.
create function probity.latency_bucket(seconds double precision) returns integer
language sql immutable parallel safe
as $$ select ceil(ln(greatest(seconds, 0.000001)) / ln(1.02::double precision))::integer $$;

-- Makes the partitions for the months from one time to another.
create function probity.make_partitions(from_at timestamptz, to_at timestamptz) returns void
language plpgsql as $$
declare
  month timestamp := date_trunc('month', from_at at time zone 'UTC');
  parent text;
  name text;
begin
  while month <= to_at at time zone 'UTC' loop
    foreach parent in array array['probe_results', 'call_minutes'] loop
      name := parent || to_char(month, '_YYYY_MM');
      if to_regclass('probity.' || name) is null then
        perform pg_advisory_xact_lock(hashtext('probity.partitions'));
        execute format(
          'create table if not exists probity.%I partition of probity.%I for values from (%L) to (%L)',
          name, parent, month::text || '+00', (month + interval '1 month')::text || '+00');
      end if;
    end loop;
    month := month + interval '1 month';
  end loop;
end $$;

-- Drops the months of raw rows that ended before one time, and the hours before another.
create function probity.forget(raw_before timestamptz, hourly_before timestamptz) returns void
language plpgsql as $$
declare
  part record;
begin
  for part in
    select child.relname as name, to_date(right(child.relname, 7), 'YYYY_MM')::timestamp as month
    from pg_inherits
    join pg_class child on child.oid = inhrelid
    where inhparent in ('probity.probe_results'::regclass, 'probity.call_minutes'::regclass)
  loop
    if (part.month + interval '1 month') at time zone 'UTC' <= raw_before then
      execute format('drop table if exists probity.%I', part.name);
    end if;
  end loop;
  delete from probity.hourly where hour < hourly_before;
end $$;

-- Adds up the hours of some days.
create function probity.roll_days(of_series integer, from_day timestamptz, to_day timestamptz) returns void
language sql as $$
  insert into probity.daily as known
  select
    of_series, days.day, days.checks, days.failures, days.duration_sum, days.duration_max,
    coalesce((
      select jsonb_object_agg(bucket, n) from (
        select key as bucket, sum(value::integer) as n
        from probity.hourly, jsonb_each_text(latency)
        where series_id = of_series and hour >= days.day and hour < days.day + interval '24 hours' group by key
      ) buckets), '{}'),
    coalesce((
      select jsonb_object_agg(reason, n) from (
        select key as reason, sum(value::integer) as n
        from probity.hourly, jsonb_each_text(reasons)
        where series_id = of_series and hour >= days.day and hour < days.day + interval '24 hours' group by key
      ) why), '{}')
  from (
    select date_trunc('day', hour, 'UTC') as day, sum(checks)::integer as checks, sum(failures)::integer as failures,
      sum(duration_sum) as duration_sum, max(duration_max) as duration_max
    from probity.hourly
    where series_id = of_series and hour >= from_day and hour < to_day + interval '24 hours'
    group by 1
  ) days
  on conflict (series_id, day) do update set
    checks = excluded.checks, failures = excluded.failures, duration_sum = excluded.duration_sum,
    duration_max = excluded.duration_max, latency = excluded.latency, reasons = excluded.reasons
$$;

-- Computes again, from the rows, whatever depends on the rows of one series from one time to another.
create function probity.roll_series(of_series integer, from_at timestamptz, to_at timestamptz) returns void
language plpgsql as $$
declare
  previous timestamptz;
  upto timestamptz;
begin
  select max(checked_at) into previous from probity.probe_results
    where series_id = of_series and checked_at < from_at;
  -- The check after the last one has a new predecessor.
  select coalesce(min(checked_at), to_at) into upto from probity.probe_results
    where series_id = of_series and checked_at > to_at;

  delete from probity.transitions where series_id = of_series and at between from_at and upto;
  delete from probity.gaps where series_id = of_series and ends_at between from_at and upto;
  with checks as (
    select checked_at, interval_seconds, success, reason, message, status
    from probity.probe_results
    where series_id = of_series and checked_at between coalesce(previous, from_at) and upto
    union all
    -- The rows before may be gone: what is known of the last one stands for it.
    select last_at, last_interval, last_success, last_reason, last_message, null
    from probity.series
    where id = of_series and previous is null and last_at < from_at
  ), pairs as (
    select *,
      lag(checked_at) over earlier as before_at, lag(interval_seconds) over earlier as before_interval,
      lag(success) over earlier as before_success, lag(reason) over earlier as before_reason,
      lag(message) over earlier as before_message
    from checks
    window earlier as (order by checked_at)
  ), changes as (
    insert into probity.transitions
    select of_series, checked_at, success, reason, message, status, before_at, before_reason, before_message
    from pairs
    where checked_at >= from_at and success is distinct from before_success
  )
  insert into probity.gaps
  select of_series, before_at + before_interval * interval '1 second', checked_at
  from pairs
  where checked_at >= from_at and checked_at > before_at + 2 * before_interval * interval '1 second';

  insert into probity.hourly as known
  with checks as (
    select date_trunc('hour', checked_at, 'UTC') as hour, duration_seconds, success, reason
    from probity.probe_results
    where series_id = of_series
      and checked_at >= date_trunc('hour', from_at, 'UTC')
      and checked_at < date_trunc('hour', to_at, 'UTC') + interval '1 hour'
  ), buckets as (
    select hour, jsonb_object_agg(bucket, n) as latency from (
      select hour, probity.latency_bucket(duration_seconds) as bucket, count(*) as n
      from checks where success group by 1, 2
    ) counted group by hour
  ), why as (
    select hour, jsonb_object_agg(reason, n) as reasons from (
      select hour, coalesce(reason, 'internal') as reason, count(*) as n
      from checks where not success group by 1, 2
    ) counted group by hour
  )
  select of_series, hour, count(*), count(*) filter (where not success),
    coalesce(sum(duration_seconds) filter (where success), 0), max(duration_seconds),
    coalesce((select latency from buckets where buckets.hour = checks.hour), '{}'),
    coalesce((select reasons from why where why.hour = checks.hour), '{}')
  from checks
  group by hour
  on conflict (series_id, hour) do update set
    checks = excluded.checks, failures = excluded.failures, duration_sum = excluded.duration_sum,
    duration_max = excluded.duration_max, latency = excluded.latency, reasons = excluded.reasons;

  perform probity.roll_days(of_series, date_trunc('day', from_at, 'UTC'), date_trunc('day', to_at, 'UTC'));

  update probity.series set
    last_at = newest.checked_at, last_interval = newest.interval_seconds, last_success = newest.success,
    last_reason = newest.reason, last_message = newest.message
  from (
    select * from probity.probe_results where series_id = of_series order by checked_at desc limit 1
  ) newest
  where id = of_series;
end $$;

-- Brings the rollups up to date for some of the marks, so that it ends soon. Returns how many there were: 0 where nothing is
-- left to do, or where another process is doing it.
create function probity.roll(most_marks integer, most_series integer) returns integer
language plpgsql as $$
declare
  part record;
  total integer := 0;
begin
  if not pg_try_advisory_xact_lock(hashtext('probity.roll')) then
    return 0;
  end if;
  for part in
    with taken as (
      delete from probity.touched
      where ctid = any (array(
        select ctid from probity.touched
        where series_id in (select distinct series_id from probity.touched limit most_series)
        limit most_marks))
      returning *
    )
    select series_id, min(from_at) as from_at, max(to_at) as to_at, count(*)::integer as marks
    from taken group by series_id
  loop
    perform probity.roll_series(part.series_id, part.from_at, part.to_at);
    total := total + part.marks;
  end loop;
  return total;
end $$;
