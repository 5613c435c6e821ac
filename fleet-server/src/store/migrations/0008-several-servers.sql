-- Which of several server processes decides.

-- One row. Its epoch counts the terms: what a server of an older term still tries to write is refused by it.
create table leadership (
  id integer primary key,
  -- Names what the servers of this database share on a broker.
  cluster_id text not null,
  -- By which they know each other; never in a log.
  secret text not null,
  epoch integer not null default 0,
  server_id text,
  -- Where the others reach it.
  url text,
  since timestamptz(3)
);
