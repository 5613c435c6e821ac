-- Zones that people have. Rows stay, for who asks later.

create table zone_holds (
  id text primary key,
  zone_id text not null,
  reason text not null,
  held_by text not null,
  since timestamptz(3) not null,
  until timestamptz(3) not null,
  -- Before its end, by a person; null: it ended by itself, or has not yet.
  released_by text,
  released_at timestamptz(3)
);
create index zone_holds_open on zone_holds (until) where released_at is null;
