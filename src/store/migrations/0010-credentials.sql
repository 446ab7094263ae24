-- The vault: what the program shows of itself to others (certificates with their keys) and whom it trusts. Private keys are
-- sealed; everything else here is what is shown in every handshake anyway.

create table credentials (
  id bigint primary key,
  -- Never changed: listeners, senders and configuration files refer to it.
  key text not null unique,
  name text not null,
  environment_id bigint not null references environments (id),
  kind text not null check (kind in ('tls_server', 'tls_client', 'ca_bundle')),
  note text not null default '',
  version integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);

-- What a credential consisted of at a time. At most one is in force; one more may wait for its certificate.
create table credential_versions (
  id bigint primary key,
  credential_id bigint not null references credentials (id) on delete cascade,
  number integer not null,
  state text not null check (state in ('pending', 'active', 'superseded')),
  -- PEM; empty while it waits for its certificate.
  certificates text not null default '',
  -- PEM of a certificate request (PKCS#10), where the program made one.
  request text not null default '',
  -- Of the first certificate; the earliest end of a bundle.
  not_after timestamptz,
  -- The private key (PKCS#8, PEM), sealed; erased when the version is superseded. None for a bundle.
  secret bytea,
  created_by text not null,
  created_at timestamptz not null default now(),
  unique (credential_id, number)
);
create unique index credential_versions_active on credential_versions (credential_id) where state = 'active';
create unique index credential_versions_pending on credential_versions (credential_id) where state = 'pending';

-- TLS of a listener, as it is written in the API; certificates are named by the keys of credentials.
alter table listeners add column tls jsonb not null
  default '{"enabled": false, "certificates": [], "client_certificate": "none", "client_ca": null, "allowed_certificates": [], "handshake_timeout_seconds": 10}';

-- How often a listener turned connections away since it was opened, by reason.
alter table listener_status add column refusals jsonb not null default '[]';
