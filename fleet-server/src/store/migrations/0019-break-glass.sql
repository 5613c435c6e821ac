-- In an emergency somebody sees the rooms of every ward, for a time, and says why.

alter table sessions add column glass_broken_until timestamptz(3);
alter table sessions add column glass_reason text;
create trigger audit after update of glass_reason on sessions
  for each row execute function audit_change('id', 'user_id,glass_broken_until,glass_reason');
