-- Who gets the news of public pages by e-mail. Several processes may send: each takes a row, by moving next_at, before it sends.
create table probity.subscribers (
  id uuid primary key default gen_random_uuid(),
  page text not null,
  address text not null,
  asked_at timestamptz not null,
  -- Mails with a link that were asked for since, and when the newest was sent.
  asked smallint not null default 1,
  linked_at timestamptz,
  -- Null until the link was used.
  confirmed_at timestamptz,
  -- The newest news that was sent: an id of probity.page_news.
  sent_up_to bigint not null default 0,
  -- When a mail may be sent; null where none is owed.
  next_at timestamptz,
  attempts smallint not null default 0
);
create unique index subscribers_address on probity.subscribers (page, lower(address));
create index subscribers_next on probity.subscribers (next_at);

-- What is new on public pages. Each is there once, so that it is sent once, whichever process sees it first.
create table probity.page_news (
  id bigint generated always as identity primary key,
  page text not null,
  key text not null,
  seen_at timestamptz not null,
  -- Null where it was there before somebody could subscribe: it is not sent.
  news jsonb,
  unique (page, key)
);

-- The outages that subscribers know of, and the location that has seen them: another may see something else.
create table probity.page_outages (
  page text not null,
  target text not null,
  location text not null,
  since timestamptz not null,
  seen_at timestamptz not null,
  primary key (page, target)
);

-- Secrets that all processes on this database share.
create table probity.secrets (
  name text primary key,
  secret text not null
);

-- Silences and acknowledgements, also those that have ended, for reports.
create table probity.silences (
  id text primary key,
  -- Of the process that has seen it: others may not know of it.
  location text not null,
  -- In the syntax of Alertmanager.
  match text not null,
  -- The alert that somebody takes care of; null where it is about whatever matches.
  alertname text,
  -- The targets that were silenced, with some of their alerts or with all.
  targets text[] not null,
  starts_at timestamptz not null,
  ends_at timestamptz not null,
  created_by text not null,
  comment text not null
);
create index silences_ends on probity.silences (ends_at);
