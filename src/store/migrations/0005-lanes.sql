-- A lane can be held by several messages at once: one that is retried and one that failed, say. Each hold ends by itself,
-- and a message goes on when none before it is left.
alter table lane_holds drop constraint lane_holds_pkey;
alter table lane_holds add primary key (lane, message_id);

-- The latest messages with a control id are found without reading all that ever had it: some senders give the same one
-- to every message. The second column is an expression, so that no plan made while a partition is empty looks an id up
-- here by skipping through all control keys.
drop index messages_control_key;
create index messages_control_key on messages (control_key, (id + 0));
