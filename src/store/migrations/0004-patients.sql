-- Patients: one encrypted record each, found through keyed hashes.

create table patients (
  id bigint primary key,
  environment_id bigint not null,
  version integer not null,
  updated_at timestamptz not null,
  record bytea not null
) with (
  -- Room for the next version on the same page, so that a change touches no index and leaves nothing to vacuum.
  fillfactor = 50, autovacuum_vacuum_threshold = 20000, autovacuum_vacuum_scale_factor = 0.5, autovacuum_vacuum_cost_delay = 1,
  autovacuum_vacuum_insert_threshold = 1000000, autovacuum_vacuum_insert_scale_factor = 1
);
alter table patients alter column record set storage external;

-- Identifiers that tell who a patient is: keyed hash of environment, authority, type and value.
create table patient_identifiers (
  key uuid primary key,
  patient_id bigint not null
);
create index patient_identifiers_patient on patient_identifiers (patient_id);

-- Keyed hashes of what a person may search by.
create table patient_search (
  patient_id bigint primary key,
  environment_id bigint not null,
  tokens bigint[] not null
);
create index patient_search_tokens on patient_search using gin (tokens);

-- What changed, field by field, old and new (encrypted). The id is that of the transaction.
create table patient_history (
  patient_id bigint not null,
  id bigint not null,
  version integer not null,
  message_id bigint,
  system_id bigint,
  changes bytea not null,
  primary key (patient_id, id)
) partition by range (id);
