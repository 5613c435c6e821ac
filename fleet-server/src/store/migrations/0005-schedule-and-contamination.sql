-- When rooms are treated, and who carries what.

-- Appended, never changed: ContaminationEvent of domain/contamination.
create table contamination_events (
  sequence integer generated always as identity primary key,
  at timestamptz(3) not null,
  event json not null
);

create table schedule_plans (
  id text primary key,
  -- NewSchedulePlan of core/fleet.
  plan json not null,
  status text not null,
  created_by text not null,
  created_by_id text not null,
  created_at timestamptz(3) not null,
  -- Every date up to here has been decided on.
  decided_until timestamptz(3) not null
);

-- One row for each date and room; what became of it.
create table schedule_runs (
  plan_id text not null,
  room_id text not null,
  scheduled_at timestamptz(3) not null,
  decision text not null,
  reason text,
  request_id text,
  decided_at timestamptz(3) not null,
  primary key (plan_id, room_id, scheduled_at)
);
create index schedule_runs_by_request on schedule_runs (request_id);
create index schedule_runs_by_date on schedule_runs (scheduled_at);

-- One row: ScheduleHours of core/fleet.
create table schedule_hours (
  id text primary key,
  hours json not null,
  changed_by text not null,
  changed_at timestamptz(3) not null
);
