-- Recipes of the hospital's own, and what people confirmed, approved and signed by them.

create table hospital_protocols (
  id text not null,
  version integer not null,
  -- Protocol of core/disinfection. A version is never changed.
  protocol json not null,
  added_by text not null,
  added_at timestamptz(3) not null,
  primary key (id, version)
);

-- The whole recipe as it was when the room was asked for; null: organism and target were chosen by hand.
alter table requests add column protocol json;
-- The dose that its recipe asks for in place of a log reduction.
alter table requests add column target_mj_per_cm2 double precision;
-- ConfirmationView[] and SignatureView[] of core/fleet.
alter table requests add column confirmations json not null default '[]';
alter table requests add column approvals json not null default '[]';

alter table missions add column protocol json;
alter table missions add column confirmations json not null default '[]';
alter table missions add column signatures json not null default '[]';

-- Until now one nurse approved, and one nurse signed. Which account it was has not been kept.
update requests set approvals = json_build_array(json_build_object(
  'by', approved_by, 'userId', '', 'role', 'nurse', 'note', null,
  'at', to_char(approved_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
)) where approved_by is not null and approved_at is not null;
update missions set signatures = json_build_array(json_build_object(
  'by', released_by, 'userId', '', 'role', 'nurse', 'note', release_note,
  'at', to_char(released_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
)) where released_by is not null and released_at is not null;
