-- As it was, but what counts against a promise that is without maintenance is without the time in it.
create or replace function probity.measured(from_at timestamptz, to_at timestamptz)
returns table (
  series_id integer, vendor text, target text, location text, sla double precision,
  up_seconds double precision, down_seconds double precision, unobserved_seconds double precision,
  judged_up_seconds double precision, judged_down_seconds double precision
)
language sql stable parallel safe set jit = off
as $$
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
