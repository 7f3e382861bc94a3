SET check_function_bodies = false;
CREATE SCHEMA probity;
CREATE FUNCTION probity.add_counts(one jsonb, other jsonb) RETURNS jsonb
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
  select coalesce(jsonb_object_agg(key, n), '{}') from (
    select key, sum(value::bigint) as n
    from (select * from jsonb_each_text(one) union all select * from jsonb_each_text(other)) counts
    group by key
  ) added
$$;
CREATE FUNCTION probity.bucket_seconds(bucket integer) RETURNS double precision
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$ select 2 * power(1.02::double precision, bucket) / 2.02 $$;
CREATE FUNCTION probity.calls_counted(from_at timestamp with time zone, to_at timestamp with time zone) RETURNS TABLE(series_id integer, ok bigint, error bigint, unknown bigint, over_limit bigint, latency jsonb)
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$
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
CREATE FUNCTION probity.check_buckets(from_at timestamp with time zone, to_at timestamp with time zone) RETURNS TABLE(series_id integer, bucket integer, n bigint)
    LANGUAGE sql STABLE PARALLEL SAFE
    SET jit TO 'off'
    AS $$
  select series_id, key::integer, n
  from (
    select series_id, key collate "C" as key, sum(value::integer) as n
    from probity.counted(from_at, to_at), jsonb_each_text(latency)
    group by 1, 2
  ) grouped
$$;
CREATE FUNCTION probity.counted(from_at timestamp with time zone, to_at timestamp with time zone) RETURNS TABLE(series_id integer, checks integer, failures integer, latency jsonb, reasons jsonb)
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$
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
CREATE FUNCTION probity.forget(raw_before timestamp with time zone, hourly_before timestamp with time zone) RETURNS void
    LANGUAGE plpgsql
    AS $$
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
  delete from probity.call_hourly where hour < hourly_before;
end $$;
CREATE FUNCTION probity.join_names(new_name text, former_names text[], at_location text) RETURNS integer
    LANGUAGE plpgsql
    AS $$
declare
  former probity.series;
  present integer;
  joined integer := 0;
begin
  if not exists (select from probity.series where target = any (former_names) and location = at_location) then
    return 0;
  end if;
  -- Nothing may be added up meanwhile.
  perform pg_advisory_xact_lock(hashtext('probity.roll'));
  for former in
    select * from probity.series where target = any (former_names) and location = at_location
    order by last_at desc nulls last for update
  loop
    select id into present from probity.series
      where target = new_name and location = at_location and vendor = former.vendor;
    if present is null then
      update probity.series set target = new_name where id = former.id;
    else
      perform probity.join_series(present, former);
    end if;
    insert into probity.call_minutes
      select new_name, location, caller, version, minute, ok, error, unknown, over_limit, duration_sum, latency, writer
      from probity.call_minutes where target = former.target and location = at_location
      on conflict do nothing;
    delete from probity.call_minutes where target = former.target and location = at_location;
    joined := joined + 1;
  end loop;
  return joined;
end $$;
CREATE TABLE probity.series (
    id integer NOT NULL,
    target text NOT NULL,
    location text NOT NULL,
    labels jsonb DEFAULT '{}'::jsonb NOT NULL,
    last_at timestamp with time zone,
    last_interval double precision,
    last_success boolean,
    last_reason text,
    last_message text,
    last_maintenance boolean,
    vendor text GENERATED ALWAYS AS (COALESCE((labels ->> 'vendor'::text), ''::text)) STORED NOT NULL
);
CREATE FUNCTION probity.join_series(present integer, former probity.series) RETURNS void
    LANGUAGE plpgsql
    AS $$
begin
  insert into probity.touched
    select present, min(checked_at), max(checked_at) from probity.probe_results
    where series_id in (present, former.id) group by date_trunc('hour', checked_at, 'UTC');
  insert into probity.probe_results
    select present, checked_at, duration_seconds, interval_seconds, success, reason, message, status, phases, maintenance
    from probity.probe_results where series_id = former.id
    on conflict do nothing;
  delete from probity.probe_results where series_id = former.id;
  delete from probity.touched where series_id = former.id;
  insert into probity.transitions
    select present, at, success, reason, message, status, before_at, before_reason, before_message, maintenance
    from probity.transitions where series_id = former.id on conflict do nothing;
  insert into probity.gaps select present, starts_at, ends_at from probity.gaps where series_id = former.id on conflict do nothing;
  insert into probity.maintenance_changes
    select present, at, maintenance from probity.maintenance_changes where series_id = former.id on conflict do nothing;
  insert into probity.hourly
    select present, hour, checks, failures, duration_sum, duration_max, latency, reasons
    from probity.hourly where series_id = former.id on conflict do nothing;
  -- A day that both have is added up: the hours of it may be gone.
  insert into probity.daily as known
    select present, day, checks, failures, duration_sum, duration_max, latency, reasons
    from probity.daily where series_id = former.id
    on conflict (series_id, day) do update set
      checks = known.checks + excluded.checks, failures = known.failures + excluded.failures,
      duration_sum = known.duration_sum + excluded.duration_sum,
      duration_max = greatest(known.duration_max, excluded.duration_max),
      latency = probity.add_counts(known.latency, excluded.latency),
      reasons = probity.add_counts(known.reasons, excluded.reasons);
  insert into probity.call_hourly as known
    select present, hour, ok, error, unknown, over_limit, duration_sum, latency
    from probity.call_hourly where series_id = former.id
    on conflict (series_id, hour) do update set
      ok = known.ok + excluded.ok, error = known.error + excluded.error, unknown = known.unknown + excluded.unknown,
      over_limit = known.over_limit + excluded.over_limit, duration_sum = known.duration_sum + excluded.duration_sum,
      latency = probity.add_counts(known.latency, excluded.latency);
  insert into probity.call_daily as known
    select present, day, ok, error, unknown, over_limit, duration_sum, latency
    from probity.call_daily where series_id = former.id
    on conflict (series_id, day) do update set
      ok = known.ok + excluded.ok, error = known.error + excluded.error, unknown = known.unknown + excluded.unknown,
      over_limit = known.over_limit + excluded.over_limit, duration_sum = known.duration_sum + excluded.duration_sum,
      latency = probity.add_counts(known.latency, excluded.latency);
  delete from probity.transitions where series_id = former.id;
  delete from probity.gaps where series_id = former.id;
  delete from probity.maintenance_changes where series_id = former.id;
  delete from probity.hourly where series_id = former.id;
  delete from probity.daily where series_id = former.id;
  delete from probity.call_hourly where series_id = former.id;
  delete from probity.call_daily where series_id = former.id;
  delete from probity.series where id = former.id;
  -- Where the present one has no check that is added up yet, the newest of the former one stands for it.
  update probity.series set
    last_at = former.last_at, last_interval = former.last_interval, last_success = former.last_success,
    last_reason = former.last_reason, last_message = former.last_message, last_maintenance = former.last_maintenance
  where id = present and (last_at is null or last_at < former.last_at);
