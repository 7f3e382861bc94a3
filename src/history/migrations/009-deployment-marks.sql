-- What people and programs say has changed: deployments, releases, new versions.
create table probity.marks (
  id bigint generated always as identity primary key,
  at timestamptz not null,
  title text not null,
  source text not null,
  url text,
  -- About a target, about those with these labels, or, without either, about all of them.
  target text,
  labels jsonb
);
create index marks_at on probity.marks (at);
