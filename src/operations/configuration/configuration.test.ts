import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { credentialStore } from '../../store/credential-store.ts';
import { SettingsError } from '../../records/settings/settings-error.ts';
import {
  createSettingsHarness,
  environmentValues,
  listenerValues,
  systemValues,
  type SettingsHarness,
} from '../../records/settings/testing.ts';
import { applyConfiguration, diffConfiguration } from './apply-configuration.ts';
import { exportConfiguration } from './export-configuration.ts';
import type { ConfigurationDeps } from './plan-configuration.ts';

let harness: SettingsHarness;
let deps: ConfigurationDeps;
beforeAll(async () => {
  harness = await createSettingsHarness();
  deps = { ...harness.deps, codeTables: [] };
}, 60_000);
afterAll(() => harness.close());
beforeEach(async () => {
  await empty();
  harness.recorded.length = 0;
});

const empty = () => harness.database.query('truncate environments, systems, listeners, mappings, traffic cascade');
const apply = (text: string, digest?: string) => applyConfiguration(deps, { text, digest }, harness.record);
const changed = (diff: { changes: readonly { kind: string; key: string; change: string }[] }) =>
  diff.changes.filter(({ change }) => change !== 'same').map(({ kind, key, change }) => `${change} ${kind} ${key}`);

async function refusal(work: Promise<unknown>): Promise<SettingsError> {
  const error: unknown = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof SettingsError) return error;
  throw new Error(`expected a refusal, got ${String(error)}`);
}

const OWN_MAPPING = {
  format: 'practice-studio-mapping/1',
  key: 'clinic-own',
  version: 1,
  title: 'Own mapping of the clinic',
  source: 'hl7v2',
  target: 'patient',
  messages: ['ADT^A04'],
  rules: [],
  groups: [],
};

const SMALL = `format: practice-studio-configuration/1
environments:
  - { key: lab, name: Lab, kind: test }
systems:
  - key: clinic
    name: Clinic
    environment: lab
    product: test-pms
    product_version: "2"
    methods: [hl7]
listeners:
  - key: adt
    name: ADT
    system: clinic
    port: 7001
`;

/** Settings with awkward values: quotes, line breaks, characters that YAML means something by. */
async function awkward(): Promise<void> {
  const { settings, record } = harness;
  const environment = await settings.environments.create(
    environmentValues({
      kind: 'production',
      note: 'Two lines:\n- "quoted" #no comment\nyes: no',
      parameters: [
        { name: 'VPN', value: '0123', note: '' },
        { name: '~', value: 'null', note: 'é — “ok”' },
      ],
    }),
    record,
  );
  const system = await settings.systems.create(systemValues(environment.id, { note: '*star &amp' }), record);
  await settings.listeners.create(
    listenerValues(system.id, {
      allowedPeers: ['10.0.0.0/8', 'fd00::/8'],
      plaintextReason: 'IPsec tunnel.',
      node: 'a',
    }),
    record,
  );
  await apply(`format: practice-studio-configuration/1\nmappings: [${JSON.stringify(OWN_MAPPING)}]`);
}