end $$;
CREATE FUNCTION probity.latency_bucket(seconds double precision) RETURNS integer
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$ select ceil(ln(greatest(seconds, 0.000001)) / ln(1.02::double precision))::integer $$;
CREATE FUNCTION probity.make_partitions(from_at timestamp with time zone, to_at timestamp with time zone) RETURNS void
    LANGUAGE plpgsql
    AS $$
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
CREATE FUNCTION probity.measured(from_at timestamp with time zone, to_at timestamp with time zone) RETURNS TABLE(series_id integer, vendor text, target text, location text, sla double precision, up_seconds double precision, down_seconds double precision, unobserved_seconds double precision, judged_up_seconds double precision, judged_down_seconds double precision)
    LANGUAGE sql STABLE PARALLEL SAFE
    SET jit TO 'off'
    AS $$
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
CREATE FUNCTION probity.outages(from_at timestamp with time zone, to_at timestamp with time zone) RETURNS TABLE(series_id integer, started_at timestamp with time zone, ended_at timestamp with time zone, down_seconds double precision, whole_seconds double precision, reason text, message text, status smallint, last_failure_at timestamp with time zone, last_reason text, last_message text)
    LANGUAGE sql STABLE PARALLEL SAFE
    SET jit TO 'off'
    AS $$
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
CREATE FUNCTION probity.overlap(from_at timestamp with time zone, to_at timestamp with time zone, other_from timestamp with time zone, other_to timestamp with time zone) RETURNS double precision
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
  select greatest(0, extract(epoch from least(to_at, other_to) - greatest(from_at, other_from)))::double precision
$$;
CREATE FUNCTION probity.period_before(from_at timestamp with time zone, to_at timestamp with time zone, zone text) RETURNS TABLE(before_from timestamp with time zone, before_to timestamp with time zone)
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$
  select
    case when is_month then (month - interval '1 month') at time zone probity.zone(zone) else from_at - (to_at - from_at) end,
    from_at
  from (
    select month, from_at = month at time zone probity.zone(zone)
      and to_at <= (month + interval '1 month') at time zone probity.zone(zone) as is_month
    from (select date_trunc('month', from_at at time zone probity.zone(zone)) as month) months
  ) known
