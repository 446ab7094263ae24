import type { z } from 'zod';
import type { credential as credentialSchema, credentialSource } from '../contract/credentials.ts';
import { expiryOf } from '../domain/expiry.ts';
import type { CredentialService } from '../records/credentials/credential-service.ts';
import type { CredentialSource } from '../records/credentials/credential-source.ts';
import { usesOf } from '../records/credentials/credential-uses.ts';
import type { CredentialSetting } from '../records/credentials/credentials.ts';
import type { CredentialOpener } from '../records/credentials/open-credential.ts';
import { testCredential } from '../records/credentials/test-credential.ts';
import { SettingsError } from '../records/settings/settings-error.ts';
import type { RecordChange } from '../records/settings/settings-service.ts';
import type { SettingsState } from '../records/settings/settings.ts';
import { factsOf, readCertificates } from '../security/vault/certificate-facts.ts';
import type { CallContext, Handlers } from './handler.ts';

type Names = 'listCredentials' | `${'get' | 'create' | 'update' | 'rotate' | 'complete' | 'test' | 'delete'}Credential`;

/** The vault of credentials. No answer ever holds a private key or a passphrase. */
export function createCredentialHandlers(deps: {
  readonly service: CredentialService;
  readonly load: () => Promise<SettingsState>;
  readonly opener: CredentialOpener;
  readonly now: () => number;
  /** Called after a change is committed: listeners take new certificates over. */
  readonly changed: () => Promise<void>;
}): Pick<Handlers, Names> {
  const { service } = deps;

  async function find(id: bigint): Promise<{ state: SettingsState; credential: CredentialSetting }> {
    const state = await deps.load();
    const credential = state.credentials.find((each) => each.id === id);
    if (credential === undefined) throw new SettingsError('credential_unknown');
    return { state, credential };
  }
  async function view(id: bigint) {
    const { state, credential } = await find(id);
    return credentialView(credential, state, deps.now());
  }

  return {
    async listCredentials({ query }) {
      const state = await deps.load();
      const shown = state.credentials.filter(
        ({ environmentId }) => query.environment === undefined || String(environmentId) === query.environment,
      );
      return { items: shown.map((each) => credentialView(each, state, deps.now())) };
    },

    async getCredential({ params }) {
      const id = BigInt(params.id);
      const shown = await view(id);
      const history = await service.history(id);
      return {
        ...shown,
        history: history.map(({ number, state, notAfter, createdAt, createdBy }) => ({
          number,
          state,
          not_after: notAfter?.toISOString() ?? null,
          created_at: createdAt.toISOString(),
          by: createdBy,
        })),
      };
    },

    async createCredential({ body, context }) {
      const { source, environment_id, ...rest } = body;
      const values = { ...rest, environmentId: BigInt(environment_id) };
      const id = await service.create(values, sourceOf(source), context.actor.name, recorder(context));
      await deps.changed();
      return view(id);
    },

    async updateCredential({ params, body, context }) {
      const id = BigInt(params.id);
      const { version, ...patch } = body;
      await service.update(id, version, patch, recorder(context));
      await deps.changed();
      return view(id);
    },

    async rotateCredential({ params, body, context }) {
      const id = BigInt(params.id);
      await service.rotate(id, body.version, sourceOf(body.source), context.actor.name, recorder(context));
      await deps.changed();
      return view(id);
    },

    async completeCredential({ params, body, context }) {
      const id = BigInt(params.id);
      await service.complete(id, body.version, body.certificates, context.actor.name, recorder(context));
      await deps.changed();
      return view(id);
    },

    async testCredential({ params, context }) {
      const { credential } = await find(BigInt(params.id));
      const identity = credential.kind === 'ca_bundle' ? undefined : await deps.opener.identity(credential, 'test');
      const steps = await testCredential(credential, identity, deps.now());
      const failed = steps.filter(({ result }) => result === 'failed').map(({ name }) => name);
      context.audit({ detail: { key: credential.key, ...(failed.length === 0 ? {} : { failed }) } });
      return { steps };
    },

    async deleteCredential({ params, context }) {
      await service.remove(BigInt(params.id), recorder(context));
      await deps.changed();
      return { ok: true };
    },
  };
}

function recorder(context: CallContext): RecordChange {
  return (tx, entry) => context.auditWithin(tx, entry);
}

function sourceOf(source: z.output<typeof credentialSource>): CredentialSource {
  if (source.from === 'pem') {
    const { certificates, private_key: privateKey, passphrase } = source;
    return { from: 'pem', certificates, privateKey, passphrase };
  }
  if (source.from === 'pkcs12') {
    return { from: 'pkcs12', file: Buffer.from(source.file, 'base64'), passphrase: source.passphrase };
  }
  const { common_name: commonName, ...rest } = source;
  return { ...rest, commonName };
}

function credentialView(
  credential: CredentialSetting,
  state: SettingsState,
  now: number,
): z.input<typeof credentialSchema> {
  const { active, pending } = credential;
  return {
    id: String(credential.id),
    key: credential.key,
    name: credential.name,
    environment_id: String(credential.environmentId),
    kind: credential.kind,
    note: credential.note,
    version: credential.version,
    created_at: credential.createdAt.toISOString(),
    updated_at: credential.updatedAt.toISOString(),
    active: active === null ? null : activeView(active, now),
    pending:
      pending === null
        ? null
        : {
            number: pending.number,
            since: pending.createdAt.toISOString(),
            by: pending.createdBy,
            request: pending.request,
          },
    used_by: usesOf(credential, state).map(({ kind, id, key, name }) => ({ kind, id: String(id), key, name })),
  };
}

function activeView(active: NonNullable<CredentialSetting['active']>, now: number) {
  const { daysLeft, state } = expiryOf(active.notAfter, now);
  return {
    number: active.number,
    since: active.createdAt.toISOString(),
    by: active.createdBy,
    not_after: active.notAfter.toISOString(),
    days_left: daysLeft,
    state,
    certificates: readCertificates(active.certificates).map((certificate) => {
      const facts = factsOf(certificate);
      return {
        subject: facts.subject,
        issuer: facts.issuer,
        alternative_names: facts.alternativeNames,
        not_before: facts.notBefore.toISOString(),
        not_after: facts.notAfter.toISOString(),
        fingerprint: facts.fingerprint,
        serial: facts.serial,
        public_key: facts.publicKey,
        authority: facts.authority,
        self_signed: facts.selfSigned,
      };
    }),
    pem: active.certificates,
  };
}
