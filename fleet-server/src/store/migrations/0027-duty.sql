-- Browsers of people on duty, who are told of alarms on them.

create table duty_devices (
  id text primary key,
  user_id text not null,
  -- Address at a push service, and what is encrypted with for it alone (RFC 8030, RFC 8291).
  endpoint text not null unique,
  p256dh text not null,
  auth text not null,
  on_duty_until timestamptz(3) not null
);
create index duty_devices_of_user on duty_devices (user_id);
create trigger audit after insert or update or delete on duty_devices
  for each row execute function audit_change('id', 'user_id,on_duty_until');

-- Key pair by which push services know this server (RFC 8292).
alter table notification_rules add column push_keys json;

-- Either is told.
alter table notifications alter column webhook_url drop not null;
alter table notifications add column device_id text;
alter table notifications add check ((webhook_url is null) <> (device_id is null));
