-- Who did what: appended by the database itself, in the transaction of the change, each entry chained to the one before.

create table audit_head (
  id integer primary key check (id = 1),
  sequence integer not null,
  hash text not null
);
insert into audit_head (id, sequence, hash) values (1, 0, repeat('0', 64));

create table audit_entries (
  sequence integer primary key,
  at timestamptz(3) not null,
  -- SHA-256 of the entry's UTF-8, hexadecimal.
  hash text not null,
  -- JSON, exactly as it was hashed; it names its sequence and the hash of the entry before it.
  entry text not null
);

create function audit_append(happened jsonb) returns void language plpgsql as $$
declare
  head audit_head%rowtype;
  happened_at timestamptz(3);
  text_of_entry text;
  hash_of_entry text;
begin
  -- Whoever appends waits here for the one before: sequence, time and chain have one order.
  select * into strict head from audit_head where id = 1 for update;
  happened_at := clock_timestamp();
  text_of_entry := (happened || jsonb_build_object(
    'sequence', head.sequence + 1,
    'previous', head.hash,
    'at', to_char(happened_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
  ))::text;
  hash_of_entry := encode(sha256(convert_to(text_of_entry, 'UTF8')), 'hex');
  insert into audit_entries (sequence, at, hash, entry)
    values (head.sequence + 1, happened_at, hash_of_entry, text_of_entry);
  update audit_head set sequence = head.sequence + 1, hash = hash_of_entry where id = 1;
end $$;

-- Arguments: the column that names the row, and those that are recorded, with commas between them.
create function audit_change() returns trigger language plpgsql as $$
declare
  chosen text;
  was jsonb;
  now_is jsonb;
  who jsonb := nullif(current_setting('wardlight.actor', true), '')::jsonb;
  row_id text;
begin
  select 'select to_jsonb(chosen) from (select ' || string_agg(format('($1).%I', column_name), ', ') || ') as chosen'
    into chosen
    from unnest(string_to_array(tg_argv[1], ',')) as column_name;
  if tg_op <> 'INSERT' then
    execute chosen into was using old;
    execute format('select ($1).%I::text', tg_argv[0]) into row_id using old;
  end if;
  if tg_op <> 'DELETE' then
    execute chosen into now_is using new;
    execute format('select ($1).%I::text', tg_argv[0]) into row_id using new;
  end if;
  if tg_op = 'UPDATE' then
    select jsonb_object_agg(key, value) into was
      from jsonb_each(was) as before where value is distinct from now_is -> key;
    if was is null then
      return null;
    end if;
    select jsonb_object_agg(key, value) into now_is
      from jsonb_each(now_is) as after where was ? key;
  end if;
  perform audit_append(jsonb_build_object(
    'kind', 'change', 'who', who, 'table', tg_table_name, 'id', row_id, 'before', was, 'after', now_is
  ));
  return null;
end $$;

create function audit_is_append_only() returns trigger language plpgsql as $$
begin
  raise exception 'the audit record is append-only';
end $$;
create trigger audit_entries_stay before update or delete on audit_entries
  for each row execute function audit_is_append_only();
create trigger audit_entries_stay_all before truncate on audit_entries
  for each statement execute function audit_is_append_only();

create trigger audit after insert or update or delete on rooms
  for each row execute function audit_change('id', 'name,state,reason,request_id,mission_id');
create trigger audit after insert or delete or
  update of status, due_at, wish, confirmations, approvals, approved_by on requests
  for each row execute function audit_change('id', 'room_id,organism_id,target_log,due_at,status,requested_by,requested_by_id,approved_by,mission_id,confirmations,approvals,wish,plan_options,is_floor_treated,is_by_fixed_unit');
create trigger audit after insert or delete or
  update of stop_requested_by, verdict, finished_at, hand_measurement, confirmations, signatures, released_by on missions
  for each row execute function audit_change('id', 'request_id,room_id,robot_id,organism_id,target_log,method,stop_requested_by,verdict,outcome,finished_at,hand_measurement,released_by,release_note,missed_surfaces_wiped,confirmations,signatures');
create trigger audit after insert or delete or
  update of name, display_name, role, wards, is_disabled, must_use_second_factor on users
  for each row execute function audit_change('id', 'name,display_name,role,wards,is_disabled,must_use_second_factor,is_demo');
create trigger audit after insert or delete or update of service on robots
  for each row execute function audit_change('id', 'service,registered_at');
create trigger audit after insert or update or delete on hospital_organisms
  for each row execute function audit_change('id', 'organism,added_by');
create trigger audit after insert or update or delete on hospital_protocols
  for each row execute function audit_change('id', 'version,protocol,added_by');
create trigger audit after insert or update or delete on site_validations
  for each row execute function audit_change('id', 'validation,recorded_by,withdrawn_by,withdrawal_reason');
create trigger audit after insert or delete or update of plan, status on schedule_plans
  for each row execute function audit_change('id', 'plan,status,created_by,created_by_id');
create trigger audit after insert or update or delete on schedule_hours
  for each row execute function audit_change('id', 'hours,changed_by');
create trigger audit after insert or update or delete on zone_holds
  for each row execute function audit_change('id', 'zone_id,reason,held_by,until,released_by');
create trigger audit after insert or delete or update of alarm on alarms
  for each row execute function audit_change('id', 'source,robot_id,alarm');
