-- Keys, users, sessions, tokens and the audit log. Nothing here is patient data, and no secret is stored readable.

-- Data keys, wrapped (AES-256-GCM) under the master key, which is never in the database.
create table data_keys (
  id smallint primary key check (id > 0),
  purpose text not null,
  state text not null check (state in ('next', 'active', 'decrypt-only', 'retired')),
  -- Tells which master key wrapped it: a keyed check value, not the key.
  master_key_id text not null,
  wrapped bytea not null,
  created_at timestamptz not null default now(),
  changed_at timestamptz not null default now()
);
create unique index data_keys_one_active on data_keys (purpose) where state = 'active';
create unique index data_keys_one_next on data_keys (purpose) where state = 'next';

create table users (
  id bigint primary key,
  login text not null,
  name text not null,
  role text not null,
  -- Users are disabled, never deleted: the audit log names them for years.
  state text not null check (state in ('invited', 'active', 'disabled')),
  password_hash text,
  password_changed_at timestamptz,
  must_change boolean not null default false,
  -- Room for the second factor: sealed, and used only from the moment that it was confirmed.
  totp_secret bytea,
  totp_confirmed_at timestamptz,
  totp_last_step bigint,
  failed_attempts integer not null default 0,
  locked_until timestamptz,
  last_login_at timestamptz,
  created_at timestamptz not null,
  created_by bigint,
  updated_at timestamptz not null
);
create unique index users_login on users (lower(login));

-- Of a session's token only the SHA-256 is kept; its CSRF token is derived from the token itself.
create table sessions (
  id bigint primary key,
  token_hash bytea not null unique,
  user_id bigint not null references users (id),
  created_at timestamptz not null,
  last_seen_at timestamptz not null,
  -- The absolute end; the idle end follows from last_seen_at.
  expires_at timestamptz not null,
  address text not null,
  user_agent text not null
);
create index sessions_user on sessions (user_id);

create table api_tokens (
  id bigint primary key,
  name text not null,
  role text not null,
  -- Permissions; empty = all that the role has.
  scopes text[] not null,
  token_hash bytea not null unique,
  prefix text not null,
  expires_at timestamptz,
  created_at timestamptz not null,
  created_by bigint,
  created_by_name text not null,
  last_used_at timestamptz,
  revoked_at timestamptz
);

-- One-time links: for the first administrator, for an invited user's first password, for a reset.
create table setup_links (
  id bigint primary key,
  token_hash bytea not null unique,
  purpose text not null check (purpose in ('first-administrator', 'invitation', 'password-reset')),
  user_id bigint references users (id),
  created_at timestamptz not null,
  expires_at timestamptz not null,
  used_at timestamptz,
  check ((purpose = 'first-administrator') = (user_id is null))
);
create index setup_links_user on setup_links (user_id);

-- Each writer (the API and the worker of each node) has a chain of its own, so that nobody waits for anybody.
-- Position 0 is the genesis. The seals are keyed hashes, so that a head cut back by hand is noticed. The base is what
-- retention has pruned up to.
create table audit_chains (
  chain smallint primary key check (chain > 0),
  node smallint not null,
  writer text not null check (writer in ('api', 'worker')),
  opened_at timestamptz not null,
  closed boolean not null default false,
  base_id bigint not null,
  base_position bigint not null,
  base_hash bytea not null,
  base_seal bytea not null,
  head_id bigint not null,
  head_position bigint not null,
  head_hash bytea not null,
  head_seal bytea not null,
  updated_at timestamptz not null
) with (fillfactor = 20);
create unique index audit_chains_writer on audit_chains (node, writer) where not closed;

-- Ids are time-ordered (see domain/ids.ts); partitions by id are partitions by time. Numbers of actions, resources and
-- outcomes: security/audit-actions.ts.
create table audit (
  id bigint not null,
  chain smallint not null,
  position bigint not null,
  at timestamptz not null,
  actor_kind smallint not null,
  actor_id bigint,
  action smallint not null,
  resource_kind smallint not null,
  resource_id bigint,
  outcome smallint not null,
  -- JSON as text, because its very bytes are hashed. Never patient data.
  detail text,
  hash bytea not null,
  primary key (id, chain)
) partition by range (id);
-- What people and tokens did is a small part of the log; only that is indexed (1 = the program itself).
create index audit_people on audit (id) where actor_kind <> 1;
create index audit_people_resource on audit (resource_kind, resource_id, id) where actor_kind <> 1;

create function audit_is_append_only() returns trigger
language plpgsql as $$
begin
  raise exception using errcode = 'PSA02', message = 'the audit log is append-only';
end
$$;
create trigger audit_append_only before update or delete or truncate on audit
  for each statement execute function audit_is_append_only();
