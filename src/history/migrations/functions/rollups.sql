-- Rollups: what is computed from the rows. Computing the same piece again gives the same, whatever came before. A piece is what
-- is marked of one hour of one series: pieces[i] is the series, and what else is given of it stands at the same place.
--
-- Each lookup is a lateral subquery, which goes through the primary key once for each piece: a plan that joins whole tables would
-- depend on how many rows there are, and a table that has just been filled has no statistics.

-- Counts the checks of some hours.
create or replace function probity.roll_hours(pieces integer[], hours timestamptz[]) returns void
language sql as $$
  insert into probity.hourly
  select piece.series_id, piece.hour, counted.checks, counted.failures, counted.duration_sum, counted.duration_max,
    latencies.latency, why.reasons
  from unnest(pieces, hours) as piece(series_id, hour)
  cross join lateral (
    select count(*) as checks, count(*) filter (where not success) as failures,
      coalesce(sum(duration_seconds) filter (where success), 0) as duration_sum, max(duration_seconds) as duration_max
    from probity.probe_results
    where series_id = piece.series_id and checked_at >= piece.hour and checked_at < piece.hour + interval '1 hour'
  ) counted
  cross join lateral (
    select coalesce(jsonb_object_agg(bucket, n), '{}') as latency from (
      select probity.latency_bucket(duration_seconds) as bucket, count(*) as n
      from probity.probe_results
      where series_id = piece.series_id and checked_at >= piece.hour and checked_at < piece.hour + interval '1 hour' and success
      group by 1
    ) buckets
  ) latencies
  cross join lateral (
    select coalesce(jsonb_object_agg(reason, n), '{}') as reasons from (
      select coalesce(reason, 'internal') as reason, count(*) as n
      from probity.probe_results
      where series_id = piece.series_id and checked_at >= piece.hour and checked_at < piece.hour + interval '1 hour' and not success
      group by 1
    ) failed
  ) why
  -- Where the rows are gone, what is known of them stays.
  where counted.checks > 0
  on conflict (series_id, hour) do update set
    checks = excluded.checks, failures = excluded.failures, duration_sum = excluded.duration_sum,
    duration_max = excluded.duration_max, latency = excluded.latency, reasons = excluded.reasons
$$;

-- Adds up the hours of the days of some hours.
create or replace function probity.roll_days(pieces integer[], hours timestamptz[]) returns void
language sql as $$
  insert into probity.daily
  select piece.series_id, piece.day, counted.checks, counted.failures, counted.duration_sum, counted.duration_max,
    latencies.latency, why.reasons
  from (
    select distinct series_id, date_trunc('day', hour, 'UTC') as day from unnest(pieces, hours) as given(series_id, hour)
  ) piece
  cross join lateral (
    select sum(checks) as checks, sum(failures) as failures, sum(duration_sum) as duration_sum, max(duration_max) as duration_max
    from probity.hourly
    where series_id = piece.series_id and hour >= piece.day and hour < piece.day + interval '24 hours'
  ) counted
  cross join lateral (
    select coalesce(jsonb_object_agg(key, n), '{}') as latency from (
      select key, sum(value::integer) as n
      from probity.hourly, jsonb_each_text(latency)
      where series_id = piece.series_id and hour >= piece.day and hour < piece.day + interval '24 hours'
      group by 1
    ) buckets
  ) latencies
  cross join lateral (
    select coalesce(jsonb_object_agg(key, n), '{}') as reasons from (
      select key, sum(value::integer) as n
      from probity.hourly, jsonb_each_text(reasons)
      where series_id = piece.series_id and hour >= piece.day and hour < piece.day + interval '24 hours'
      group by 1
    ) failed
  ) why
  where counted.checks > 0
  on conflict (series_id, day) do update set
    checks = excluded.checks, failures = excluded.failures, duration_sum = excluded.duration_sum,
    duration_max = excluded.duration_max, latency = excluded.latency, reasons = excluded.reasons
$$;

-- Finds what changes from one check to the next: within the pieces, from the check before each, and to the check after it.
create or replace function probity.roll_changes(pieces integer[], from_ats timestamptz[], to_ats timestamptz[]) returns void
language plpgsql as $$
declare
  befores timestamptz[];
  uptos timestamptz[];
