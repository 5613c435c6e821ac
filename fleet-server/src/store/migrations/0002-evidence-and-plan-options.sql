-- What a site adds to the shipped evidence, and what a nurse asks of a plan.

create table hospital_organisms (
  id text primary key,
  -- Organism of core/disinfection.
  organism json not null,
  added_by text not null,
  added_at timestamptz(3) not null
);

create table site_validations (
  id text primary key,
  -- SiteValidation of core/disinfection without id and withdrawal.
  validation json not null,
  recorded_by text not null,
  recorded_at timestamptz(3) not null,
  withdrawn_by text,
  withdrawn_at timestamptz(3),
  withdrawal_reason text
);

-- PlanOptions of core/disinfection; null: as always.
alter table requests add column plan_options json;
alter table requests add column is_floor_treated boolean not null default false;
