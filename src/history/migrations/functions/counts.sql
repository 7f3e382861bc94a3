-- Counts: how often each duration occurred, in buckets, and the numbers of a period. Compiling queries
-- of dashboards takes longer than running them, so `jit` is off here and in the other files.

-- Bucket i holds what is above 1.02^(i-1) seconds and at most 1.02^i: a quantile read off it is within 1 %.
create or replace function probity.latency_bucket(seconds double precision) returns integer
language sql immutable parallel safe
as $$ select ceil(ln(greatest(seconds, 0.000001)) / ln(1.02::double precision))::integer $$;

-- The seconds that stand for a bucket: their relative distance to both of its bounds is the same.
create or replace function probity.bucket_seconds(bucket integer) returns double precision
language sql immutable parallel safe
as $$ select 2 * power(1.02::double precision, bucket) / 2.02 $$;

-- Adds the numbers of two objects, key by key.
create or replace function probity.add_counts(one jsonb, other jsonb) returns jsonb
language sql immutable parallel safe
as $$
  select coalesce(jsonb_object_agg(key, n), '{}') from (
    select key, sum(value::bigint) as n
    from (select * from jsonb_each_text(one) union all select * from jsonb_each_text(other)) counts
    group by key
  ) added
$$;

create or replace aggregate probity.sum_counts(jsonb) (sfunc = probity.add_counts, stype = jsonb, initcond = '{}');

-- Checks of a period: whole days from the days, the rest from the hours that begin in it. Grafana ends a period a millisecond
-- before the next.
create or replace function probity.counted(from_at timestamptz, to_at timestamptz)
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
create or replace function probity.check_buckets(from_at timestamptz, to_at timestamptz)
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
create or replace function probity.calls_counted(from_at timestamptz, to_at timestamptz)
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
