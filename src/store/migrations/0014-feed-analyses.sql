-- Saved analyses of sample feeds. The content holds examples of values, which may be patient data, and is sealed.

create table feed_analyses (
  id bigint primary key,
  name text not null,
  -- The system whose mapping the feed was held against.
  system_id bigint references systems (id) on delete set null,
  -- Where the messages came from, in words without patient data.
  source text not null,
  messages integer not null,
  made_by text not null,
  made_at timestamptz not null,
  content bytea not null
);
