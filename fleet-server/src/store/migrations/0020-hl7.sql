-- HL7 v2: what the hospital's systems said, and what they are to be told.

create table hl7_messages (
  id text primary key,
  -- HMAC of sender, control id and content: the same one again has no second effect.
  fingerprint text not null unique,
  received_at timestamptz(3) not null,
  peer text not null,
  type text not null,
  control_id text not null,
  room_ids json not null,
  outcome text not null,
  words text not null,
  ack_code text not null,
  -- As it was sent, without frame; nothing of a patient.
  answer text not null,
  attempts integer not null default 1,
  -- The message itself under AES-256-GCM, base64.
  sealed text not null
);
create index hl7_messages_received on hl7_messages (received_at);

-- Who is where: HMAC of the visit, the rest sealed.
create table hl7_visits (
  id text primary key,
  sealed text not null,
  updated_at timestamptz(3) not null
);

-- When something was last told of each bed; its id is an HMAC of its place.
create table hl7_beds (
  id text primary key,
  last_event_at timestamptz(3) not null
);

create table hl7_outbox (
  sequence integer primary key generated always as identity,
  destination text not null,
  control_id text not null,
  room_id text not null,
  -- Of table 0116.
  bed_status text not null,
  status text not null,
  message text not null,
  created_at timestamptz(3) not null,
  attempts integer not null default 0,
  last_error text,
  ack_code text,
  sent_at timestamptz(3)
);
create index hl7_outbox_waiting on hl7_outbox (destination, sequence) where sent_at is null;

create table hl7_mapping (
  id text primary key,
  -- Hl7Mapping of core/fleet.
  mapping json not null,
  changed_by text not null,
  changed_at timestamptz(3) not null
);

-- RoomReadiness of core/fleet; null: whoever approves looks to that.
alter table requests add column room_ready json;

-- Not every alarm is about a robot.
alter table alarms alter column robot_id drop not null;