describe('configuration as a file', () => {
  it('exported, applied to an empty database and exported again is the same text', async () => {
    await awkward();
    const text = await exportConfiguration(deps);
    await empty();
    expect(changed(await apply(text))).toEqual([
      'add environment lab',
      'add mapping clinic-own@1',
      'add system clinic',
      'add listener clinic-adt',
    ]);
    expect(await exportConfiguration(deps)).toBe(text);
  });

  it('applied again changes nothing, not even versions', async () => {
    await awkward();
    const before = await harness.settings.load();
    const diff = await apply(await exportConfiguration(deps));
    expect(changed(diff)).toEqual([]);
    expect(diff.changes).toHaveLength(4);
    expect(await harness.settings.load()).toEqual(before);
  });

  it('may be JSON', async () => {
    await apply(SMALL);
    const { listeners } = await harness.settings.load();
    expect(listeners[0]).toMatchObject({ key: 'adt', port: 7001, ackWhen: 'commit', host: '127.0.0.1' });
    const json = JSON.stringify({
      format: 'practice-studio-configuration/1',
      environments: [{ key: 'lab', name: 'Laboratory', kind: 'test' }],
    });
    expect(changed(await apply(json))).toEqual(['change environment lab']);
  });

  it('shows old and new of each field before it changes anything', async () => {
    await apply(SMALL);
    const text = SMALL.replace('7001', '7002').replace(
      'methods: [hl7]',
      'methods: [hl7]\n    settings: { retry: { max_attempts: 3 } }',
    );
    const diff = await diffConfiguration(deps, text);
    expect(diff.changes.filter(({ change }) => change === 'change')).toEqual([
      {
        kind: 'system',
        key: 'clinic',
        change: 'change',
        fields: [{ path: 'settings.retry.max_attempts', old: 12, new: 3 }],
      },
      { kind: 'listener', key: 'adt', change: 'change', fields: [{ path: 'port', old: 7001, new: 7002 }] },
    ]);
    expect((await harness.settings.load()).listeners[0]?.port).toBe(7001);
  });

  it('leaves what it does not name alone, and says so', async () => {
    await apply(SMALL);
    const other =
      'format: practice-studio-configuration/1\nenvironments:\n  - { key: other, name: Other, kind: test }\n';
    const diff = await apply(other);
    expect(diff.untouched).toEqual([
      { kind: 'environment', key: 'lab' },
      { kind: 'system', key: 'clinic' },
      { kind: 'listener', key: 'adt' },
    ]);
    expect((await harness.settings.load()).systems).toHaveLength(1);
  });

  it('lets two listeners swap their ports', async () => {
    const two = (first: number, second: number): string =>
      `${SMALL.replace('7001', String(first))}  - { key: oru, name: ORU, system: clinic, port: ${second} }\n`;
    await apply(two(7001, 7002));
    await apply(two(7002, 7001));
    const { listeners } = await harness.settings.load();
    expect(listeners.map(({ key, port, node }) => [key, port, node])).toEqual([
      ['adt', 7002, ''],
      ['oru', 7001, ''],
    ]);
  });

  it('is all or nothing, with its audit entry', async () => {
    const broken = applyConfiguration(deps, { text: SMALL }, () => Promise.reject(new Error('no audit')));
    await expect(broken).rejects.toThrow('no audit');
    expect((await harness.settings.load()).environments).toEqual([]);
    await apply(SMALL);
    expect(harness.recorded).toEqual([
      {
        resource: { kind: 'configuration', id: null },
        detail: { added: ['environment lab', 'system clinic', 'listener adt'], changed: [] },
      },
    ]);
  });

  it('with a digest applies exactly what was looked at', async () => {
    const { digest } = await diffConfiguration(deps, SMALL);
    expect((await refusal(apply(SMALL.replace('7001', '7002'), digest))).code).toBe('configuration_moved');
    await harness.settings.environments.create(environmentValues({ key: 'new' }), harness.record);
    expect((await refusal(apply(SMALL, digest))).code).toBe('configuration_moved');
    const fresh = await diffConfiguration(deps, SMALL);
    await apply(SMALL, fresh.digest);
    expect((await harness.settings.load()).listeners).toHaveLength(1);
  });
});