$$;
CREATE FUNCTION probity.roll(most_marks integer, most_rows integer) RETURNS integer
    LANGUAGE plpgsql
    AS $$
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
CREATE FUNCTION probity.roll_changes(pieces integer[], from_ats timestamp with time zone[], to_ats timestamp with time zone[]) RETURNS void
    LANGUAGE plpgsql
    AS $$
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
CREATE FUNCTION probity.roll_days(pieces integer[], hours timestamp with time zone[]) RETURNS void
    LANGUAGE sql
    AS $$
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
CREATE FUNCTION probity.roll_hours(pieces integer[], hours timestamp with time zone[]) RETURNS void
    LANGUAGE sql
    AS $$
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
CREATE FUNCTION probity.take_marks(most_marks integer, most_rows integer) RETURNS TABLE(series_id integer, hour timestamp with time zone, from_at timestamp with time zone, to_at timestamp with time zone, marks bigint)
    LANGUAGE sql
    AS $$
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
CREATE FUNCTION probity.up_to_now(to_at timestamp with time zone) RETURNS timestamp with time zone
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ select least(to_at, greatest(now(), (select max(last_at) from probity.series))) $$;
CREATE FUNCTION probity.vendors_measured(from_at timestamp with time zone, to_at timestamp with time zone) RETURNS TABLE(vendor text, sla double precision, endpoints bigint, up_seconds double precision, down_seconds double precision, unobserved_seconds double precision, availability double precision, budget_seconds double precision, over_seconds double precision, judged_down_seconds double precision)
    LANGUAGE sql STABLE PARALLEL SAFE
    SET jit TO 'off'
    AS $$
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
CREATE FUNCTION probity.zone(name text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$ select case when name in ('', 'browser') then 'UTC' else name end $$;
CREATE AGGREGATE probity.sum_counts(jsonb) (
    SFUNC = probity.add_counts,
    STYPE = jsonb,
    INITCOND = '{}'
);
CREATE TABLE probity.call_daily (
    series_id integer NOT NULL,
    day timestamp with time zone NOT NULL,
    ok bigint NOT NULL,
    error bigint NOT NULL,
    unknown bigint NOT NULL,
    over_limit bigint NOT NULL,
    duration_sum double precision NOT NULL,
    latency jsonb NOT NULL
);
CREATE TABLE probity.call_hourly (
    series_id integer NOT NULL,
    hour timestamp with time zone NOT NULL,
    ok bigint NOT NULL,
    error bigint NOT NULL,
    unknown bigint NOT NULL,
    over_limit bigint NOT NULL,
    duration_sum double precision NOT NULL,
    latency jsonb NOT NULL
);
CREATE TABLE probity.call_minutes (
    target text NOT NULL,
    location text NOT NULL,
    caller text NOT NULL,
    version text NOT NULL,
    minute timestamp with time zone NOT NULL,
    ok integer NOT NULL,
    error integer NOT NULL,
    unknown integer NOT NULL,
    over_limit integer NOT NULL,
    duration_sum double precision NOT NULL,
    latency jsonb NOT NULL,
    writer text DEFAULT ''::text NOT NULL
)
PARTITION BY RANGE (minute);
CREATE TABLE probity.call_minutes_2026_11 (
    target text NOT NULL,
    location text NOT NULL,
    caller text NOT NULL,
    version text NOT NULL,
    minute timestamp with time zone NOT NULL,
    ok integer NOT NULL,
    error integer NOT NULL,
    unknown integer NOT NULL,
    over_limit integer NOT NULL,
    duration_sum double precision NOT NULL,
    latency jsonb NOT NULL,
    writer text DEFAULT ''::text NOT NULL
);
CREATE TABLE probity.call_minutes_2026_12 (
    target text NOT NULL,
    location text NOT NULL,
    caller text NOT NULL,
    version text NOT NULL,
    minute timestamp with time zone NOT NULL,
    ok integer NOT NULL,
    error integer NOT NULL,
    unknown integer NOT NULL,
    over_limit integer NOT NULL,
    duration_sum double precision NOT NULL,
    latency jsonb NOT NULL,
    writer text DEFAULT ''::text NOT NULL
);
CREATE TABLE probity.daily (
    series_id integer NOT NULL,
    day timestamp with time zone NOT NULL,
    checks integer NOT NULL,
    failures integer NOT NULL,
    duration_sum double precision NOT NULL,
    duration_max double precision NOT NULL,
    latency jsonb NOT NULL,
    reasons jsonb NOT NULL
);
CREATE TABLE probity.transitions (
    series_id integer NOT NULL,
    at timestamp with time zone NOT NULL,
    success boolean NOT NULL,
    reason text,
    message text,
    status smallint,
    before_at timestamp with time zone,
    before_reason text,
    before_message text,
    maintenance boolean DEFAULT false NOT NULL
);
CREATE TABLE probity.vendors (
    name text NOT NULL,
    sla double precision,
    excludes_maintenance boolean DEFAULT false NOT NULL,
    url text
);
CREATE VIEW probity.endpoints AS
 SELECT series.id AS series_id,
    COALESCE(NULLIF(series.vendor, ''::text), 'without a vendor'::text) AS vendor,
    series.target,
    series.location,
    vendors.sla,
    COALESCE(vendors.excludes_maintenance, false) AS excludes_maintenance,
    vendors.url,
    ( SELECT min(transitions.at) AS min
           FROM probity.transitions
          WHERE (transitions.series_id = series.id)) AS observed_from,
    (series.last_at + (series.last_interval * '00:00:01'::interval)) AS observed_to
   FROM (probity.series
     LEFT JOIN probity.vendors ON ((vendors.name = series.vendor)));
CREATE TABLE probity.gaps (
    series_id integer NOT NULL,
    starts_at timestamp with time zone NOT NULL,
    ends_at timestamp with time zone NOT NULL
);
CREATE TABLE probity.hourly (
    series_id integer NOT NULL,
    hour timestamp with time zone NOT NULL,
    checks integer NOT NULL,
    failures integer NOT NULL,
    duration_sum double precision NOT NULL,
    duration_max double precision NOT NULL,
    latency jsonb NOT NULL,
    reasons jsonb NOT NULL
);
CREATE VIEW probity.incidents AS
 SELECT first.series_id,
    series.target,
    series.location,
    first.at AS started_at,
    next.at AS ended_at,
    first.reason,
    first.message,
    first.status,
    COALESCE(next.before_at, series.last_at) AS last_failure_at,
        CASE
            WHEN (next.at IS NULL) THEN series.last_reason
            ELSE next.before_reason
        END AS last_reason,
        CASE
            WHEN (next.at IS NULL) THEN series.last_message
            ELSE next.before_message
        END AS last_message,
    first.maintenance
   FROM ((probity.transitions first
     JOIN probity.series ON ((series.id = first.series_id)))
     LEFT JOIN LATERAL ( SELECT later.series_id,
            later.at,
            later.success,
            later.reason,
            later.message,
            later.status,
            later.before_at,
            later.before_reason,
            later.before_message,
            later.maintenance
           FROM probity.transitions later
          WHERE ((later.series_id = first.series_id) AND (later.at > first.at))
          ORDER BY later.at
         LIMIT 1) next ON (true))
  WHERE (NOT first.success);
CREATE TABLE probity.maintenance_changes (
    series_id integer NOT NULL,
    at timestamp with time zone NOT NULL,
    maintenance boolean NOT NULL
);
CREATE VIEW probity.maintenances AS
 SELECT changes.series_id,
    changes.starts_at,
    changes.ends_at
   FROM ( SELECT maintenance_changes.series_id,
            maintenance_changes.at AS starts_at,
            maintenance_changes.maintenance,
            lead(maintenance_changes.at) OVER (PARTITION BY maintenance_changes.series_id ORDER BY maintenance_changes.at) AS ends_at
           FROM probity.maintenance_changes) changes
  WHERE changes.maintenance;
CREATE TABLE probity.migrations (
    number integer NOT NULL,
    name text NOT NULL
);
CREATE TABLE probity.probe_results (
    series_id integer NOT NULL,
    checked_at timestamp with time zone NOT NULL,
    duration_seconds double precision NOT NULL,
    interval_seconds double precision NOT NULL,
    success boolean NOT NULL,
    reason text,
    message text,
    status smallint,
    phases jsonb,
    maintenance boolean DEFAULT false NOT NULL
)
PARTITION BY RANGE (checked_at);
CREATE TABLE probity.probe_results_2026_11 (
    series_id integer NOT NULL,
    checked_at timestamp with time zone NOT NULL,
    duration_seconds double precision NOT NULL,
    interval_seconds double precision NOT NULL,
    success boolean NOT NULL,
    reason text,
    message text,
    status smallint,
    phases jsonb,
    maintenance boolean DEFAULT false NOT NULL
);
CREATE TABLE probity.probe_results_2026_12 (
    series_id integer NOT NULL,
    checked_at timestamp with time zone NOT NULL,
    duration_seconds double precision NOT NULL,
    interval_seconds double precision NOT NULL,
    success boolean NOT NULL,
    reason text,
    message text,
    status smallint,
    phases jsonb,
    maintenance boolean DEFAULT false NOT NULL
);
ALTER TABLE probity.series ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME probity.series_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE probity.touched (
    series_id integer NOT NULL,
    from_at timestamp with time zone NOT NULL,
    to_at timestamp with time zone NOT NULL
);
ALTER TABLE ONLY probity.call_minutes ATTACH PARTITION probity.call_minutes_2026_11 FOR VALUES FROM ('2026-11-01 00:00:00+00') TO ('2026-12-01 00:00:00+00');
ALTER TABLE ONLY probity.call_minutes ATTACH PARTITION probity.call_minutes_2026_12 FOR VALUES FROM ('2026-12-01 00:00:00+00') TO ('2027-01-01 00:00:00+00');
ALTER TABLE ONLY probity.probe_results ATTACH PARTITION probity.probe_results_2026_11 FOR VALUES FROM ('2026-11-01 00:00:00+00') TO ('2026-12-01 00:00:00+00');
ALTER TABLE ONLY probity.probe_results ATTACH PARTITION probity.probe_results_2026_12 FOR VALUES FROM ('2026-12-01 00:00:00+00') TO ('2027-01-01 00:00:00+00');
INSERT INTO probity.daily VALUES (6, '2026-11-29 00:00:00+00', 16, 16, 0, 0.013689924999999676, '{}', '{"dns": 16}');
INSERT INTO probity.daily VALUES (1, '2026-11-29 00:00:00+00', 16, 0, 0.3374671849999959, 0.18770175600000039, '{"-84": 1, "-188": 1, "-197": 1, "-200": 1, "-228": 1, "-237": 1, "-238": 2, "-241": 1, "-243": 1, "-252": 2, "-260": 1, "-268": 1, "-270": 1, "-277": 1}', '{}');
INSERT INTO probity.daily VALUES (7, '2026-11-29 00:00:00+00', 15, 0, 0.30800122400000873, 0.047740624999998545, '{"-153": 1, "-173": 1, "-186": 1, "-187": 1, "-189": 1, "-190": 1, "-195": 1, "-204": 1, "-209": 1, "-211": 1, "-212": 1, "-218": 2, "-227": 1, "-228": 1}', '{}');
INSERT INTO probity.daily VALUES (4, '2026-11-29 00:00:00+00', 16, 0, 0.0798070520000165, 0.013800351999998383, '{"-216": 1, "-226": 1, "-229": 1, "-243": 1, "-268": 1, "-281": 2, "-282": 1, "-284": 1, "-297": 1, "-298": 1, "-299": 1, "-307": 1, "-312": 1, "-315": 1, "-320": 1}', '{}');
INSERT INTO probity.daily VALUES (3, '2026-11-29 00:00:00+00', 2, 2, 0, 0.032531221000000186, '{}', '{"connect": 2}');
INSERT INTO probity.daily VALUES (2, '2026-11-29 00:00:00+00', 16, 0, 0, 0, '{"-697": 16}', '{}');
INSERT INTO probity.daily VALUES (5, '2026-11-29 00:00:00+00', 16, 16, 0, 0.0019010550000020884, '{}', '{"connect": 16}');
INSERT INTO probity.hourly VALUES (2, '2026-11-29 03:00:00+00', 16, 0, 0, 0, '{"-697": 16}', '{}');
INSERT INTO probity.hourly VALUES (4, '2026-11-29 03:00:00+00', 16, 0, 0.0798070520000165, 0.013800351999998383, '{"-216": 1, "-226": 1, "-229": 1, "-243": 1, "-268": 1, "-281": 2, "-282": 1, "-284": 1, "-297": 1, "-298": 1, "-299": 1, "-307": 1, "-312": 1, "-315": 1, "-320": 1}', '{}');
INSERT INTO probity.hourly VALUES (5, '2026-11-29 03:00:00+00', 16, 16, 0, 0.0019010550000020884, '{}', '{"connect": 16}');
INSERT INTO probity.hourly VALUES (6, '2026-11-29 03:00:00+00', 16, 16, 0, 0.013689924999999676, '{}', '{"dns": 16}');
INSERT INTO probity.hourly VALUES (7, '2026-11-29 03:00:00+00', 15, 0, 0.30800122400000873, 0.047740624999998545, '{"-153": 1, "-173": 1, "-186": 1, "-187": 1, "-189": 1, "-190": 1, "-195": 1, "-204": 1, "-209": 1, "-211": 1, "-212": 1, "-218": 2, "-227": 1, "-228": 1}', '{}');
INSERT INTO probity.hourly VALUES (3, '2026-11-29 03:00:00+00', 2, 2, 0, 0.032531221000000186, '{}', '{"connect": 2}');
INSERT INTO probity.hourly VALUES (1, '2026-11-29 03:00:00+00', 16, 0, 0.3374671849999959, 0.18770175600000039, '{"-84": 1, "-188": 1, "-197": 1, "-200": 1, "-228": 1, "-237": 1, "-238": 2, "-241": 1, "-243": 1, "-252": 2, "-260": 1, "-268": 1, "-270": 1, "-277": 1}', '{}');
INSERT INTO probity.migrations VALUES (5, 'schema.sql');
INSERT INTO probity.migrations VALUES (6, '006-marks.sql');
INSERT INTO probity.migrations VALUES (7, '007-vendors.sql');
INSERT INTO probity.migrations VALUES (0, 'functions f01c29f9fdb4fecf991d4677a7036fdcd5902f8940d1f47bc4e70371a0bdba09');
INSERT INTO probity.probe_results_2026_11 VALUES (1, '2026-11-29 03:54:28.465+00', 0.18770175600000039, 5, true, NULL, NULL, 200, '{"connect": 0.026100220000000264, "resolve": 0.00009061000000019703, "transfer": 0.0008795789999994668, "processing": 0.0445242130000006}', false);
INSERT INTO probity.probe_results_2026_11 VALUES (2, '2026-11-29 03:54:27.918+00', 0, 5, true, NULL, NULL, NULL, NULL, false);
INSERT INTO probity.probe_results_2026_11 VALUES (3, '2026-11-29 03:54:28.632+00', 0.032531221000000186, 60, false, 'connect', '127.0.0.1:53 refused the query: nothing is listening there (ECONNREFUSED)', NULL, '{"resolve": 0.0002653680000003078, "processing": 0.030728540000000068}', false);
INSERT INTO probity.probe_results_2026_11 VALUES (4, '2026-11-29 03:54:28.686+00', 0.010633531999999831, 5, true, NULL, NULL, 200, '{"connect": 0.0005267180000000735, "resolve": 0.00006051300000035553, "transfer": 0.0008253580000000511, "processing": 0.007426056999999674}', false);
INSERT INTO probity.probe_results_2026_11 VALUES (5, '2026-11-29 03:54:29.911+00', 0.0017402339999998732, 5, false, 'connect', '127.0.0.1:9 refused the connection (ECONNREFUSED)', NULL, '{"resolve": 0.0001691869999995106}', false);
INSERT INTO probity.probe_results_2026_11 VALUES (6, '2026-11-29 03:54:29.557+00', 0.013689924999999676, 5, false, 'dns', 'shop.example.com does not exist or has no address (ENOTFOUND)', NULL, '{"resolve": 0.013067488000000594}', false);
INSERT INTO probity.probe_results_2026_11 VALUES (7, '2026-11-29 03:54:31.125+00', 0.01574648200000047, 5, true, NULL, NULL, NULL, NULL, false);
INSERT INTO probity.probe_results_2026_11 VALUES (1, '2026-11-29 03:54:33.391+00', 0.018765884000000368, 5, true, NULL, NULL, 200, '{"connect": 0.010636397999998735, "resolve": 0.00014364899999964108, "transfer": 0.0004191659999996773, "processing": 0.0034538680000005114}', false);
INSERT INTO probity.probe_results_2026_11 VALUES (2, '2026-11-29 03:54:32.916+00', 0, 5, true, NULL, NULL, NULL, NULL, false);
INSERT INTO probity.probe_results_2026_11 VALUES (4, '2026-11-29 03:54:33.564+00', 0.0026696259999989705, 5, true, NULL, NULL, 200, '{"connect": 0.0005672240000003512, "resolve": 0.000047458999999435037, "transfer": 0.0003594339999999647, "processing": 0.0011156819999996515}', false);
INSERT INTO probity.probe_results_2026_11 VALUES (5, '2026-11-29 03:54:34.906+00', 0.0008941070000000763, 5, false, 'connect', '127.0.0.1:9 refused the connection (ECONNREFUSED)', NULL, '{"resolve": 0.0002340490000005957}', false);
INSERT INTO probity.probe_results_2026_11 VALUES (6, '2026-11-29 03:54:34.386+00', 0.0012184850000012376, 5, false, 'dns', 'shop.example.com does not exist or has no address (ENOTFOUND)', NULL, '{"resolve": 0.0010034020000002784}', false);
INSERT INTO probity.probe_results_2026_11 VALUES (7, '2026-11-29 03:54:36.122+00', 0.01326363499999934, 5, true, NULL, NULL, NULL, NULL, false);
INSERT INTO probity.probe_results_2026_11 VALUES (1, '2026-11-29 03:54:38.394+00', 0.006730461999999534, 5, true, NULL, NULL, 200, '{"connect": 0.0007168650000003254, "resolve": 0.0002455000000009022, "transfer": 0.00024561100000028093, "processing": 0.0009991040000004432}', false);
INSERT INTO probity.probe_results_2026_11 VALUES (2, '2026-11-29 03:54:37.916+00', 0, 5, true, NULL, NULL, NULL, NULL, false);
INSERT INTO probity.probe_results_2026_11 VALUES (4, '2026-11-29 03:54:38.564+00', 0.0035618000000013127, 5, true, NULL, NULL, 200, '{"connect": 0.0007094099999994796, "resolve": 0.00004094699999950535, "transfer": 0.0002919980000006035, "processing": 0.0019907029999994847}', false);
INSERT INTO probity.probe_results_2026_11 VALUES (5, '2026-11-29 03:54:39.907+00', 0.0009870609999998122, 5, false, 'connect', '127.0.0.1:9 refused the connection (ECONNREFUSED)', NULL, '{"resolve": 0.00015613300000040907}', false);
INSERT INTO probity.probe_results_2026_11 VALUES (6, '2026-11-29 03:54:39.386+00', 0.0014853259999999865, 5, false, 'dns', 'shop.example.com does not exist or has no address (ENOTFOUND)', NULL, '{"resolve": 0.0012285739999988437}', false);
INSERT INTO probity.probe_results_2026_11 VALUES (7, '2026-11-29 03:54:41.122+00', 0.047740624999998545, 5, true, NULL, NULL, NULL, NULL, false);
INSERT INTO probity.probe_results_2026_11 VALUES (1, '2026-11-29 03:54:43.391+00', 0.009134812000000238, 5, true, NULL, NULL, 200, '{"connect": 0.002923862999999983, "resolve": 0.0000365590000001248, "transfer": 0.0004336829999992915, "processing": 0.0011835399999981747}', false);
INSERT INTO probity.probe_results_2026_11 VALUES (2, '2026-11-29 03:54:42.916+00', 0, 5, true, NULL, NULL, NULL, NULL, false);
INSERT INTO probity.probe_results_2026_11 VALUES (4, '2026-11-29 03:54:43.564+00', 0.002771998000000167, 5, true, NULL, NULL, 200, '{"connect": 0.0004982049999998708, "resolve": 0.000038452000000688716, "transfer": 0.0003344469999974535, "processing": 0.0008534010000003036}', false);
INSERT INTO probity.probe_results_2026_11 VALUES (5, '2026-11-29 03:54:44.907+00', 0.0019010550000020884, 5, false, 'connect', '127.0.0.1:9 refused the connection (ECONNREFUSED)', NULL, '{"resolve": 0.0004213309999977355}', false);
INSERT INTO probity.probe_results_2026_11 VALUES (6, '2026-11-29 03:54:44.39+00', 0.003762475999999879, 5, false, 'dns', 'shop.example.com does not exist or has no address (ENOTFOUND)', NULL, '{"resolve": 0.0035051539999985835}', false);
INSERT INTO probity.probe_results_2026_11 VALUES (7, '2026-11-29 03:54:46.122+00', 0.023388263999997435, 5, true, NULL, NULL, NULL, NULL, false);
INSERT INTO probity.probe_results_2026_11 VALUES (1, '2026-11-29 03:54:48.398+00', 0.006686059999999998, 5, true, NULL, NULL, 200, '{"connect": 0.00040306600000258186, "resolve": 0.00011702000000150292, "transfer": 0.0005924009999980626, "processing": 0.0008848399999988033}', false);
INSERT INTO probity.probe_results_2026_11 VALUES (2, '2026-11-29 03:54:47.918+00', 0, 5, true, NULL, NULL, NULL, NULL, false);
INSERT INTO probity.probe_results_2026_11 VALUES (4, '2026-11-29 03:54:48.563+00', 0.004950533999999607, 5, true, NULL, NULL, 200, '{"connect": 0.0007800929999975778, "resolve": 0.000040585999999166236, "transfer": 0.00030069400000138556, "processing": 0.0032414389999976265}', false);
INSERT INTO probity.probe_results_2026_11 VALUES (5, '2026-11-29 03:54:49.906+00', 0.0007128260000026785, 5, false, 'connect', '127.0.0.1:9 refused the connection (ECONNREFUSED)', NULL, '{"resolve": 0.00006807800000024145}', false);
INSERT INTO probity.probe_results_2026_11 VALUES (6, '2026-11-29 03:54:49.386+00', 0.003725177000000258, 5, false, 'dns', 'shop.example.com does not exist or has no address (ENOTFOUND)', NULL, '{"resolve": 0.0034504110000016224}', false);
INSERT INTO probity.probe_results_2026_11 VALUES (7, '2026-11-29 03:54:51.182+00', 0.03235577199999898, 5, true, NULL, NULL, NULL, NULL, false);
INSERT INTO probity.probe_results_2026_11 VALUES (1, '2026-11-29 03:54:53.393+00', 0.008809622000000673, 5, true, NULL, NULL, 200, '{"connect": 0.0027670890000008512, "resolve": 0.000039794000000256345, "transfer": 0.00035906400000021676, "processing": 0.0006439270000009856}', false);
INSERT INTO probity.probe_results_2026_11 VALUES (2, '2026-11-29 03:54:52.916+00', 0, 5, true, NULL, NULL, NULL, NULL, false);
INSERT INTO probity.probe_results_2026_11 VALUES (4, '2026-11-29 03:54:53.576+00', 0.011323817000000418, 5, true, NULL, NULL, 200, '{"connect": 0.0058303549999982355, "resolve": 0.00004029599999921629, "transfer": 0.0003494559999999183, "processing": 0.004614003000002412}', false);
INSERT INTO probity.probe_results_2026_11 VALUES (5, '2026-11-29 03:54:54.918+00', 0.0009452730000011798, 5, false, 'connect', '127.0.0.1:9 refused the connection (ECONNREFUSED)', NULL, '{"resolve": 0.00009679199999663979}', false);
INSERT INTO probity.probe_results_2026_11 VALUES (6, '2026-11-29 03:54:54.386+00', 0.0012076449999985925, 5, false, 'dns', 'shop.example.com does not exist or has no address (ENOTFOUND)', NULL, '{"resolve": 0.0010051450000028127}', false);
INSERT INTO probity.probe_results_2026_11 VALUES (7, '2026-11-29 03:54:56.154+00', 0.017363884999998844, 5, true, NULL, NULL, NULL, NULL, false);
INSERT INTO probity.probe_results_2026_11 VALUES (1, '2026-11-29 03:54:58.39+00', 0.010864325999995345, 5, true, NULL, NULL, 200, '{"connect": 0.0007689220000029308, "resolve": 0.00003275099999882514, "transfer": 0.00033341500000096856, "processing": 0.0008899689999961992}', false);
INSERT INTO probity.probe_results_2026_11 VALUES (2, '2026-11-29 03:54:57.917+00', 0, 5, true, NULL, NULL, NULL, NULL, false);
INSERT INTO probity.probe_results_2026_11 VALUES (4, '2026-11-29 03:54:58.563+00', 0.0019244000000035158, 5, true, NULL, NULL, 200, '{"connect": 0.0003596049999978277, "resolve": 0.00003702999999950407, "transfer": 0.00027031700000225103, "processing": 0.0008909609999973327}', false);
INSERT INTO probity.probe_results_2026_11 VALUES (5, '2026-11-29 03:54:59.905+00', 0.0010023599999985891, 5, false, 'connect', '127.0.0.1:9 refused the connection (ECONNREFUSED)', NULL, '{"resolve": 0.00010592799999722046}', false);
INSERT INTO probity.probe_results_2026_11 VALUES (6, '2026-11-29 03:54:59.385+00', 0.0012739889999938895, 5, false, 'dns', 'shop.example.com does not exist or has no address (ENOTFOUND)', NULL, '{"resolve": 0.0010512319999979808}', false);
INSERT INTO probity.probe_results_2026_11 VALUES (7, '2026-11-29 03:55:01.122+00', 0.01327269299999898, 5, true, NULL, NULL, NULL, NULL, false);
INSERT INTO probity.probe_results_2026_11 VALUES (1, '2026-11-29 03:55:03.39+00', 0.02409041100000468, 5, true, NULL, NULL, 200, '{"connect": 0.00027612799999769775, "resolve": 0.000029125000000931323, "transfer": 0.0003080970000009984, "processing": 0.02032529999999679}', false);
INSERT INTO probity.probe_results_2026_11 VALUES (2, '2026-11-29 03:55:02.94+00', 0, 5, true, NULL, NULL, NULL, NULL, false);
INSERT INTO probity.probe_results_2026_11 VALUES (4, '2026-11-29 03:55:03.566+00', 0.0037791369999977177, 5, true, NULL, NULL, 200, '{"connect": 0.0003816960000040126, "resolve": 0.00003621799999382347, "transfer": 0.00035423399999854157, "processing": 0.002626015000001644}', false);
INSERT INTO probity.probe_results_2026_11 VALUES (5, '2026-11-29 03:55:04.906+00', 0.0015916950000028009, 5, false, 'connect', '127.0.0.1:9 refused the connection (ECONNREFUSED)', NULL, '{"resolve": 0.0005149059999966993}', false);
INSERT INTO probity.probe_results_2026_11 VALUES (6, '2026-11-29 03:55:04.385+00', 0.001340052999999898, 5, false, 'dns', 'shop.example.com does not exist or has no address (ENOTFOUND)', NULL, '{"resolve": 0.0010985799999980372}', false);
INSERT INTO probity.probe_results_2026_11 VALUES (7, '2026-11-29 03:55:06.122+00', 0.011159369000000878, 5, true, NULL, NULL, NULL, NULL, false);
INSERT INTO probity.probe_results_2026_11 VALUES (1, '2026-11-29 03:55:08.391+00', 0.005746236999999383, 5, true, NULL, NULL, 200, '{"connect": 0.0005731249999953434, "resolve": 0.00003465500000311295, "transfer": 0.0002319050000005518, "processing": 0.0007154219999938505}', false);
INSERT INTO probity.probe_results_2026_11 VALUES (2, '2026-11-29 03:55:07.916+00', 0, 5, true, NULL, NULL, NULL, NULL, false);
INSERT INTO probity.probe_results_2026_11 VALUES (4, '2026-11-29 03:55:08.564+00', 0.002712837999999465, 5, true, NULL, NULL, 200, '{"connect": 0.0007016159999984666, "resolve": 0.00004139800000120886, "transfer": 0.00034004799999820534, "processing": 0.0011874769999994897}', false);
INSERT INTO probity.probe_results_2026_11 VALUES (5, '2026-11-29 03:55:09.906+00', 0.0011563879999957863, 5, false, 'connect', '127.0.0.1:9 refused the connection (ECONNREFUSED)', NULL, '{"resolve": 0.00011430500000278698}', false);
INSERT INTO probity.probe_results_2026_11 VALUES (6, '2026-11-29 03:55:09.386+00', 0.0016200489999973796, 5, false, 'dns', 'shop.example.com does not exist or has no address (ENOTFOUND)', NULL, '{"resolve": 0.001153943999997864}', false);
INSERT INTO probity.probe_results_2026_11 VALUES (7, '2026-11-29 03:55:11.123+00', 0.022856976999995823, 5, true, NULL, NULL, NULL, NULL, false);
INSERT INTO probity.probe_results_2026_11 VALUES (1, '2026-11-29 03:55:13.391+00', 0.004750017999998818, 5, true, NULL, NULL, 200, '{"connect": 0.0006095029999996769, "resolve": 0.00003806099999928847, "transfer": 0.0002743140000020503, "processing": 0.0008002809999961755}', false);
INSERT INTO probity.probe_results_2026_11 VALUES (2, '2026-11-29 03:55:12.916+00', 0, 5, true, NULL, NULL, NULL, NULL, false);
INSERT INTO probity.probe_results_2026_11 VALUES (4, '2026-11-29 03:55:13.577+00', 0.013800351999998383, 5, true, NULL, NULL, 200, '{"connect": 0.008044237000001885, "resolve": 0.00005713699999614619, "transfer": 0.00028572499999427234, "processing": 0.005033661000001303}', false);
INSERT INTO probity.probe_results_2026_11 VALUES (5, '2026-11-29 03:55:14.905+00', 0.0007753840000004857, 5, false, 'connect', '127.0.0.1:9 refused the connection (ECONNREFUSED)', NULL, '{"resolve": 0.00008104199999797856}', false);
INSERT INTO probity.probe_results_2026_11 VALUES (6, '2026-11-29 03:55:14.386+00', 0.001355381999994279, 5, false, 'dns', 'shop.example.com does not exist or has no address (ENOTFOUND)', NULL, '{"resolve": 0.0010748659999953816}', false);
INSERT INTO probity.probe_results_2026_11 VALUES (7, '2026-11-29 03:55:16.122+00', 0.015119575999997324, 5, true, NULL, NULL, NULL, NULL, false);
INSERT INTO probity.probe_results_2026_11 VALUES (1, '2026-11-29 03:55:18.39+00', 0.004116731000001892, 5, true, NULL, NULL, 200, '{"connect": 0.00030076399999961725, "resolve": 0.00003051699999923585, "transfer": 0.00022143599999981234, "processing": 0.000932278000000224}', false);
INSERT INTO probity.probe_results_2026_11 VALUES (2, '2026-11-29 03:55:17.916+00', 0, 5, true, NULL, NULL, NULL, NULL, false);
INSERT INTO probity.probe_results_2026_11 VALUES (4, '2026-11-29 03:55:18.563+00', 0.001739653000004182, 5, true, NULL, NULL, 200, '{"connect": 0.0003504979999997886, "resolve": 0.000035285999998450276, "transfer": 0.00021671599999535828, "processing": 0.0008123640000048908}', false);
INSERT INTO probity.probe_results_2026_11 VALUES (5, '2026-11-29 03:55:19.906+00', 0.0014182500000024447, 5, false, 'connect', '127.0.0.1:9 refused the connection (ECONNREFUSED)', NULL, '{"resolve": 0.00018877400000201304}', false);
INSERT INTO probity.probe_results_2026_11 VALUES (6, '2026-11-29 03:55:19.386+00', 0.003162220999998681, 5, false, 'dns', 'shop.example.com does not exist or has no address (ENOTFOUND)', NULL, '{"resolve": 0.002903625999999349}', false);
INSERT INTO probity.probe_results_2026_11 VALUES (7, '2026-11-29 03:55:21.122+00', 0.024921589999998106, 5, true, NULL, NULL, NULL, NULL, false);
INSERT INTO probity.probe_results_2026_11 VALUES (1, '2026-11-29 03:55:23.391+00', 0.004929024000004574, 5, true, NULL, NULL, 200, '{"connect": 0.000938309000004665, "resolve": 0.000042058999999426306, "transfer": 0.00023379900000145427, "processing": 0.0007390159999995376}', false);
INSERT INTO probity.probe_results_2026_11 VALUES (2, '2026-11-29 03:55:22.916+00', 0, 5, true, NULL, NULL, NULL, NULL, false);
INSERT INTO probity.probe_results_2026_11 VALUES (4, '2026-11-29 03:55:23.563+00', 0.002072066000000632, 5, true, NULL, NULL, 200, '{"connect": 0.0006442879999958677, "resolve": 0.00003722899999411311, "transfer": 0.00026664000000164377, "processing": 0.0008000099999990198}', false);
INSERT INTO probity.probe_results_2026_11 VALUES (5, '2026-11-29 03:55:24.906+00', 0.0006651469999997061, 5, false, 'connect', '127.0.0.1:9 refused the connection (ECONNREFUSED)', NULL, '{"resolve": 0.0000757819999998901}', false);
INSERT INTO probity.probe_results_2026_11 VALUES (6, '2026-11-29 03:55:24.386+00', 0.001083411999999953, 5, false, 'dns', 'shop.example.com does not exist or has no address (ENOTFOUND)', NULL, '{"resolve": 0.0008820039999991422}', false);
INSERT INTO probity.probe_results_2026_11 VALUES (7, '2026-11-29 03:55:26.122+00', 0.014754992000001948, 5, true, NULL, NULL, NULL, NULL, false);
INSERT INTO probity.probe_results_2026_11 VALUES (3, '2026-11-29 03:55:28.417+00', 0.018394136999995682, 60, false, 'connect', '127.0.0.1:53 refused the query: nothing is listening there (ECONNREFUSED)', NULL, '{"resolve": 0.00017535900000075345, "processing": 0.017684056000005513}', false);
INSERT INTO probity.probe_results_2026_11 VALUES (1, '2026-11-29 03:55:28.391+00', 0.008049055999996198, 5, true, NULL, NULL, 200, '{"connect": 0.00047458999999798837, "resolve": 0.00003768099999433616, "transfer": 0.0006305829999982962, "processing": 0.0034146340000006602}', false);
INSERT INTO probity.probe_results_2026_11 VALUES (2, '2026-11-29 03:55:27.916+00', 0, 5, true, NULL, NULL, NULL, NULL, false);
INSERT INTO probity.probe_results_2026_11 VALUES (4, '2026-11-29 03:55:28.563+00', 0.0037575169999981882, 5, true, NULL, NULL, 200, '{"connect": 0.00036347099999693456, "resolve": 0.000042460000004211905, "transfer": 0.00048429799999576064, "processing": 0.002418706000004022}', false);
INSERT INTO probity.probe_results_2026_11 VALUES (5, '2026-11-29 03:55:29.906+00', 0.0007523010000004434, 5, false, 'connect', '127.0.0.1:9 refused the connection (ECONNREFUSED)', NULL, '{"resolve": 0.0000727270000061253}', false);
INSERT INTO probity.probe_results_2026_11 VALUES (6, '2026-11-29 03:55:29.385+00', 0.001284780000001774, 5, false, 'dns', 'shop.example.com does not exist or has no address (ENOTFOUND)', NULL, '{"resolve": 0.0009967599999945378}', false);
INSERT INTO probity.probe_results_2026_11 VALUES (7, '2026-11-29 03:55:31.122+00', 0.010768125000002328, 5, true, NULL, NULL, NULL, NULL, false);
INSERT INTO probity.probe_results_2026_11 VALUES (1, '2026-11-29 03:55:33.391+00', 0.019837564000001293, 5, true, NULL, NULL, 200, '{"connect": 0.011032531000004384, "resolve": 0.000038492000006954185, "transfer": 0.00031949000000895466, "processing": 0.003583950999993249}', false);
INSERT INTO probity.probe_results_2026_11 VALUES (2, '2026-11-29 03:55:32.915+00', 0, 5, true, NULL, NULL, NULL, NULL, false);
INSERT INTO probity.probe_results_2026_11 VALUES (4, '2026-11-29 03:55:33.566+00', 0.008115671000006841, 5, true, NULL, NULL, 200, '{"connect": 0.0006749160000035772, "resolve": 0.00003929299999435898, "transfer": 0.005978813000008813, "processing": 0.0008638599999976577}', false);
INSERT INTO probity.probe_results_2026_11 VALUES (5, '2026-11-29 03:55:34.905+00', 0.0006925190000038129, 5, false, 'connect', '127.0.0.1:9 refused the connection (ECONNREFUSED)', NULL, '{"resolve": 0.00006706600000325125}', false);
INSERT INTO probity.probe_results_2026_11 VALUES (6, '2026-11-29 03:55:34.386+00', 0.0011580319999920903, 5, false, 'dns', 'shop.example.com does not exist or has no address (ENOTFOUND)', NULL, '{"resolve": 0.0009522259999939707}', false);
INSERT INTO probity.probe_results_2026_11 VALUES (7, '2026-11-29 03:55:36.122+00', 0.020773240000009536, 5, true, NULL, NULL, NULL, NULL, false);
INSERT INTO probity.probe_results_2026_11 VALUES (1, '2026-11-29 03:55:38.391+00', 0.008951788999998826, 5, true, NULL, NULL, 200, '{"connect": 0.002283783000006224, "resolve": 0.00004874199999903794, "transfer": 0.00027504599999519995, "processing": 0.0035149720000044907}', false);
INSERT INTO probity.probe_results_2026_11 VALUES (2, '2026-11-29 03:55:37.916+00', 0, 5, true, NULL, NULL, NULL, NULL, false);
INSERT INTO probity.probe_results_2026_11 VALUES (4, '2026-11-29 03:55:38.562+00', 0.0022674320000078295, 5, true, NULL, NULL, 200, '{"connect": 0.0003755739999905927, "resolve": 0.0000394840000080876, "transfer": 0.0002883399999991525, "processing": 0.0012247070000012171}', false);
INSERT INTO probity.probe_results_2026_11 VALUES (5, '2026-11-29 03:55:39.905+00', 0.0007281360000051791, 5, false, 'connect', '127.0.0.1:9 refused the connection (ECONNREFUSED)', NULL, '{"resolve": 0.000060352999993483535}', false);
INSERT INTO probity.probe_results_2026_11 VALUES (6, '2026-11-29 03:55:39.385+00', 0.005162972999998601, 5, false, 'dns', 'shop.example.com does not exist or has no address (ENOTFOUND)', NULL, '{"resolve": 0.004917662000007112}', false);
INSERT INTO probity.probe_results_2026_11 VALUES (7, '2026-11-29 03:55:41.122+00', 0.024515999000010197, 5, true, NULL, NULL, NULL, NULL, false);
INSERT INTO probity.probe_results_2026_11 VALUES (1, '2026-11-29 03:55:43.39+00', 0.008303432999993674, 5, true, NULL, NULL, 200, '{"connect": 0.0003300889999954961, "resolve": 0.000032391000000643544, "transfer": 0.000327634000001126, "processing": 0.0050862489999999524}', false);
INSERT INTO probity.probe_results_2026_11 VALUES (2, '2026-11-29 03:55:42.915+00', 0, 5, true, NULL, NULL, NULL, NULL, false);
INSERT INTO probity.probe_results_2026_11 VALUES (4, '2026-11-29 03:55:43.565+00', 0.0037266789999994216, 5, true, NULL, NULL, 200, '{"connect": 0.0004341140000033192, "resolve": 0.00003749000000243541, "transfer": 0.00030326899999636223, "processing": 0.002589565999995102}', false);
INSERT INTO probity.probe_results_2026_11 VALUES (5, '2026-11-29 03:55:44.906+00', 0.0006177679999964312, 5, false, 'connect', '127.0.0.1:9 refused the connection (ECONNREFUSED)', NULL, '{"resolve": 0.000051666999992448835}', false);
INSERT INTO probity.probe_results_2026_11 VALUES (6, '2026-11-29 03:55:44.386+00', 0.0014124089999968418, 5, false, 'dns', 'shop.example.com does not exist or has no address (ENOTFOUND)', NULL, '{"resolve": 0.001189851000002818}', false);
INSERT INTO probity.probe_results_2026_11 VALUES (7, '2026-11-29 03:55:46.122+00', 0.040275093999996896, 5, true, NULL, NULL, NULL, NULL, false);
INSERT INTO probity.probe_results_2026_11 VALUES (1, '2026-11-29 03:55:48.39+00', 0.012447423999998137, 5, true, NULL, NULL, 200, '{"connect": 0.00047125400000368244, "resolve": 0.00004428300001018215, "transfer": 0.0003666079999966314, "processing": 0.005802643000002718}', false);
INSERT INTO probity.probe_results_2026_11 VALUES (2, '2026-11-29 03:55:47.916+00', 0, 5, true, NULL, NULL, NULL, NULL, false);
INSERT INTO probity.probe_results_2026_11 VALUES (4, '2026-11-29 03:55:48.563+00', 0.004488337999995565, 5, true, NULL, NULL, 200, '{"connect": 0.0005443609999929322, "resolve": 0.00005470300000160932, "transfer": 0.0003848609999986365, "processing": 0.0030723520000028657}', false);
INSERT INTO probity.probe_results_2026_11 VALUES (5, '2026-11-29 03:55:49.906+00', 0.0008884160000015982, 5, false, 'connect', '127.0.0.1:9 refused the connection (ECONNREFUSED)', NULL, '{"resolve": 0.00008480900000722613}', false);
INSERT INTO probity.probe_results_2026_11 VALUES (6, '2026-11-29 03:55:49.386+00', 0.001541410999998334, 5, false, 'dns', 'shop.example.com does not exist or has no address (ENOTFOUND)', NULL, '{"resolve": 0.0012717249999986962}', false);
INSERT INTO probity.probe_results_2026_11 VALUES (7, '2026-11-29 03:55:51.123+00', 0.019798440999991725, 5, true, NULL, NULL, NULL, NULL, false);
INSERT INTO probity.probe_results_2026_11 VALUES (1, '2026-11-29 03:55:53.391+00', 0.004964229999997769, 5, true, NULL, NULL, 200, '{"connect": 0.0007153319999924861, "resolve": 0.00003897299998789095, "transfer": 0.00025485800000024026, "processing": 0.0008130850000015925}', false);
INSERT INTO probity.probe_results_2026_11 VALUES (2, '2026-11-29 03:55:52.916+00', 0, 5, true, NULL, NULL, NULL, NULL, false);
INSERT INTO probity.probe_results_2026_11 VALUES (4, '2026-11-29 03:55:53.563+00', 0.0018638250000076368, 5, true, NULL, NULL, 200, '{"connect": 0.00037027499999385327, "resolve": 0.00003632800000195857, "transfer": 0.0002374850000051083, "processing": 0.0009119000000064262}', false);
INSERT INTO probity.series OVERRIDING SYSTEM VALUE VALUES (3, 'resolver', 'default', '{"team": "platform"}', '2026-11-29 03:55:28.417+00', 60, false, 'connect', '127.0.0.1:53 refused the query: nothing is listening there (ECONNREFUSED)', false, DEFAULT);
INSERT INTO probity.series OVERRIDING SYSTEM VALUE VALUES (1, 'login', 'default', '{"team": "platform"}', '2026-11-29 03:55:43.39+00', 5, true, NULL, NULL, false, DEFAULT);
INSERT INTO probity.series OVERRIDING SYSTEM VALUE VALUES (2, 'nightly', 'default', '{"team": "platform"}', '2026-11-29 03:55:42.915+00', 5, true, NULL, NULL, false, DEFAULT);
INSERT INTO probity.series OVERRIDING SYSTEM VALUE VALUES (4, 'web', 'default', '{"team": "platform", "vendor": "example"}', '2026-11-29 03:55:43.565+00', 5, true, NULL, NULL, false, DEFAULT);
INSERT INTO probity.series OVERRIDING SYSTEM VALUE VALUES (5, 'down', 'default', '{"team": "platform"}', '2026-11-29 03:55:44.906+00', 5, false, 'connect', '127.0.0.1:9 refused the connection (ECONNREFUSED)', false, DEFAULT);
INSERT INTO probity.series OVERRIDING SYSTEM VALUE VALUES (6, 'https://shop.example.com/', 'default', '{"team": "platform"}', '2026-11-29 03:55:44.386+00', 5, false, 'dns', 'shop.example.com does not exist or has no address (ENOTFOUND)', false, DEFAULT);
INSERT INTO probity.series OVERRIDING SYSTEM VALUE VALUES (7, 'shell', 'default', '{"team": "platform"}', '2026-11-29 03:55:41.122+00', 5, true, NULL, NULL, false, DEFAULT);
INSERT INTO probity.touched VALUES (7, '2026-11-29 03:55:46.122+00', '2026-11-29 03:55:46.122+00');
INSERT INTO probity.touched VALUES (2, '2026-11-29 03:55:47.916+00', '2026-11-29 03:55:47.916+00');
INSERT INTO probity.touched VALUES (1, '2026-11-29 03:55:48.39+00', '2026-11-29 03:55:48.39+00');
INSERT INTO probity.touched VALUES (4, '2026-11-29 03:55:48.563+00', '2026-11-29 03:55:48.563+00');
INSERT INTO probity.touched VALUES (6, '2026-11-29 03:55:49.386+00', '2026-11-29 03:55:49.386+00');
INSERT INTO probity.touched VALUES (5, '2026-11-29 03:55:49.906+00', '2026-11-29 03:55:49.906+00');
INSERT INTO probity.touched VALUES (7, '2026-11-29 03:55:51.123+00', '2026-11-29 03:55:51.123+00');
INSERT INTO probity.touched VALUES (2, '2026-11-29 03:55:52.916+00', '2026-11-29 03:55:52.916+00');
INSERT INTO probity.touched VALUES (1, '2026-11-29 03:55:53.391+00', '2026-11-29 03:55:53.391+00');
INSERT INTO probity.touched VALUES (4, '2026-11-29 03:55:53.563+00', '2026-11-29 03:55:53.563+00');
INSERT INTO probity.transitions VALUES (1, '2026-11-29 03:54:28.465+00', true, NULL, NULL, 200, NULL, NULL, NULL, false);
INSERT INTO probity.transitions VALUES (2, '2026-11-29 03:54:27.918+00', true, NULL, NULL, NULL, NULL, NULL, NULL, false);
INSERT INTO probity.transitions VALUES (3, '2026-11-29 03:54:28.632+00', false, 'connect', '127.0.0.1:53 refused the query: nothing is listening there (ECONNREFUSED)', NULL, NULL, NULL, NULL, false);
INSERT INTO probity.transitions VALUES (4, '2026-11-29 03:54:28.686+00', true, NULL, NULL, 200, NULL, NULL, NULL, false);
INSERT INTO probity.transitions VALUES (5, '2026-11-29 03:54:29.911+00', false, 'connect', '127.0.0.1:9 refused the connection (ECONNREFUSED)', NULL, NULL, NULL, NULL, false);
INSERT INTO probity.transitions VALUES (6, '2026-11-29 03:54:29.557+00', false, 'dns', 'shop.example.com does not exist or has no address (ENOTFOUND)', NULL, NULL, NULL, NULL, false);
INSERT INTO probity.transitions VALUES (7, '2026-11-29 03:54:31.125+00', true, NULL, NULL, NULL, NULL, NULL, NULL, false);
INSERT INTO probity.vendors VALUES ('example', 0.999, true, 'https://status.example.com');
SELECT pg_catalog.setval('probity.series_id_seq', 7, true);
ALTER TABLE ONLY probity.call_daily
    ADD CONSTRAINT call_daily_pkey PRIMARY KEY (series_id, day);
ALTER TABLE ONLY probity.call_hourly
    ADD CONSTRAINT call_hourly_pkey PRIMARY KEY (series_id, hour);
ALTER TABLE ONLY probity.call_minutes
    ADD CONSTRAINT call_minutes_pkey PRIMARY KEY (target, location, caller, version, minute, writer);
ALTER TABLE ONLY probity.call_minutes_2026_11
    ADD CONSTRAINT call_minutes_2026_11_pkey PRIMARY KEY (target, location, caller, version, minute, writer);
ALTER TABLE ONLY probity.call_minutes_2026_12
    ADD CONSTRAINT call_minutes_2026_12_pkey PRIMARY KEY (target, location, caller, version, minute, writer);
ALTER TABLE ONLY probity.daily
    ADD CONSTRAINT daily_pkey PRIMARY KEY (series_id, day);
ALTER TABLE ONLY probity.gaps
    ADD CONSTRAINT gaps_pkey PRIMARY KEY (series_id, ends_at);
ALTER TABLE ONLY probity.hourly
    ADD CONSTRAINT hourly_pkey PRIMARY KEY (series_id, hour);
ALTER TABLE ONLY probity.maintenance_changes
    ADD CONSTRAINT maintenance_changes_pkey PRIMARY KEY (series_id, at);
ALTER TABLE ONLY probity.migrations
    ADD CONSTRAINT migrations_pkey PRIMARY KEY (number);
ALTER TABLE ONLY probity.probe_results
    ADD CONSTRAINT probe_results_pkey PRIMARY KEY (series_id, checked_at);
ALTER TABLE ONLY probity.probe_results_2026_11
    ADD CONSTRAINT probe_results_2026_11_pkey PRIMARY KEY (series_id, checked_at);
ALTER TABLE ONLY probity.probe_results_2026_12
    ADD CONSTRAINT probe_results_2026_12_pkey PRIMARY KEY (series_id, checked_at);
ALTER TABLE ONLY probity.series
    ADD CONSTRAINT series_pkey PRIMARY KEY (id);
ALTER TABLE ONLY probity.series
    ADD CONSTRAINT series_target_location_vendor_key UNIQUE (target, location, vendor);
ALTER TABLE ONLY probity.transitions
    ADD CONSTRAINT transitions_pkey PRIMARY KEY (series_id, at);
ALTER TABLE ONLY probity.vendors
    ADD CONSTRAINT vendors_pkey PRIMARY KEY (name);
CREATE INDEX call_daily_day ON probity.call_daily USING btree (day);
CREATE INDEX call_hourly_hour ON probity.call_hourly USING btree (hour);
CREATE INDEX daily_day ON probity.daily USING btree (day);
CREATE INDEX hourly_failed ON probity.hourly USING btree (hour) INCLUDE (series_id, failures) WHERE (failures > 0);
CREATE INDEX hourly_hour ON probity.hourly USING btree (hour);
CREATE INDEX touched_from ON probity.touched USING btree (from_at, series_id);
ALTER INDEX probity.call_minutes_pkey ATTACH PARTITION probity.call_minutes_2026_11_pkey;
ALTER INDEX probity.call_minutes_pkey ATTACH PARTITION probity.call_minutes_2026_12_pkey;
ALTER INDEX probity.probe_results_pkey ATTACH PARTITION probity.probe_results_2026_11_pkey;
ALTER INDEX probity.probe_results_pkey ATTACH PARTITION probity.probe_results_2026_12_pkey;
