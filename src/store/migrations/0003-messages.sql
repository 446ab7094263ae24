-- Messages as they were on the wire, their processing, and what waits. Ids are time-ordered (see domain/ids.ts), so
-- partitions by id are partitions by time; the program makes them ahead (store/partitions.ts).

create table messages (
  id bigint primary key,
  system_id bigint not null,
  listener_id bigint not null,
  -- Orders messages about one record: a keyed hash, never the identifier itself.
  lane bigint not null,
  -- Keyed hash of listener and control id, to find duplicates and to search.
  control_key bigint not null,
  content_hash bytea not null,
  type text not null,
  control_id text not null,
  peer text not null,
  size integer not null,
  ack_code text not null,
  content bytea not null
) partition by range (id);
-- The latest messages with a control id are found without reading all that ever had it: some senders give the same one
-- to every message. The second column is an expression, so that no plan made while a partition is empty looks an id up
-- here by skipping through all control keys.
create index messages_control_key on messages (control_key, (id + 0));
alter table messages alter column content set storage external;

-- One row per processing of a message, written once when it ends. The first processing has the id of its message.
create table transactions (
  id bigint primary key,
  message_id bigint not null,
  system_id bigint not null,
  kind smallint not null,
  state smallint not null,
  cause smallint,
  code text,
  place text,
  patient_id bigint,
  mapping_id bigint,
  duplicate_of bigint,
  attempts smallint not null,
  flags smallint not null,
  node smallint not null,
  finished_at timestamptz not null,
  took_us integer not null,
  trace bytea
) partition by range (id);
create index transactions_patient on transactions (patient_id, message_id) where patient_id is not null;

-- What is ready for a worker: rows come and go, so the table stays small.
create table queue (
  message_id bigint primary key,
  transaction_id bigint not null,
  lane bigint not null,
  shard smallint not null,
  kind smallint not null,
  attempts smallint not null,
  -- The node that holds back an acknowledgment until this is processed.
  reply_node smallint,
  size integer not null
) with (
  autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 20000, autovacuum_vacuum_cost_delay = 0,
  autovacuum_analyze_scale_factor = 0, autovacuum_analyze_threshold = 1000000
);

-- What waits: for its next attempt, or behind a failed message of its lane.
create table deferred (
  message_id bigint primary key,
  transaction_id bigint not null,
  lane bigint not null,
  shard smallint not null,
  kind smallint not null,
  attempts smallint not null,
  size integer not null,
  waits_for text not null check (waits_for in ('retry', 'lane')),
  due_at timestamptz,
  -- The failures so far: [{at, cause, code, place}], never patient data.
  failures jsonb not null default '[]'
);
create index deferred_lane on deferred (lane) where waits_for = 'lane';
create index deferred_due on deferred (due_at) where waits_for = 'retry';

-- Lanes that are held back by messages that failed or wait for their next attempt, several at once maybe. Each hold ends
-- by itself, and a message goes on when none before it is left.
create table lane_holds (
  lane bigint not null,
  message_id bigint not null,
  shard smallint not null,
  -- Null while the message is being retried; else when the lane goes on without it.
  until timestamptz,
  primary key (lane, message_id)
);
create index lane_holds_message on lane_holds (message_id);

-- Lanes are spread over 64 shards; a shard belongs to one node at a time.
create table shards (
  shard smallint primary key,
  node smallint
);
insert into shards (shard) select generate_series(0, 63);

-- Requested processings beyond the first: replays and repairs.
create table replays (
  transaction_id bigint primary key,
  message_id bigint not null,
  kind smallint not null,
  requested_by text not null,
  reason text not null,
  content bytea,
  created_at timestamptz not null default now()
);
create index replays_message on replays (message_id);

-- The error queues. A row is open until a later processing succeeds or a person discards it.
create table errors (
  transaction_id bigint primary key,
  message_id bigint not null,
  system_id bigint not null,
  fingerprint bigint not null,
  cause smallint not null,
  code text not null,
  place text,
  type text not null,
  lane bigint not null,
  opened_at timestamptz not null,
  state text not null check (state in ('open', 'replaying', 'resolved', 'discarded')),
  closed_at timestamptz,
  closed_by text,
  reason text,
  search_tokens bigint[]
);
create index errors_open on errors (fingerprint, message_id) where state = 'open';
create index errors_message on errors (message_id);
create index errors_search on errors using gin (search_tokens) where search_tokens is not null;

create table error_groups (
  fingerprint bigint primary key,
  assigned_to bigint,
  note text not null default '',
  updated_at timestamptz not null default now()
);

-- Acknowledgments that could not be handed to the peer (it was gone): the sender will send again.
create table unsent_acknowledgments (
  message_id bigint primary key,
  reason text not null,
  at timestamptz not null default now()
);

-- Exact counters, advanced in the same commit as what they count.
create table traffic (
  minute timestamptz not null,
  system_id bigint not null,
  listener_id bigint not null,
  node smallint not null,
  received integer not null default 0,
  delivered integer not null default 0,
  filtered integer not null default 0,
  failed integer not null default 0,
  primary key (minute, system_id, listener_id, node)
) with (fillfactor = 50);

-- Ends a statement whose guards do not hold, so that nothing of it is written.
create function refuse_when(condition boolean, state text, message text) returns boolean
language plpgsql as $$
begin
  if condition then
    raise exception using errcode = state, message = message;
  end if;
  return true;
end
$$;
