-- A target whose vendor changes keeps what was seen of it under the vendor that it had then: from now on it has one series for each.
-- What is stored already is that of the vendor that it had last.
alter table probity.series
  add column vendor text not null generated always as (coalesce(labels ->> 'vendor', '')) stored;
alter table probity.series drop constraint series_target_location_key;
alter table probity.series add constraint series_target_location_vendor_key unique (target, location, vendor);
