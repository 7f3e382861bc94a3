-- What several exporters have heard of the jobs that call: each writes what it receives, and reads what the others wrote.
create table probity.heartbeats (
  target text primary key,
  -- As src/checks/heartbeat/state.ts has it.
  state jsonb not null,
  -- Grows with each change, so that none overwrites what it has not seen.
  version bigint not null default 1,
  changed_at timestamptz not null default clock_timestamp()
);
