-- The tables of schema 5, with which a new database begins. It is not edited any more: a change is a file with the next number
-- next to it (006-WHAT.sql), which is run once. Functions and views are in functions/, and are edited where they are.
--
-- Everything is in its own schema, so that Probity can share a database. Months, days and hours are those of UTC.

-- One check of one target from one place. last_* is the newest check, kept when the rows themselves are gone.
create table probity.series (
  id integer generated always as identity primary key,
  target text not null,
  location text not null,
  labels jsonb not null default '{}',
  last_at timestamptz,
  last_interval double precision,
  last_success boolean,
  last_reason text,
  last_message text,
  last_maintenance boolean,
  unique (target, location)
);

create table probity.probe_results (
  series_id integer not null,
  checked_at timestamptz not null,
  duration_seconds double precision not null,
  interval_seconds double precision not null,
  success boolean not null,
  reason text,
  message text,
  status smallint,
  phases jsonb,
  maintenance boolean not null default false,
  primary key (series_id, checked_at)
) partition by range (checked_at);

-- What programs say of their own calls, per minute. Each process counts for itself: writer is its name, so that the same minute
-- of several processes adds up, while a row that is written twice is there once.
create table probity.call_minutes (
  target text not null,
  location text not null,
  caller text not null,
  version text not null,
  minute timestamptz not null,
  ok integer not null,
  error integer not null,
  unknown integer not null,
  over_limit integer not null,
  duration_sum double precision not null,
  latency jsonb not null,
  writer text not null default '',
  primary key (target, location, caller, version, minute, writer)
) partition by range (minute);

-- Which times have new rows that are in no rollup yet. Written with the rows, in one transaction; nothing is updated, so
-- that several writers never wait for each other.
create table probity.touched (
  series_id integer not null,
  from_at timestamptz not null,
  to_at timestamptz not null
);

-- The first check of a series, and each whose outcome differs from the one before. maintenance says whether it was made in one.
create table probity.transitions (
  series_id integer not null,
  at timestamptz not null,
  success boolean not null,
  reason text,
  message text,
  status smallint,
  before_at timestamptz,
  before_reason text,
  before_message text,
  maintenance boolean not null default false,
  primary key (series_id, at)
);

-- Time in which nothing was seen: between two checks that are more than two intervals apart, from the moment at which
-- the second should have been made.
create table probity.gaps (
  series_id integer not null,
  starts_at timestamptz not null,
  ends_at timestamptz not null,
  primary key (series_id, ends_at)
);

-- The first check within a maintenance, and the first after it.
create table probity.maintenance_changes (
  series_id integer not null,
  at timestamptz not null,
  maintenance boolean not null,
  primary key (series_id, at)
);

-- latency counts successful checks per bucket, reasons counts failed ones per reason.
create table probity.hourly (
  series_id integer not null,
  hour timestamptz not null,
  checks integer not null,
  failures integer not null,
  duration_sum double precision not null,
  duration_max double precision not null,
  latency jsonb not null,
  reasons jsonb not null,
  primary key (series_id, hour)
);
create index hourly_hour on probity.hourly (hour);

-- Hours in which checks failed are few: dashboards count them by the hour of the day.
create index hourly_failed on probity.hourly (hour) include (series_id, failures) where failures > 0;

create table probity.daily (
  series_id integer not null,
  day timestamptz not null,
  checks integer not null,
  failures integer not null,
  duration_sum double precision not null,
  duration_max double precision not null,
  latency jsonb not null,
  reasons jsonb not null,
  primary key (series_id, day)
);
create index daily_day on probity.daily (day);

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

-- What vendors promise, as the newest configuration has it. sla is 0 to 1, and null where nothing is promised.
create table probity.vendors (
  name text primary key,
  sla double precision,
  excludes_maintenance boolean not null default false,
  url text
);