describe('what is wrong in a file', () => {
  const FORMAT = 'format: practice-studio-configuration/1\n';
  it.each([
    ['text that is not YAML', `${FORMAT}systems: [`, 'configuration_unreadable', /^line \d+, column \d+$/, /./],
    ['a key named twice in one object', `${FORMAT}format: x\n`, 'configuration_unreadable', /^line 2/, /unique/],
    [
      'another format',
      'format: practice-studio-configuration/9\n',
      'configuration_invalid',
      /^line 1, column 1 \(format\)$/,
      /practice-studio-configuration\/1/,
    ],
    [
      'a misspelt name',
      SMALL.replace('port:', 'prot:'),
      'configuration_invalid',
      /^line 15, column 5 \(listeners\[0\]\.prot\)$/,
      /misspelt/,
    ],
    [
      'a misspelt name deep inside',
      `${SMALL}    limits: { max_frame: 1 }\n`,
      'configuration_invalid',
      /^line 16, column 15 \(listeners\[0\]\.limits\.max_frame\)$/,
      /misspelt/,
    ],
    [
      'a version without quotes',
      SMALL.replace('"2"', '2'),
      'configuration_invalid',
      /^line 9, column 5 \(systems\[0\]\.product_version\)$/,
      /put it in quotes/,
    ],
    [
      'an unknown environment',
      SMALL.replace('environment: lab', 'environment: lap'),
      'configuration_invalid',
      /^line 7, column 5 \(systems\[0\]\.environment\)$/,
      /“lap”/,
    ],
    [
      'an unknown product',
      SMALL.replace('test-pms', 'tset-pms'),
      'configuration_invalid',
      /^line 8, column 5 \(systems\[0\]\.product\)$/,
      /test-pms/,
    ],
    [
      'a port that is taken',
      SMALL.replace('7001', '8480'),
      'configuration_invalid',
      /^line 15, column 5 \(listeners\[0\]\.port\)$/,
      /console/,
    ],
    [
      'plaintext in Production',
      SMALL.replace('kind: test', 'kind: production'),
      'configuration_invalid',
      /plaintext_reason/,
      /no TLS/,
    ],
    [
      'one key twice in a list',
      SMALL.replace('systems:', '  - { key: lab, name: Two, kind: test }\nsystems:'),
      'configuration_invalid',
      /^line 4, .*environments\[1\]\.key/,
      /twice/,
    ],
    [
      'a mapping that cannot be used',
      `${FORMAT}mappings:\n  - ${JSON.stringify({ ...OWN_MAPPING, target: 'moon' })}\n`,
      'configuration_invalid',
      /^line 3, .*mappings\[0\]\.target/,
      /patient/,
    ],
    [
      'an alias bomb',
      `${FORMAT}a: &a [${'x,'.repeat(9)}x]\nb: &b [${'*a,'.repeat(9)}*a]\nc: &c [${'*b,'.repeat(9)}*b]\nd: [${'*c,'.repeat(9)}*c]\n`,
      'configuration_unreadable',
      /line/,
      /aliases/,
    ],
  ])('%s is told with its line and column', async (_case, text, code, place, reason) => {
    const error = await refusal(apply(text));
    expect(error.code).toBe(code);
    expect(error.places[0]?.place).toMatch(place);
    expect(error.places[0]?.reason).toMatch(reason);
    expect((await harness.settings.load()).environments).toEqual([]);
  });

  it('names the setting outside of the file that a change would break', async () => {
    await apply(SMALL);
    const error = await refusal(apply(`${FORMAT}environments:\n  - { key: lab, name: Lab, kind: production }\n`));
    expect(error.places[0]?.place).toBe('listener adt (plaintext_reason), not in the file');
  });

  it('keeps the kind of an environment that has systems', async () => {
    await apply(SMALL.replace('kind: test', 'kind: production').replace(/listeners:[^]*/, ''));
    const error = await refusal(apply(`${FORMAT}environments:\n  - { key: lab, name: Lab, kind: development }\n`));
    expect(error.code).toBe('environment_kind_fixed');
    expect((await harness.settings.load()).environments[0]?.kind).toBe('production');
  });

  it('a stored version of a mapping with other content is refused', async () => {
    await apply(`${FORMAT}mappings: [${JSON.stringify(OWN_MAPPING)}]`);
    const error = await refusal(apply(`${FORMAT}mappings: [${JSON.stringify({ ...OWN_MAPPING, title: 'Other' })}]`));
    expect(error.places[0]?.reason).toMatch(/never changes/);
  });
});

describe('TLS of listeners in a file', () => {
  const text = (tls: string) => `format: practice-studio-configuration/1
environments:
  - { key: live, name: Live, kind: production }
systems:
  - { key: clinic, name: Clinic, environment: live, product: test-pms, product_version: "2", methods: [hl7] }
listeners:
  - key: adt
    name: ADT
    system: clinic
    port: 6690
    ${tls}
`;

  it('names certificates by the keys of credentials, which must be there', async () => {
    const tls = 'tls: { enabled: true, certificates: [hub], client_certificate: required, client_ca: partners }';
    const missing = await refusal(apply(text(tls)));
    expect(missing.places.map(({ place, reason }) => `${place} ${reason}`).join(' ')).toMatch(
      /listeners\[0\]\.tls\.certificates\[0\].*There is no credential “hub”.*client_ca.*“partners”/s,
    );
    await apply(text('enabled: false'));
    const { environments } = await harness.settings.load();
    const environmentId = environments.find(({ key }) => key === 'live')?.id ?? 0n;
    for (const [key, kind] of [['hub', 'tls_server'] as const, ['partners', 'ca_bundle'] as const]) {
      const id = deps.ids.next();
      await credentialStore.save(harness.database, id, { key, name: key, environmentId, kind, note: '' });
      const version = { state: 'active', certificates: 'PEM', request: '', secret: Buffer.from('sealed') } as const;
      await credentialStore.addVersion(harness.database, id, {
        ...version,
        ...{ id: deps.ids.next(), notAfter: new Date(2e12), createdBy: 'Ann' },
      });
    }
    expect(changed(await apply(text(tls)))).toEqual(['change listener adt']);
    const exported = await exportConfiguration(deps);
    expect(exported).toMatch(/certificates:\s+(- hub|\[ ?hub ?\])/);
    expect(exported).not.toMatch(/PEM|sealed|Ann/);
    expect(changed(await diffConfiguration(deps, exported))).toEqual([]);
  });

  it('writes a decision to do without TLS down with its reason', async () => {
    await apply(text("plaintext_reason: 'IPsec tunnel'"));
    expect(harness.recorded.at(-1)?.detail).toMatchObject({ without_tls: ['adt: IPsec tunnel'] });
    await apply(text("plaintext_reason: 'IPsec tunnel'\n    note: changed"));
    expect(harness.recorded.at(-1)?.detail).not.toHaveProperty('without_tls');
  });
});
