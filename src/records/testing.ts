import { randomBytes } from 'node:crypto';
import { createTestDatabase } from '../../test/support/database.ts';
import { DEFAULT_CODE_TABLES } from '../connectors/code-tables/default-code-tables.ts';
import { CAUSE_CODES, type FailureCause } from '../domain/failure-causes.ts';
import { createIdGenerator } from '../domain/ids.ts';
import { encodePatientChanges, encodePatientRecord, decodePatientRecord } from '../domain/patient/record-codec.ts';
import type { PatientRecord } from '../domain/patient/patient-record.ts';
import type { StoredStep } from '../domain/stored-trace.ts';
import { FINAL_STATE_CODES } from '../domain/transaction-states.ts';
import { shardOf } from '../engine/lanes.ts';
import { discardMessages, replayMessages } from '../engine/replay.ts';
import { parseMessage } from '../formats/hl7v2/message.ts';
import { compileMapping, type CompiledMapping } from '../mapping/compile-mapping.ts';
import { parseMapping } from '../mapping/mapping-format.ts';
import { searchTokenInput } from '../matching/blind-inputs.ts';
import { searchTokens } from '../matching/search-tokens.ts';
import { createBlindIndexes } from '../security/blind-index.ts';
import { KEY_PURPOSES, Keyring, type KeyPurpose } from '../security/keyring.ts';
import { createSealer } from '../security/sealing.ts';
import { ensurePartitions } from '../store/partitions.ts';
import { openPgDatabase } from '../store/pg-database.ts';
import { SEALED_COLUMNS } from '../store/sealed-columns.ts';
import { applyPatientInput } from './patients/apply-patient.ts';

/** A mapping that is large enough to be traced: three fields, identifiers and insurances. */
export const TEST_MAPPING = {
  format: 'practice-studio-mapping/1',
  key: 'test-patient',
  version: 3,
  title: 'Test',
  source: 'hl7v2',
  target: 'patient',
  messages: ['ADT^A04', 'ADT^A08'],
  rules: [
    { target: 'last_name', source: 'PID-5.1', required: true },
    { target: 'first_name', source: 'PID-5.2' },
    { target: 'date_of_birth', source: 'PID-7', steps: [{ fn: 'date', formats: ['hl7'] }] },
    { target: 'address.city', source: 'PID-11.3' },
  ],
  groups: [
    {
      target: 'identifiers',
      each: { repetition: 'PID-3' },
      needs: ['value'],
      rules: [
        { target: 'value', source: 'PID-3.1' },
        { target: 'authority', source: 'PID-3.4' },
        { target: 'type', source: 'PID-3.5' },
      ],
    },
  ],
};

/** A registration or an update (`A08`) of an invented person. */
export function adt(values: {
  readonly control: string;
  readonly family: string;
  readonly given: string;
  readonly mrn: string;
  readonly event?: string;
  readonly born?: string;
  readonly city?: string;
}): Buffer {
  const { control, family, given, mrn, event = 'A04', born = '19700102', city = 'Springfield' } = values;
  return Buffer.from(
    [
      `MSH|^~\\&|NG|CLINIC|PS|HUB|20261101120000||ADT^${event}|${control}|P|2.5.1`,
      `PID|1||${mrn}^^^NG^MR||${family}^${given}||${born}|M|||1 Main St^^${city}^IL^62701`,
    ].join('\r'),
  );
}

