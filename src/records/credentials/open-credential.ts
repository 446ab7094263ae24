import type { Sealer } from '../../security/sealing.ts';
import type { Queryable } from '../../store/queryable.ts';
import { SEALED_COLUMNS } from '../../store/sealed-columns.ts';
import type { CredentialSetting, CredentialStore } from './credentials.ts';

/** A certificate with its private key, to be used and not to be kept. */
export interface OpenedIdentity {
  readonly certificates: string;
  readonly privateKey: string;
}

/** Takes secrets out of the vault for the program's own use; every use is on record. */
export interface CredentialOpener {
  /** Undefined when nothing is in force, or when it was replaced in this very moment. */
  identity(credential: CredentialSetting, usedBy: string): Promise<OpenedIdentity | undefined>;
}

/** Tells the audit log what a credential is used for. */
export type RecordUse = (use: {
  readonly credentialId: bigint;
  readonly key: string;
  readonly number: number;
  readonly usedBy: string;
}) => Promise<void>;

/** Makes the opener; the same version for the same purpose is recorded once in the life of the program. */
export function createCredentialOpener(deps: {
  readonly database: Queryable;
  readonly credentials: Pick<CredentialStore, 'readSecret'>;
  readonly sealer: Pick<Sealer, 'open'>;
  readonly record: RecordUse;
}): CredentialOpener {
  const recorded = new Set<string>();
  return {
    async identity({ id, key, active }, usedBy) {
      if (active === null) return undefined;
      const sealed = await deps.credentials.readSecret(deps.database, active.id);
      if (sealed === null) return undefined;
      const privateKey = deps.sealer.open(SEALED_COLUMNS.credentialSecret, active.id, sealed).toString('utf8');
      const use = `${active.id} ${usedBy}`;
      if (!recorded.has(use)) {
        await deps.record({ credentialId: id, key, number: active.number, usedBy });
        recorded.add(use);
      }
      return { certificates: active.certificates, privateKey };
    },
  };
}
