-- How far a FHIR server was asked for encounters: it is asked for what came after.

create table fhir_polls (
  url text primary key,
  last_updated_at timestamptz(3) not null
);
