-- What one shift has handed to the next one, by ward.

create table hand_overs (
  id text primary key,
  ward text not null,
  -- As it was then; it never changes.
  summary json not null,
  notes text not null,
  given_by text not null,
  given_by_id text not null,
  given_at timestamptz(3) not null,
  taken_by text,
  taken_by_id text,
  taken_at timestamptz(3)
);
create index hand_overs_of_ward on hand_overs (ward, given_at desc);
-- Without the notes: the audit record is never forgotten, and what somebody writes there in error must be.
create trigger audit after insert or update or delete on hand_overs
  for each row execute function audit_change('id', 'ward,given_by,given_by_id,given_at,taken_by,taken_by_id,taken_at');