begin
  -- What is newer than anything that is added up waits for its own mark.
  select array_agg(earlier.at order by piece.place), array_agg(coalesce(later.at, piece.to_at) order by piece.place)
  into befores, uptos
  from (
    select given.*, greatest(series.last_at, max(given.to_at) over (partition by given.series_id)) as newest
    from unnest(pieces, from_ats, to_ats) with ordinality as given(series_id, from_at, to_at, place)
    left join probity.series on series.id = given.series_id
  ) piece
  left join lateral (
    select checked_at as at from probity.probe_results
    where series_id = piece.series_id and checked_at < piece.from_at order by checked_at desc limit 1
  ) earlier on true
  left join lateral (
    select checked_at as at from probity.probe_results
    where series_id = piece.series_id and checked_at > piece.to_at and checked_at <= piece.newest order by checked_at limit 1
  ) later on true;

  delete from probity.transitions using unnest(pieces, from_ats, uptos) as piece(id, from_at, upto)
    where series_id = id and at between from_at and upto;
  delete from probity.gaps using unnest(pieces, from_ats, uptos) as piece(id, from_at, upto)
    where series_id = id and ends_at between from_at and upto;
  delete from probity.maintenance_changes using unnest(pieces, from_ats, uptos) as piece(id, from_at, upto)
    where series_id = id and at between from_at and upto;

  -- The check after one piece may be the first of the next, which says the same of it.
  with checks as (
    select piece.*, found.*
    from unnest(pieces, from_ats, befores, uptos) with ordinality as piece(id, from_at, before_at, upto, place)
    cross join lateral (
      select checked_at, interval_seconds, success, reason, message, status, maintenance
      from probity.probe_results
      where series_id = id and checked_at between coalesce(before_at, from_at) and upto
      union all
      -- The rows before may be gone: what is known of the last one stands for it.
      select last_at, last_interval, last_success, last_reason, last_message, null, coalesce(last_maintenance, false)
      from probity.series
      where series.id = piece.id and before_at is null and last_at < from_at
    ) found
  ), pairs as (
    select id, from_at, checked_at, success, reason, message, status, maintenance,
      lag(checked_at) over earlier as before_at, lag(interval_seconds) over earlier as before_interval,
      lag(success) over earlier as before_success, lag(reason) over earlier as before_reason,
      lag(message) over earlier as before_message, lag(maintenance, 1, false) over earlier as before_maintenance
    from checks
    window earlier as (partition by place order by checked_at)
  ), changes as (
    insert into probity.transitions
    select id, checked_at, success, reason, message, status, before_at, before_reason, before_message, maintenance
    from pairs
    where checked_at >= from_at and success is distinct from before_success
    on conflict do nothing
  ), maintained as (
    insert into probity.maintenance_changes
    select id, checked_at, maintenance
    from pairs
    where checked_at >= from_at and maintenance <> before_maintenance
    on conflict do nothing
  )
  insert into probity.gaps
  select id, before_at + before_interval * interval '1 second', checked_at
  from pairs
  where checked_at >= from_at and checked_at > before_at + 2 * before_interval * interval '1 second'
  on conflict do nothing;

  update probity.series set
    last_at = newest.checked_at, last_interval = newest.interval_seconds, last_success = newest.success,
    last_reason = newest.reason, last_message = newest.message, last_maintenance = newest.maintenance
  from (
    select distinct on (found.series_id) found.*
    from unnest(pieces, from_ats, to_ats) as piece(id, from_at, to_at)
    cross join lateral (
      select * from probity.probe_results
      where series_id = id and checked_at between from_at and to_at order by checked_at desc limit 1
    ) found
    order by found.series_id, found.checked_at desc
  ) newest
  where id = newest.series_id and (last_at is null or last_at <= newest.checked_at);
end $$;

-- Takes the oldest marks, of which the pieces have so many rows at most, or one piece. Those of more than an hour are split: their
-- first hour is taken, and the others are marked.
create or replace function probity.take_marks(most_marks integer, most_rows integer)
returns table (series_id integer, hour timestamptz, from_at timestamptz, to_at timestamptz, marks bigint)
language sql as $$
  with oldest as materialized (
    select ctid as mark, touched.series_id, touched.from_at, touched.to_at, date_trunc('hour', touched.from_at, 'UTC') as hour
    from probity.touched order by touched.from_at, touched.series_id limit most_marks
  ), pieces as (
    select oldest.series_id, oldest.hour, min(oldest.from_at) as from_at, max(oldest.to_at) as to_at, count(*) as marks
    from oldest group by 1, 2
  ), sized as (
    select pieces.*, coalesce(sum(size.n) over (order by pieces.hour, pieces.series_id rows between unbounded preceding and 1 preceding), 0) as before
    from pieces
    cross join lateral (
      select count(*) as n from probity.probe_results found
      where found.series_id = pieces.series_id and checked_at >= pieces.hour and checked_at < pieces.hour + interval '1 hour'
    ) size
  ), chosen as materialized (
    select * from sized where before < most_rows
  ), taken as (
    delete from probity.touched where ctid = any (array(
      select mark from oldest join chosen on chosen.series_id = oldest.series_id and chosen.hour = oldest.hour))
  ), split as (
    insert into probity.touched
    select chosen.series_id, min(checked_at), max(checked_at)
    from chosen
    join probity.probe_results rest on rest.series_id = chosen.series_id
      and checked_at >= chosen.hour + interval '1 hour' and checked_at <= chosen.to_at
    group by 1, date_trunc('hour', checked_at, 'UTC')
  )
  select chosen.series_id, chosen.hour, chosen.from_at,
    least(chosen.to_at, chosen.hour + interval '1 hour' - interval '1 microsecond'), chosen.marks
  from chosen
$$;

-- Brings the rollups up to date for the oldest of the marks, so that it ends soon. Returns how many there were: 0 where nothing is
-- left to do, and -1 where another process is doing it.
create or replace function probity.roll(most_marks integer, most_rows integer) returns integer
language plpgsql as $$
declare
  pieces integer[];
  hours timestamptz[];
  from_ats timestamptz[];
  to_ats timestamptz[];
  total integer;
begin
  if not pg_try_advisory_xact_lock(hashtext('probity.roll')) then
    return -1;
  end if;
  select array_agg(series_id), array_agg(hour), array_agg(from_at), array_agg(to_at), sum(marks)
  into pieces, hours, from_ats, to_ats, total
  from probity.take_marks(most_marks, most_rows);
  if pieces is null then
    return 0;
  end if;
  perform probity.roll_changes(pieces, from_ats, to_ats);
  perform probity.roll_hours(pieces, hours);
  perform probity.roll_days(pieces, hours);
  return total;
end $$;
