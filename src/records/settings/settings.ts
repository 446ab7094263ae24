import type { Queryable } from '../../store/queryable.ts';
import type { CredentialSetting } from '../credentials/credentials.ts';
import type { SystemPositions } from './system-positions.ts';

/** What is kept of every setting beside its values. `version` grows with each change (optimistic locking). */
export interface Kept {
  readonly id: bigint;
  readonly version: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export interface EnvironmentValues {
  readonly key: string;
  readonly name: string;
  readonly kind: 'development' | 'test' | 'production';
  readonly note: string;
  readonly parameters: readonly { readonly name: string; readonly value: string; readonly note: string }[];
}
export type EnvironmentSetting = EnvironmentValues & Kept;

export type IntegrationMethod = 'api' | 'hl7' | 'file';

/** Policies of one system, stored as they are written in the API and in configuration files. */
export interface SystemOptions {
  readonly retry: {
    readonly max_attempts: number;
    readonly first_delay_seconds: number;
    readonly max_delay_seconds: number;
    readonly deadline_seconds: number;
  };
  readonly hold_after_failure_seconds: number;
  readonly duplicate_window_hours: number;
  readonly positions: SystemPositions;
}

export interface SystemValues {
  readonly key: string;
  readonly name: string;
  readonly environmentId: bigint;
  readonly product: string;
  readonly productVersion: string;
  readonly methods: readonly IntegrationMethod[];
  readonly timeZone: string;
  readonly country: string;
  readonly note: string;
  readonly enabled: boolean;
  readonly settings: SystemOptions;
  /** The key of an own mapping; null = the default of the product. */
  readonly mappingKey: string | null;
}
export type SystemSetting = SystemValues & Kept;

export interface ListenerLimits {
  readonly max_frame_bytes: number;
  readonly idle_timeout_seconds: number;
  readonly max_connections: number;
  readonly max_connections_per_peer: number;
  readonly max_in_flight_per_connection: number;
}

/** TLS of a listener, stored as it is written in the API and in configuration files. */
export interface ListenerTls {
  readonly enabled: boolean;
  /** Keys of credentials; the first is shown unless the sender asks for a name that another one has. */
  readonly certificates: readonly string[];
  readonly client_certificate: 'none' | 'optional' | 'required';
  /** Key of the bundle that client certificates come from; null: they are known by fingerprint. */
  readonly client_ca: string | null;
  readonly allowed_certificates: readonly string[];
  readonly handshake_timeout_seconds: number;
}

export interface ListenerValues {
  readonly key: string;
  readonly name: string;
  readonly systemId: bigint;
  readonly host: string;
  readonly port: number;
  readonly enabled: boolean;
  /** Only this node listens; empty = every node does. */
  readonly node: string;
  readonly ackWhen: 'commit' | 'processed';
  readonly ackMode: 'auto' | 'original' | 'enhanced';
  readonly ackTimeoutSeconds: number;
  readonly allowedPeers: readonly string[];
  readonly limits: ListenerLimits;
  readonly tls: ListenerTls;
  readonly plaintextReason: string;
  readonly note: string;
}
export type ListenerSetting = ListenerValues & Kept;

/** One version of a field mapping; never changed once stored. */
export interface MappingValues {
  readonly key: string;
  readonly category: string;
  readonly version: number;
  readonly origin: 'default' | 'own';
  readonly body: unknown;
}
export interface MappingSetting extends MappingValues {
  readonly id: bigint;
  readonly checksum: string;
}

/** Everything that is set up, as one consistent picture. These tables are small: tens of rows, not thousands. */
export interface SettingsState {
  readonly environments: readonly EnvironmentSetting[];
  readonly systems: readonly SystemSetting[];
  readonly listeners: readonly ListenerSetting[];
  /** Every version of every mapping, oldest version first. */
  readonly mappings: readonly MappingSetting[];
  /** Without their secrets. */
  readonly credentials: readonly CredentialSetting[];
}

/** What the settings services need from the store. Writes happen under {@link SettingsStore.lock}. */
export interface SettingsStore {
  /** Waits until no other transaction changes settings; held until the end of the transaction. */
  lock(tx: Queryable): Promise<void>;
  load(db: Queryable): Promise<SettingsState>;
  saveEnvironment(tx: Queryable, id: bigint, values: EnvironmentValues): Promise<EnvironmentSetting>;
  saveSystem(tx: Queryable, id: bigint, values: SystemValues): Promise<SystemSetting>;
  saveListener(tx: Queryable, id: bigint, values: ListenerValues): Promise<ListenerSetting>;
  /** Frees the addresses of listeners that are about to be saved, so that two of them can swap ports. */
  freeAddresses(tx: Queryable, listenerIds: readonly bigint[]): Promise<void>;
  /** Adds a version of a mapping. */
  addMapping(tx: Queryable, id: bigint, values: MappingValues, checksum: string): Promise<MappingSetting>;
  removeEnvironment(tx: Queryable, id: bigint): Promise<void>;
  removeSystem(tx: Queryable, id: bigint): Promise<void>;
  removeListener(tx: Queryable, id: bigint): Promise<void>;
  /** Whether anything was ever received for a system or by a listener. */
  hasMessages(tx: Queryable, of: { readonly systemId: bigint } | { readonly listenerId: bigint }): Promise<boolean>;
}
