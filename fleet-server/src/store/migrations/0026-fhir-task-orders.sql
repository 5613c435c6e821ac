-- FHIR: by which number another system knows a request that came as its Task.

create table fhir_task_orders (
  system text not null,
  value text not null,
  request_id text not null unique,
  -- What it asked for, as JSON: the same number with something else is refused.
  asked text not null,
  placed_at timestamptz(3) not null,
  primary key (system, value)
);

create trigger audit after insert or update or delete on fhir_task_orders
  for each row execute function audit_change('request_id', 'system,value');
