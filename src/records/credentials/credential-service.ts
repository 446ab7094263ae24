import { identityForKey } from '../../security/vault/material.ts';
import type { Sealer } from '../../security/sealing.ts';
import { SEALED_COLUMNS } from '../../store/sealed-columns.ts';
import type { Database, Queryable } from '../../store/queryable.ts';
import { SettingsError } from '../settings/settings-error.ts';
import { refuseNewProblems, type RecordChange, type SettingsDeps } from '../settings/settings-service.ts';
import type { SettingsState } from '../settings/settings.ts';
import { asSettingsError, versionFrom, type CredentialSource } from './credential-source.ts';
import { usesOf } from './credential-uses.ts';
import type { CredentialSetting, CredentialStore, CredentialValues, VersionRecord } from './credentials.ts';

export interface CredentialServiceDeps extends SettingsDeps {
  readonly database: Database;
  readonly credentials: CredentialStore;
  readonly sealer: Sealer;
  readonly now: () => number;
}

/** Changes of the vault: each in one transaction with its audit entry. Nothing here ever gives a secret out. */
export interface CredentialService {
  history(id: bigint): Promise<readonly VersionRecord[]>;
  create(values: CredentialValues, source: CredentialSource, by: string, record: RecordChange): Promise<bigint>;
  /** Name and note; key, kind and environment stay for ever. */
  update(
    id: bigint,
    version: number,
    patch: { readonly name?: string | undefined; readonly note?: string | undefined },
    record: RecordChange,
  ): Promise<void>;
  /** Another certificate and key in place of those in force; or, with a request, beside them until its certificate comes. */
  rotate(id: bigint, version: number, source: CredentialSource, by: string, record: RecordChange): Promise<void>;
  /** The certificate has come that was requested. */
  complete(id: bigint, version: number, certificates: string, by: string, record: RecordChange): Promise<void>;
  remove(id: bigint, record: RecordChange): Promise<void>;
}

/** The vault of credentials. They are settings too, so changes wait for those of other settings. */
export function createCredentialService(deps: CredentialServiceDeps): CredentialService {
  const { database, store, credentials, sealer } = deps;

  async function begin(tx: Queryable, id: bigint): Promise<{ state: SettingsState; old: CredentialSetting }> {
    await store.lock(tx);
    const state = await store.load(tx);
    const old = state.credentials.find((credential) => credential.id === id);
    if (old === undefined) throw new SettingsError('credential_unknown');
    return { state, old };
  }
  async function beginChange(tx: Queryable, id: bigint, version: number): Promise<CredentialSetting> {
    const { old } = await begin(tx, id);
    if (old.version !== version) {
      const reason = `You changed version ${version}; version ${old.version} is in force.`;
      throw new SettingsError('version_conflict', [{ place: 'version', reason }]);
    }
    return old;
  }
  const resource = (id: bigint) => ({ kind: 'credential' as const, id });

  return {
    history: (id) => credentials.readVersions(database, id),

    async create(values, source, by, record) {
      const first = await versionFrom(values.kind, source, by, deps);
      return database.transaction(async (tx) => {
        await store.lock(tx);
        const state = await store.load(tx);
        const id = deps.ids.next();
        const now = new Date(deps.now());
        const made = { ...values, id, version: 1, createdAt: now, updatedAt: now, active: null, pending: null };
        refuseNewProblems(state, { ...state, credentials: [...state.credentials, made] }, deps);
        await credentials.save(tx, id, values);
        await credentials.addVersion(tx, id, first);
        await record(tx, {
          resource: resource(id),
          detail: { key: values.key, name: values.name, kind: values.kind, from: source.from },
        });
        return id;
      });
    },

    update: (id, version, patch, record) =>
      database.transaction(async (tx) => {
        const old = await beginChange(tx, id, version);
        const next = { ...old, name: patch.name ?? old.name, note: patch.note ?? old.note };
        const changed = (['name', 'note'] as const).filter((field) => next[field] !== old[field]);
        if (changed.length === 0) return;
        await credentials.save(tx, id, next);
        await record(tx, { resource: resource(id), detail: { key: old.key, name: next.name, changed } });
      }),

    async rotate(id, version, source, by, record) {
      const known = (await store.load(database)).credentials.find((credential) => credential.id === id);
      if (known === undefined) throw new SettingsError('credential_unknown');
      const next = await versionFrom(known.kind, source, by, deps);
      await database.transaction(async (tx) => {
        const old = await beginChange(tx, id, version);
        await credentials.addVersion(tx, id, next);
        await credentials.save(tx, id, old);
        await record(tx, { resource: resource(id), detail: { key: old.key, name: old.name, from: source.from } });
      });
    },

    complete: (id, version, certificates, by, record) =>
      database.transaction(async (tx) => {
        const old = await beginChange(tx, id, version);
        if (old.pending === null) throw new SettingsError('credential_not_requested');
        const sealed = await credentials.readSecret(tx, old.pending.id);
        if (sealed === null) throw new SettingsError('credential_not_requested');
        const privateKey = sealer.open(SEALED_COLUMNS.credentialSecret, old.pending.id, sealed).toString('utf8');
        let material;
        try {
          material = identityForKey({ certificates, privateKey, now: deps.now() });
        } catch (error) {
          throw asSettingsError(error);
        }
        const { notAfter } = material;
        await credentials.completeVersion(tx, id, {
          id: old.pending.id,
          certificates: material.certificates,
          notAfter,
          by,
        });
        await credentials.save(tx, id, old);
        await record(tx, { resource: resource(id), detail: { key: old.key, name: old.name, from: 'certificate' } });
      }),

    remove: (id, record) =>
      database.transaction(async (tx) => {
        const { state, old } = await begin(tx, id);
        const uses = usesOf(old, state);
        if (uses.length > 0) {
          const names = uses.map(({ name }) => `“${name}”`).join(', ');
          throw new SettingsError('credential_in_use', [{ place: 'listeners', reason: `${names}.` }]);
        }
        await credentials.remove(tx, id);
        await record(tx, { resource: resource(id), detail: { key: old.key, name: old.name, kind: old.kind } });
      }),
  };
}