/** A database with one environment, one system and a listener, written to as the engine writes. */
export async function createWorld(options: { readonly nowMs?: number } = {}) {
  const test = await createTestDatabase();
  const db = openPgDatabase(test.connection, { max: 4, applicationName: 'test' });
  let clock = options.nowMs ?? Date.UTC(2026, 10, 10, 12, 30, 30);
  await ensurePartitions(db, clock, clock - 70 * 86_400_000);
  const keys = Object.keys(KEY_PURPOSES).map((purpose, index) => ({
    id: index + 1,
    purpose: purpose as KeyPurpose,
    state: 'active' as const,
    secret: new Uint8Array(randomBytes(32)),
  }));
  const keyring = new Keyring({ keys });
  const sealer = createSealer({ keyring });
  const indexes = createBlindIndexes(keyring);
  const ids = createIdGenerator({ node: 1, now: () => clock });
  const mapping: CompiledMapping = compileMapping(parseMapping(TEST_MAPPING), DEFAULT_CODE_TABLES);
  const mappingId = ids.next();
  await db.query(
    `insert into mappings (id, key, category, version, origin, body, checksum) values ($1, 'test-patient', 'patient', 3, 'own', $2, '')`,
    [mappingId, JSON.stringify(TEST_MAPPING)],
  );
  await db.query(`insert into nodes (node, name, started_at, heartbeat_at) values (1, 'node-a', now(), now())`);

  const records = new Map<string, { readonly id: bigint; version: number }>();
  const seal: typeof sealer.seal = (...args) => sealer.seal(...args);
  const controlKey = (listener: bigint, control: string): bigint => indexes.control.token64(`${listener}|${control}`);

  async function environment(key: string, kind = 'development'): Promise<bigint> {
    const id = ids.next();
    await db.query('insert into environments (id, key, name, kind) values ($1, $2, $2, $3)', [id, key, kind]);
    return id;
  }

  async function system(
    environmentId: bigint,
    key: string,
  ): Promise<{ id: bigint; listener: bigint; environmentId: bigint }> {
    const [id, listener] = [ids.next(), ids.next()];
    await db.query(
      `insert into systems (id, key, name, environment_id, product, product_version, methods, time_zone, country, settings)
       values ($1, $2, $2, $3, 'test-pms', '1', '{hl7}', 'America/Chicago', 'US', '{}')`,
      [id, key, environmentId],
    );
    await db.query(
      `insert into listeners (id, key, name, system_id, host, port, ack_when, ack_mode, ack_timeout_seconds, limits)
       values ($1, $2, $2, $3, '127.0.0.1', $4, 'commit', 'auto', 30, '{}')`,
      [listener, `${key}-in`, id, 1024 + Number(listener % 60_000n)],
    );
    return { id, listener, environmentId };
  }

  type Source = Awaited<ReturnType<typeof system>>;

  async function count(source: Source, column: 'received' | 'delivered' | 'filtered' | 'failed'): Promise<void> {
    await db.query(
      `insert into traffic (minute, system_id, listener_id, node, ${column}) values (date_trunc('minute', $1::timestamptz), $2, $3, 1, 1)
       on conflict (minute, system_id, listener_id, node) do update set ${column} = traffic.${column} + 1`,
      [new Date(clock), source.id, source.listener],
    );
  }

  async function receive(
    source: Source,
    bytes: Buffer,
    extra: { readonly ackCode?: string; readonly replyNode?: number } = {},
  ): Promise<bigint> {
    clock += 10;
    const id = ids.next();
    const header = bytes.toString('latin1').split('\r')[0]?.split('|') ?? [];
    const control = header[9] ?? '';
    await db.query(
      `insert into messages (id, system_id, listener_id, lane, control_key, content_hash, type, control_id, peer, size, ack_code, content)
       values ($1, $2, $3, $1, $4, '\\x00', $5, $6, '10.1.2.3:5000', $7, $8, $9)`,
      [
        id,
        source.id,
        source.listener,
        controlKey(source.listener, control),
        header[8] ?? '',
        control,
        bytes.length,
        extra.ackCode ?? 'AA',
        seal('content', SEALED_COLUMNS.messageContent, id, bytes),
      ],
    );
    await db.query(
      `insert into queue (message_id, transaction_id, lane, shard, kind, attempts, reply_node, size) values ($1, $1, $1, $2, 0, 0, $3, $4)`,
      [id, shardOf(id), extra.replyNode ?? null, bytes.length],
    );
    await count(source, 'received');
    return id;
  }

  interface End {
    readonly state: keyof typeof FINAL_STATE_CODES;
    readonly patientId?: bigint;
    readonly failure?: { readonly cause: FailureCause; readonly code: string; readonly place: string };
    readonly steps: readonly StoredStep[];
    readonly flags?: number;
    readonly duplicateOf?: bigint;
    readonly mapped?: boolean;
  }

  /** Ends the processing that is queued for a message; answers its id. */
  async function end(source: Source, messageId: bigint, ending: End): Promise<bigint> {
    const { rows } = await db.query<{ transaction_id: string; kind: number }>(
      'delete from queue where message_id = $1 returning transaction_id, kind',
      [messageId],
    );
    const row = rows[0];
    if (row === undefined) throw new Error('The message is not queued.');
    const id = BigInt(row.transaction_id);
    const { failure } = ending;
    const trace = { at: clock + 5, batch: 3, steps: ending.steps };
    await db.query(
      `insert into transactions (id, message_id, system_id, kind, state, cause, code, place, patient_id, mapping_id, duplicate_of,
         attempts, flags, node, finished_at, took_us, trace)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 1, $12, 1, $13, 2500, $14)`,
      [
        id,
        messageId,
        source.id,
        row.kind,
        FINAL_STATE_CODES[ending.state],
        failure === undefined ? null : CAUSE_CODES[failure.cause],
        failure?.code ?? null,
        failure?.place ?? null,
        ending.patientId ?? null,
        ending.mapped === false ? null : mappingId,
        ending.duplicateOf ?? null,
        ending.flags ?? 0,
        new Date(clock + 8),
        seal('content', SEALED_COLUMNS.transactionTrace, id, JSON.stringify(trace)),
      ],
    );
    if (ending.state !== 'discarded') await count(source, ending.state);
    if (failure === undefined) {
      await db.query(`update errors set state = 'resolved', closed_at = now() where message_id = $1`, [messageId]);
    }
    return id;
  }

  /** Parses, maps and records a queued message for real (a patient is found by his first identifier). */
  async function deliver(
    source: Source,
    messageId: bigint,
    bytes: Buffer,
  ): Promise<{ patient: bigint; transaction: bigint }> {
    const { input, values } = mapping.evaluate(parseMessage(bytes));
    const key = `${source.environmentId}|${input.lists.identifiers?.[0]?.value ?? ''}`;
    const known = records.get(key) ?? { id: ids.next(), version: 0 };
    const before = await db.query<{ record: Buffer }>('select record from patients where id = $1', [known.id]);
    const sealed = before.rows[0]?.record;
    const record =
      sealed === undefined
        ? undefined
        : decodePatientRecord(sealer.open(SEALED_COLUMNS.patientRecord, known.id, sealed).toString());
    const applied = applyPatientInput(record, input, {
      messageId: String(messageId),
      at: new Date(clock).toISOString(),
      systemId: String(source.id),
    });
    known.version += 1;
    records.set(key, known);
    await db.query(
      `insert into patients (id, environment_id, version, updated_at, record) values ($1, $2, $3, $4, $5)
       on conflict (id) do update set version = excluded.version, updated_at = excluded.updated_at, record = excluded.record`,
      [
        known.id,
        source.environmentId,
        known.version,
        new Date(clock),
        seal('record', SEALED_COLUMNS.patientRecord, known.id, encodePatientRecord(applied.record)),
      ],
    );
    await db.query(
      `insert into patient_search (patient_id, environment_id, tokens) values ($1, $2, $3)
       on conflict (patient_id) do update set tokens = excluded.tokens`,
      [known.id, source.environmentId, hashes(source, applied.record)],
    );
    const transaction = await end(source, messageId, {
      state: 'delivered',
      patientId: known.id,
      steps: [
        { s: 'unseal', us: 20 },
        { s: 'parse', us: 40, m: '2 segments' },
        { s: 'map', us: 100, d: values },
        { s: 'match', us: 300 },
        { s: 'record', us: 900 },
      ],
    });
    await db.query(
      `insert into patient_history (patient_id, id, version, message_id, system_id, changes) values ($1, $2, $3, $4, $5, $6)`,
      [
        known.id,
        transaction,
        known.version,
        messageId,
        source.id,
        seal('record', SEALED_COLUMNS.patientChanges, transaction, encodePatientChanges(applied.changes)),
      ],
    );
    return { patient: known.id, transaction };
  }

  function hashes(source: Source, record: PatientRecord): bigint[] {
    return indexes.search.batch64(searchTokens(record).map((token) => searchTokenInput(source.environmentId, token)));
  }

  /** Fails a queued message for good; it can be found by what it says where a mapping got that far. */
  async function fail(
    source: Source,
    messageId: bigint,
    failure: { readonly cause: FailureCause; readonly code: string; readonly place: string },
    about?: Buffer,
  ): Promise<bigint> {
    const step: StoredStep = { s: 'map', us: 50, o: 'failed', m: failure.code };
    const id = await end(source, messageId, { state: 'failed', failure, steps: [step] });
    const said = about === undefined ? undefined : mapping.evaluate(parseMessage(about)).input;
    const record =
      said === undefined
        ? undefined
        : applyPatientInput(undefined, said, { messageId: '0', at: '', systemId: '0' }).record;
    const fingerprint = indexes.fingerprint.token64(`${source.id}|${failure.code}|${failure.place}`);
    await db.query(
      `insert into errors (transaction_id, message_id, system_id, fingerprint, cause, code, place, type, lane, opened_at, state, search_tokens)
       values ($1, $2, $3, $4, $5, $6, $7, 'ADT^A04', $2, $8, 'open', $9)`,
      [
        id,
        messageId,
        source.id,
        fingerprint,
        CAUSE_CODES[failure.cause],
        failure.code,
        failure.place,
        new Date(clock),
        record === undefined ? null : hashes(source, record),
      ],
    );
    return id;
  }

  /** Lets a queued message wait. */
  async function defer(messageId: bigint, waitsFor: 'retry' | 'lane', failures: readonly object[] = []): Promise<void> {
    await db.query(
      `with q as (delete from queue where message_id = $1 returning *)
       insert into deferred (message_id, transaction_id, lane, shard, kind, attempts, size, waits_for, due_at, failures)
       select message_id, transaction_id, lane, shard, kind, attempts + 1, size, $2, now(), $3 from q`,
      [messageId, waitsFor, JSON.stringify(failures)],
    );
  }

  return {
    db,
    sealer,
    indexes,
    ids,
    controlKey,
    engine: {
      controlKey,
      replay: (request: Parameters<typeof replayMessages>[0]) =>
        replayMessages(request, { database: db, ids, sealer, laneIndex: indexes.lane }),
      discard: (request: Parameters<typeof discardMessages>[0]) => discardMessages(request, db),
    },
    now: () => clock,
    /** Moves the clock. */
    at(ms: number): void {
      clock = ms;
    },
    environment,
    system,
    receive,
    end,
    deliver,
    fail,
    defer,
    async close() {
      await db.close();
      await test.close();
    },
  };
}
export type World = Awaited<ReturnType<typeof createWorld>>;
