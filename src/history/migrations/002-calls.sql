-- Calls are counted by each process for itself. Its name is part of the key, so that the same minute of several processes adds up,
-- while a row that is written twice is there once.
alter table probity.call_minutes drop constraint call_minutes_pkey;
alter table probity.call_minutes add column writer text not null default '';
alter table probity.call_minutes add primary key (target, location, caller, version, minute, writer);

-- The minutes added up, for all callers together. latency counts what did not fail, in the buckets of probity.latency_bucket.
create table probity.call_hourly (
  series_id integer not null,
  hour timestamptz not null,
  ok bigint not null,
  error bigint not null,
  unknown bigint not null,
  over_limit bigint not null,
  duration_sum double precision not null,
  latency jsonb not null,
  primary key (series_id, hour)
);
create index call_hourly_hour on probity.call_hourly (hour);

create table probity.call_daily (
  series_id integer not null,
  day timestamptz not null,
  ok bigint not null,
  error bigint not null,
  unknown bigint not null,
  over_limit bigint not null,
  duration_sum double precision not null,
  latency jsonb not null,
  primary key (series_id, day)
);
create index call_daily_day on probity.call_daily (day);

-- Adds the numbers of two objects, key by key.
create function probity.add_counts(one jsonb, other jsonb) returns jsonb
language sql immutable parallel safe
as $$
  select coalesce(jsonb_object_agg(key, n), '{}') from (
    select key, sum(value::bigint) as n
    from (select * from jsonb_each_text(one) union all select * from jsonb_each_text(other)) counts
    group by key
  ) added
$$;

create aggregate probity.sum_counts(jsonb) (sfunc = probity.add_counts, stype = jsonb, initcond = '{}');

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
end $$;
