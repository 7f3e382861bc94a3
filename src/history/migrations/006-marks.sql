-- Marks are taken from the oldest on. Those of earlier versions may stand for more than an hour: those are split when they are taken.
create index touched_from on probity.touched (from_at, series_id);

-- They computed whole stretches of one series at once.
drop function if exists probity.roll(integer, integer);
drop function if exists probity.roll_series(integer, timestamptz, timestamptz);
drop function if exists probity.roll_days(integer, timestamptz, timestamptz);
