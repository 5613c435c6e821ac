-- Whom the server tells of alarms, and what became of it.

create table notification_rules (
  id integer primary key check (id = 1),
  rules json not null,
  -- Key by which who is told knows the server.
  secret text not null,
  changed_at timestamptz(3) not null
);
create trigger audit after insert or update or delete on notification_rules
  for each row execute function audit_change('id', 'rules');

create table notifications (
  id text primary key,
  alarm_id text not null,
  rule_key text not null,
  due_at timestamptz(3) not null,
  webhook_url text not null,
  body json not null,
  status text not null check (status in ('waiting', 'told', 'over')),
  tries integer not null,
  problem text,
  next_try_at timestamptz(3) not null,
  -- Nobody is told twice of one step of an alarm.
  unique (alarm_id, rule_key)
);
create index notifications_waiting on notifications (next_try_at) where status = 'waiting';
