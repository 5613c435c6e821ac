-- Who drives where, as it was sent last.

-- One row: KeptTraffic of domain/traffic.
create table traffic (
  id text primary key,
  graph_key text not null,
  kept json not null,
  changed_at timestamptz(3) not null
);
