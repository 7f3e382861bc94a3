-- Whether a target was in maintenance when it was checked. Its rollup is like that of outcomes: where it changes.
alter table probity.probe_results add column maintenance boolean not null default false;
alter table probity.series add column last_maintenance boolean;
alter table probity.transitions add column maintenance boolean not null default false;

-- The first check within a maintenance, and the first after it.
create table probity.maintenance_changes (
  series_id integer not null,
  at timestamptz not null,
  maintenance boolean not null,
  primary key (series_id, at)
);

-- From the first check in a maintenance to the first after it; ends_at is null while it lasts.
create view probity.maintenances as
select series_id, starts_at, ends_at
from (
  select series_id, at as starts_at, maintenance, lead(at) over (partition by series_id order by at) as ends_at
  from probity.maintenance_changes
) changes
where maintenance;

-- As it was, and whether it began in a maintenance.
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

-- Computes again, from the rows, whatever depends on the rows of one series from one time to another.
create or replace function probity.roll_series(of_series integer, from_at timestamptz, to_at timestamptz) returns void
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
  delete from probity.maintenance_changes where series_id = of_series and at between from_at and upto;
  with checks as (
    select checked_at, interval_seconds, success, reason, message, status, maintenance
    from probity.probe_results
    where series_id = of_series and checked_at between coalesce(previous, from_at) and upto
    union all
    -- The rows before may be gone: what is known of the last one stands for it.
    select last_at, last_interval, last_success, last_reason, last_message, null, coalesce(last_maintenance, false)
    from probity.series
    where id = of_series and previous is null and last_at < from_at
  ), pairs as (
    select *,
      lag(checked_at) over earlier as before_at, lag(interval_seconds) over earlier as before_interval,
      lag(success) over earlier as before_success, lag(reason) over earlier as before_reason,
      lag(message) over earlier as before_message, lag(maintenance, 1, false) over earlier as before_maintenance
    from checks
    window earlier as (order by checked_at)
  ), changes as (
    insert into probity.transitions
    select of_series, checked_at, success, reason, message, status, before_at, before_reason, before_message, maintenance
    from pairs
    where checked_at >= from_at and success is distinct from before_success
  ), maintained as (
    insert into probity.maintenance_changes
    select of_series, checked_at, maintenance
    from pairs
    where checked_at >= from_at and maintenance <> before_maintenance
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
    last_reason = newest.reason, last_message = newest.message, last_maintenance = newest.maintenance
  from (
    select * from probity.probe_results where series_id = of_series order by checked_at desc limit 1
  ) newest
  where id = of_series;
end $$;
