-- A request is a list of steps, each of them a mission of its own: light, or gas.

-- Of its light; a request for gas alone has none.
alter table requests alter column organism_id drop not null;
alter table requests alter column target_log drop not null;
-- RequestStep[]: id, method, plan (StepPlan of core/fleet), missionId.
alter table requests add column steps json not null default '[]';
update requests set steps = json_build_array(json_build_object(
  'id', 'light', 'method', 'uv', 'missionId', mission_id,
  'plan', case when plan is null then null else json_build_object('method', 'uv', 'treatment', plan) end
));
alter table requests drop column plan;

alter table missions alter column organism_id drop not null;
alter table missions alter column target_log drop not null;
alter table missions add column method text not null default 'uv';
alter table missions add column step_number integer not null default 0;
alter table missions add column step_count integer not null default 1;
-- Nobody goes in: from the start of a mission with gas until its sensors, or people with instruments, have cleared the room.
alter table missions add column may_be_gassed boolean not null default false;
-- GasSample[]: what the server heard of the sensors.
alter table missions add column gas_samples json not null default '[]';
-- HandMeasurement: how people cleared a room that no robot clears.
alter table missions add column hand_measurement json;
update missions set plan = json_build_object('method', 'uv', 'treatment', plan);
update missions set progress = (progress::jsonb || '{"gas": null}'::jsonb)::json;

-- One mission a step, however often the request is approved.
alter table missions drop constraint missions_request_id_key;
create unique index missions_by_step on missions (request_id, step_number);
