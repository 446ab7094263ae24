import type {
  CredentialSetting,
  CredentialStore,
  CredentialValues,
  CredentialVersion,
  PendingVersion,
  VersionRecord,
} from '../records/credentials/credentials.ts';
import type { Queryable } from './queryable.ts';

interface CredentialRow extends Omit<CredentialValues, 'environmentId'> {
  readonly id: string;
  readonly environmentId: string;
  readonly version: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly versionId: string | null;
  readonly number: number;
  readonly state: 'active' | 'pending';
  readonly certificates: string;
  readonly request: string;
  readonly notAfter: Date;
  readonly madeAt: Date;
  readonly madeBy: string;
}

/** All credentials with what is in force and what is waited for, without secrets. */
export async function loadCredentials(db: Queryable): Promise<CredentialSetting[]> {
  const { rows } = await db.query<CredentialRow>(
    `select c.id, c.key, c.name, c.environment_id as "environmentId", c.kind, c.note, c.version,
       c.created_at as "createdAt", c.updated_at as "updatedAt", v.id as "versionId", v.number, v.state, v.certificates,
       v.request, v.not_after as "notAfter", v.created_at as "madeAt", v.created_by as "madeBy"
     from credentials c left join credential_versions v on v.credential_id = c.id and v.state <> 'superseded'
     order by c.id, v.id`,
  );
  const byId = new Map<string, CredentialSetting>();
  for (const row of rows) {
    const { id, key, name, environmentId, kind, note, version, createdAt, updatedAt } = row;
    const known = byId.get(id) ?? {
      id: BigInt(id),
      key,
      name,
      environmentId: BigInt(environmentId),
      kind,
      note,
      version,
      createdAt,
      updatedAt,
      active: null,
      pending: null,
    };
    byId.set(id, { ...known, ...versionOf(row) });
  }
  return [...byId.values()];
}

function versionOf(row: CredentialRow): { active?: CredentialVersion; pending?: PendingVersion } {
  if (row.versionId === null) return {};
  const made = { id: BigInt(row.versionId), number: row.number, createdAt: row.madeAt, createdBy: row.madeBy };
  return row.state === 'active'
    ? { active: { ...made, certificates: row.certificates, notAfter: row.notAfter } }
    : { pending: { ...made, request: row.request } };
}

export interface EndingCredential {
  readonly id: string;
  readonly name: string;
  readonly environment_id: string;
  readonly not_after: Date;
  /** Names of the listeners that use it. */
  readonly used_by: string[];
}

/** Credentials whose certificate in force ends before an instant, the first to end first. */
export async function readEndingCredentials(db: Queryable, before: Date): Promise<EndingCredential[]> {
  const { rows } = await db.query<EndingCredential>(
    `select c.id::text, c.name, c.environment_id::text, v.not_after, array(
         select l.name from listeners l where jsonb_exists(l.tls -> 'certificates', c.key) or l.tls ->> 'client_ca' = c.key
         order by l.name) as used_by
     from credentials c join credential_versions v on v.credential_id = c.id and v.state = 'active'
     where v.not_after < $1 order by v.not_after, c.id`,
    [before],
  );
  return rows;
}

/** The vault in PostgreSQL. */
export const credentialStore: CredentialStore = {
  async save(tx, id, { key, name, environmentId, kind, note }) {
    await tx.query(
      `insert into credentials (id, key, name, environment_id, kind, note) values ($1, $2, $3, $4, $5, $6)
       on conflict (id) do update set name = excluded.name, note = excluded.note, version = credentials.version + 1,
         updated_at = now()`,
      [String(id), key, name, String(environmentId), kind, note],
    );
  },

  async addVersion(tx, credentialId, version) {
    await replace(tx, credentialId, version.state);
    await tx.query(
      `insert into credential_versions (id, credential_id, number, state, certificates, request, not_after, secret, created_by)
       select $1, $2, coalesce(max(number), 0) + 1, $3, $4, $5, $6, $7, $8 from credential_versions where credential_id = $2`,
      [
        String(version.id),
        String(credentialId),
        version.state,
        version.certificates,
        version.request,
        version.notAfter,
        version.secret,
        version.createdBy,
      ],
    );
  },

  async completeVersion(tx, credentialId, { id, certificates, notAfter, by }) {
    await replace(tx, credentialId, 'active');
    await tx.query(
      `update credential_versions set state = 'active', certificates = $3, not_after = $4, created_at = now(), created_by = $5
       where credential_id = $1 and id = $2 and state = 'pending'`,
      [String(credentialId), String(id), certificates, notAfter, by],
    );
  },

  async readSecret(db, versionId) {
    const { rows } = await db.query<{ secret: Buffer | null }>('select secret from credential_versions where id = $1', [
      String(versionId),
    ]);
    return rows[0]?.secret ?? null;
  },

  async readVersions(db, credentialId) {
    const { rows } = await db.query<VersionRecord>(
      `select number, state, not_after as "notAfter", created_at as "createdAt", created_by as "createdBy"
       from credential_versions where credential_id = $1 order by number desc limit 100`,
      [String(credentialId)],
    );
    return rows;
  },

  async remove(tx, id) {
    await tx.query('delete from credentials where id = $1', [String(id)]);
  },
};

/** A key that is not used any more is not kept. */
async function replace(tx: Queryable, credentialId: bigint, state: 'active' | 'pending'): Promise<void> {
  await tx.query(
    `update credential_versions set state = 'superseded', secret = null where credential_id = $1 and state = $2`,
    [String(credentialId), state],
  );
}
