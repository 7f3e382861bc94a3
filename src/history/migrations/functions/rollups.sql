-- Rollups: what is computed from the rows. Computing the same stretch of time again gives the same, whatever came before.

-- Adds up the hours of some days.
create or replace function probity.roll_days(of_series integer, from_day timestamptz, to_day timestamptz) returns void
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

-- Brings the rollups up to date for some of the marks, so that it ends soon. Returns how many there were: 0 where nothing is
-- left to do, or where another process is doing it.
create or replace function probity.roll(most_marks integer, most_series integer) returns integer
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
