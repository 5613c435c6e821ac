-- Everything that the fleet server must still know after it was killed.

create table users (
  id text primary key,
  name text not null unique,
  display_name text not null,
  role text not null check (role in ('nurse', 'clinician', 'engineer', 'administrator')),
  password_hash text not null,
  is_demo boolean not null default false,
  created_at timestamptz(3) not null
);

-- Only the hash of a session's token is kept: who reads the database cannot sign in with it.
create table sessions (
  token_hash text primary key,
  user_id text not null references users (id) on delete cascade,
  created_at timestamptz(3) not null,
  expires_at timestamptz(3) not null
);

create table robots (
  id text primary key,
  manufacturer text not null,
  serial_number text not null,
  -- Of the MQTT password; null where an outside broker keeps the credentials.
  password_hash text,
  -- Where it waited when it was first seen: { levelId, x, y, theta }.
  home json,
  registered_at timestamptz(3) not null
);

create table rooms (
  id text primary key,
  -- A name that a person gave it; null: as in the plan.
  name text,
  state text not null,
  since timestamptz(3) not null,
  reason text,
  request_id text,
  mission_id text
);

create table requests (
  id text primary key,
  room_id text not null,
  organism_id text not null,
  target_log double precision not null,
  due_at timestamptz(3),
  status text not null,
  failure text,
  requested_by text not null,
  requested_by_id text not null,
  requested_at timestamptz(3) not null,
  approved_by text,
  approved_at timestamptz(3),
  mission_id text,
  planned_s double precision,
  plan json
);

create index requests_by_room on requests (room_id);
create index requests_by_time on requests (requested_at);

create table missions (
  id text primary key,
  -- A request becomes one mission, however often it is approved.
  request_id text not null unique references requests (id),
  room_id text not null,
  level_id text not null,
  robot_id text not null references robots (id),
  organism_id text not null,
  target_log double precision not null,
  plan json not null,
  -- The VDA 5050 order as first published; it is published again, unchanged, until the robot confirms it.
  treatment_order json not null,
  is_order_confirmed boolean not null default false,
  phase text not null,
  phase_since timestamptz(3) not null,
  progress json not null,
  stop_requested_by text,
  stop_requested_at timestamptz(3),
  verdict text,
  outcome text,
  ordered_at timestamptz(3) not null,
  updated_at timestamptz(3) not null,
  finished_at timestamptz(3),
  -- The robot's evidence, byte for byte as it came.
  report_text text,
  report_problem text,
  reported_at timestamptz(3),
  released_by text,
  released_at timestamptz(3),
  release_note text,
  missed_surfaces_wiped boolean,
  -- The way home afterwards.
  return_state text not null default 'none',
  return_order json,
  return_due_until timestamptz(3)
);

-- A robot does one mission at a time, and a room suffers one.
create unique index missions_running_by_robot on missions (robot_id) where finished_at is null;
create unique index missions_running_by_room on missions (room_id) where finished_at is null;
create index missions_by_time on missions (ordered_at);
