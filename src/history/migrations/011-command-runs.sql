-- What command channels ran for alerts. Whether it helped is not stored: the checks next to it say so.
create table probity.command_runs (
  id uuid primary key,
  channel text not null,
  alertname text not null,
  target text not null,
  location text not null,
  vendor text not null,
  fingerprint text not null,
  alert_started_at timestamptz not null,
  occasion text not null,
  repairs boolean not null,
  about_failure boolean not null,
  started_at timestamptz not null,
  duration_seconds double precision not null,
  outcome text not null,
  exit_code smallint,
  failure text,
  output text not null
);
create index command_runs_started on probity.command_runs (started_at);
