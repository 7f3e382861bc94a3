-- Raw rows are kept in a partition for each month, so that dropping old ones costs nothing.

-- Makes the partitions for the months from one time to another.
create or replace function probity.make_partitions(from_at timestamptz, to_at timestamptz) returns void
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
create or replace function probity.forget(raw_before timestamptz, hourly_before timestamptz) returns void
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
  delete from probity.call_hourly where hour < hourly_before;
  delete from probity.marks where at < hourly_before;
  delete from probity.command_runs where started_at < hourly_before;
  delete from probity.silences where ends_at < hourly_before;
  -- What a vendor said last still holds.
  delete from probity.vendor_states old where at < hourly_before
    and exists (select from probity.vendor_states later where later.vendor = old.vendor and later.at > old.at);
end $$;
