import type { Queryable } from '../../store/queryable.ts';

/** What the vault keeps. */
export const CREDENTIAL_KINDS = ['tls_server', 'tls_client', 'ca_bundle'] as const;
export type CredentialKind = (typeof CREDENTIAL_KINDS)[number];

export interface CredentialValues {
  /** Never changed: listeners, senders and configuration files refer to it. */
  readonly key: string;
  readonly name: string;
  readonly environmentId: bigint;
  readonly kind: CredentialKind;
  readonly note: string;
}

/** What a credential consists of since a time. Its private key is not here: only the vault opens it. */
export interface CredentialVersion {
  readonly id: bigint;
  readonly number: number;
  /** PEM; the certificate itself first. */
  readonly certificates: string;
  /** Of the certificate itself; of a bundle the earliest. */
  readonly notAfter: Date;
  readonly createdAt: Date;
  readonly createdBy: string;
}

/** A version that waits for the certificate that was asked for. */
export interface PendingVersion {
  readonly id: bigint;
  readonly number: number;
  /** PEM (PKCS#10). */
  readonly request: string;
  readonly createdAt: Date;
  readonly createdBy: string;
}

/** A credential as everybody may see it who sees settings: without its secret. */
export interface CredentialSetting extends CredentialValues {
  readonly id: bigint;
  readonly version: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  /** In force; null while the first certificate has not come yet. */
  readonly active: CredentialVersion | null;
  readonly pending: PendingVersion | null;
}

/** A version to be stored. */
export interface NewVersion {
  readonly id: bigint;
  readonly state: 'active' | 'pending';
  readonly certificates: string;
  readonly request: string;
  readonly notAfter: Date | null;
  /** Sealed. */
  readonly secret: Buffer | null;
  readonly createdBy: string;
}

/** What the vault needs of the store; the settings themselves are read with all others. */
export interface CredentialStore {
  save(tx: Queryable, id: bigint, values: CredentialValues): Promise<void>;
  /** Adds a version. An active one supersedes the one in force, whose secret is erased; a pending one the last pending. */
  addVersion(tx: Queryable, credentialId: bigint, version: NewVersion): Promise<void>;
  /** The certificate of the pending version has come: it is in force from now on. */
  completeVersion(
    tx: Queryable,
    credentialId: bigint,
    version: { readonly id: bigint; readonly certificates: string; readonly notAfter: Date; readonly by: string },
  ): Promise<void>;
  /** The sealed private key of a version; null when it has none. */
  readSecret(db: Queryable, versionId: bigint): Promise<Buffer | null>;
  /** All versions that a credential ever had, the newest first. */
  readVersions(db: Queryable, credentialId: bigint): Promise<readonly VersionRecord[]>;
  remove(tx: Queryable, id: bigint): Promise<void>;
}

/** One line of a credential's history. */
export interface VersionRecord {
  readonly number: number;
  readonly state: 'pending' | 'active' | 'superseded';
  readonly notAfter: Date | null;
  readonly createdAt: Date;
  readonly createdBy: string;
}
