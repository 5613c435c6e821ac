-- Whoever reads the audit record must not be able to send in the hospital's name: addresses stand in it as host and fingerprint.

alter table notification_rules add column secret_made_at timestamptz(3);
-- Fingerprints of addresses are made with it, so that nobody can try short ones. It goes nowhere.
alter table notification_rules add column fingerprint_key text not null default gen_random_uuid()::text;

create function audit_masked(said jsonb, fingerprint_key text) returns jsonb language plpgsql immutable as $$
declare
  address text;
begin
  if jsonb_typeof(said) = 'array' then
    return coalesce(
      (select jsonb_agg(audit_masked(part, fingerprint_key) order by place)
        from jsonb_array_elements(said) with ordinality as parts (part, place)),
      '[]'::jsonb);
  end if;
  if jsonb_typeof(said) <> 'object' then
    return said;
  end if;
  address := said ->> 'webhookUrl';
  if address is not null then
    -- Browsers take a backslash for a slash; a name and a password may stand before the host.
    said := said || jsonb_build_object('webhookUrl', format('%s, fingerprint %s',
      coalesce(substring(address from '^https?://(?:[^/?#\\]*@)?([^/?#\\@]*)'), 'an address'),
      left(encode(sha256(convert_to(fingerprint_key || ' ' || address, 'UTF8')), 'hex'), 12)));
  end if;
  return coalesce(
    (select jsonb_object_agg(field, audit_masked(part, fingerprint_key)) from jsonb_each(said) as parts (field, part)),
    '{}'::jsonb);
end $$;

-- Arguments: the column that names the row; those that are recorded, with commas between them; where addresses may stand in
-- them, the column with the key of their fingerprints.
create or replace function audit_change() returns trigger language plpgsql as $$
declare
  chosen text;
  was jsonb;
  now_is jsonb;
  who jsonb := nullif(current_setting('wardlight.actor', true), '')::jsonb;
  row_id text;
  fingerprint_key text;
begin
  select 'select to_jsonb(chosen) from (select ' || string_agg(format('($1).%I', column_name), ', ') || ') as chosen'
    into chosen
    from unnest(string_to_array(tg_argv[1], ',')) as column_name;
  if tg_op <> 'INSERT' then
    execute chosen into was using old;
    execute format('select ($1).%I::text', tg_argv[0]) into row_id using old;
    if tg_nargs > 2 then
      execute format('select ($1).%I', tg_argv[2]) into fingerprint_key using old;
      was := audit_masked(was, fingerprint_key);
    end if;
  end if;
  if tg_op <> 'DELETE' then
    execute chosen into now_is using new;
    execute format('select ($1).%I::text', tg_argv[0]) into row_id using new;
    if tg_nargs > 2 then
      execute format('select ($1).%I', tg_argv[2]) into fingerprint_key using new;
      now_is := audit_masked(now_is, fingerprint_key);
    end if;
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

drop trigger audit on notification_rules;
create trigger audit after insert or update or delete on notification_rules
  for each row execute function audit_change('id', 'rules,secret_made_at', 'fingerprint_key');
