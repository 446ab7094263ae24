-- What people set up: environments, systems, listeners, mappings. Nothing here is patient data.

create table environments (
  id bigint primary key,
  key text not null unique,
  name text not null,
  kind text not null check (kind in ('development', 'test', 'production')),
  note text not null default '',
  parameters jsonb not null default '[]',
  version integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);

-- Field mappings are data with versions; a version never changes once stored.
create table mappings (
  id bigint primary key,
  key text not null,
  category text not null,
  version integer not null,
  origin text not null check (origin in ('default', 'own')),
  body jsonb not null,
  checksum text not null,
  created_at timestamptz not null default now(),
  unique (key, version)
);

create table systems (
  id bigint primary key,
  key text not null unique,
  name text not null,
  environment_id bigint not null references environments (id),
  product text not null,
  product_version text not null,
  methods text[] not null,
  time_zone text not null,
  country text not null,
  note text not null default '',
  enabled boolean not null default true,
  settings jsonb not null,
  -- The key of an own mapping; null = the default of the product.
  mapping_key text,
  version integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);

create table listeners (
  id bigint primary key,
  key text not null unique,
  name text not null,
  system_id bigint not null references systems (id),
  host text not null,
  port integer not null check (port between 1 and 65535),
  enabled boolean not null default true,
  node text not null default '',
  ack_when text not null check (ack_when in ('commit', 'processed')),
  ack_mode text not null check (ack_mode in ('auto', 'original', 'enhanced')),
  ack_timeout_seconds integer not null,
  allowed_peers text[] not null default '{}',
  limits jsonb not null,
  plaintext_reason text not null default '',
  note text not null default '',
  version integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create unique index listeners_address on listeners (host, port, node);

-- The nodes of the program that share this database. A node is alive while it holds the advisory lock of its number.
-- The epoch fences a node off: its writes name the epoch, and whoever takes its lanes over raises it first.
create table nodes (
  node smallint primary key,
  name text not null,
  epoch integer not null default 1,
  started_at timestamptz not null,
  heartbeat_at timestamptz not null
);

create table listener_status (
  listener_id bigint not null references listeners (id) on delete cascade,
  node smallint not null,
  status text not null,
  reason text not null,
  since timestamptz not null,
  connections integer not null,
  updated_at timestamptz not null,
  primary key (listener_id, node)
);
