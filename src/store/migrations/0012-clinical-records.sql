-- Clinical records as FHIR resources, merged patients, and the failures of every attempt.

-- What a message says of results, documents, orders, vaccinations and visits: the version in force, sealed.
create table clinical_resources (
  id bigint primary key,
  environment_id bigint not null,
  system_id bigint not null,
  patient_id bigint not null,
  type text not null,
  -- Keyed hash of what the resource is known by at its sender: an order number, a document number, a code and a time.
  key uuid not null unique,
  version integer not null,
  status text not null,
  -- The message that made this version.
  message_id bigint not null,
  updated_at timestamptz not null,
  resource bytea not null
) with (fillfactor = 80);
alter table clinical_resources alter column resource set storage external;
create index clinical_resources_patient on clinical_resources (patient_id, type, id);

-- The versions before: what a correction or a withdrawal took the place of.
create table clinical_history (
  id bigint not null,
  resource_id bigint not null,
  version integer not null,
  status text not null,
  message_id bigint not null,
  -- When this version was made, not when it was replaced.
  made_at timestamptz not null,
  resource bytea not null,
  primary key (resource_id, id)
) partition by range (id);

-- A patient who was merged into another is kept as he was; his identifiers and records lead to the other one.
alter table patients add column merged_into bigint;

-- What a merge moved, so that a person can take it back. The id is that of the transaction.
create table patient_merges (
  id bigint primary key,
  environment_id bigint not null,
  survivor_id bigint not null,
  merged_id bigint not null,
  system_id bigint not null,
  message_id bigint not null,
  merged_at timestamptz not null default now(),
  -- Keyed hashes of the identifiers that were led over.
  identifiers uuid[] not null,
  -- Ids of the records that were led over, by family: {"clinical": [..]}.
  records jsonb not null
);
create index patient_merges_survivor on patient_merges (survivor_id);
create index patient_merges_merged on patient_merges (merged_id);

-- The failures of a message's attempts so far travel with it: [{at, cause, code, place}], never patient data.
alter table queue add column failures jsonb;
