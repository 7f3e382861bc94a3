-- Joins what is stored of a target under its former names, as seen from one place: afterwards all of it is stored under the new one.
-- Rows of the same moment are there once. Returns how many series were joined.
create or replace function probity.join_names(new_name text, former_names text[], at_location text) returns integer
language plpgsql as $$
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
    update probity.command_runs set target = new_name
      where target = former.target and location in (at_location, '');
    joined := joined + 1;
  end loop;
  return joined;
end $$;

-- Gives what is stored of a former series to the present one. What is computed from rows that are still there is computed again.
create or replace function probity.join_series(present integer, former probity.series) returns void
language plpgsql as $$
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
