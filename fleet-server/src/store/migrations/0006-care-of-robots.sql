-- Which robots are in service, and what people have to see of them.

-- RobotService of core/fleet; null: nobody has ever taken it out of service.
alter table robots add column service json;

-- AlarmView of core/fleet. Those that are over stay, for who asks later.
create table alarms (
  id text primary key,
  -- `robot/ID` or `mission/ID`.
  source text not null,
  robot_id text not null,
  raised_at timestamptz(3) not null,
  -- When its cause was gone and somebody had seen it; null: it is open.
  over_at timestamptz(3),
  alarm json not null
);
create index alarms_by_date on alarms (raised_at);
create index alarms_open on alarms (over_at) where over_at is null;
