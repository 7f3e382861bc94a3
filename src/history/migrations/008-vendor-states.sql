-- What vendors say of themselves: a row for each change that was seen.
create table probity.vendor_states (
  vendor text not null,
  at timestamptz not null,
  state text not null,
  primary key (vendor, at)
);
