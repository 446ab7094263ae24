import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DEFAULT_CODE_TABLES } from '../connectors/code-tables/default-code-tables.ts';
import { DEFAULT_MAPPINGS, PRODUCT_CATALOGUE } from '../connectors/registry.ts';
import type { FeedAnalysis, DryRun } from '../contract/feed-analysis.ts';
import { createIdGenerator } from '../domain/ids.ts';
import { fqhcFeed } from '../mapping/feed-profile/testing.ts';
import { ensureDefaultMappings, ensureFirstEnvironments } from '../records/settings/default-settings.ts';
import { createSettingsService } from '../records/settings/settings-service.ts';
import { Keyring } from '../security/keyring.ts';
import { createSealer } from '../security/sealing.ts';
import { testKeyringData } from '../security/test-support.ts';
import type { PgDatabase } from '../store/pg-database.ts';
import { settingsStore } from '../store/settings-store.ts';
import { createFeedAnalysisHandlers } from './feed-analyses.ts';
import type { AnyHandler } from './register-routes.ts';
import { createApiHarness, type ApiHarness } from './testing.ts';

const BASE = { key: 'nextgen.patient', version: 1 };
const feed = fqhcFeed(60).join('');

let api: ApiHarness;
let database: PgDatabase;
let system = '';
let engineer = '';

beforeAll(async () => {
  api = await createApiHarness({ requestsPerMinute: 100_000 });
  database = api.database;
  const ids = createIdGenerator({ node: 2, now: Date.now });
  const deps = { database, store: settingsStore, ids, catalogue: PRODUCT_CATALOGUE, reserved: [] };
  await ensureFirstEnvironments(deps);
  await ensureDefaultMappings(deps, DEFAULT_MAPPINGS, { strict: true });
  const settings = createSettingsService(deps);
  const [environment] = (await settings.load()).environments;
  const saved = await settings.systems.create(
    {
      key: 'maple',
      name: 'Maple Health',
      environmentId: environment?.id ?? 0n,
      product: 'nextgen-enterprise',
      productVersion: '6.0.x',
      methods: ['hl7'],
      timeZone: 'America/Chicago',
      country: 'US',
      note: '',
      enabled: true,
      settings: {
        retry: { max_attempts: 3, first_delay_seconds: 1, max_delay_seconds: 2, deadline_seconds: 60 },
        hold_after_failure_seconds: 0,
        duplicate_window_hours: 1,
        positions: {},
      },
      mappingKey: null,
    },
    () => Promise.resolve(),
  );
  system = String(saved.id);
  const handlers = createFeedAnalysisHandlers({
    settings: { ...deps, codeTables: DEFAULT_CODE_TABLES },
    sealer: createSealer({ keyring: new Keyring(testKeyringData()) }),
    now: Date.now,
    changed: () => Promise.resolve(),
    uploadLimits: { maxBytes: 2_000_000 },
  });
  for (const [name, handler] of Object.entries(handlers)) {
    api.stubs.set(name as keyof typeof handlers, handler as unknown as AnyHandler);
  }
  engineer = await api.tokenOf('integration_engineer');
}, 120_000);
afterAll(() => api.close());

const post = (url: string, payload: string | object, token = engineer) =>
  api.app.inject({
    method: 'POST',
    url,
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': typeof payload === 'string' ? 'application/hl7-v2' : 'application/json',
    },
    payload,
  });
const draft = {
  base: BASE,
  positions: { sliding_fee: 'ZFS-2.1' },
  sources: [{ target: 'financial_class', path: 'ZFS-3', first: true }],
  codes: { race: { W1: '2106-3' } },
};

describe('the sample-feed analyzer', () => {
  it('answers the profile of an uploaded file, held against the mapping in force, masked', async () => {
    const response = await post(`/api/feed-analyses/samples?system=${system}`, feed);
    expect(response.statusCode).toBe(200);
    const analysis = response.json<FeedAnalysis>();
    expect(analysis.profile.messages).toBe(60);
    expect(analysis.review).toMatchObject({ ...BASE, messages: 60, failing: 0 });
    expect(analysis.review?.proposals[0]).toMatchObject({ name: 'sliding_fee', path: 'ZFS-2.1' });
    expect(response.body).not.toContain('ABBOTT');
    expect(response.body).not.toContain('700100');
    expect((await api.audited()).at(-1)).toMatchObject({
      action: 'feed-analyzed',
      detail: { messages: 60, examples: 'masked', saved: false },
    });
  });

  it('shows values to those who may see patients, and writes that down', async () => {
    const response = await post(`/api/feed-analyses/samples?reveal=true`, feed);
    expect(response.body).toContain('ABBOTT');
    expect((await api.audited()).at(-1)?.detail).toMatchObject({ examples: 'shown' });
    const operator = await api.tokenOf('operator');
    expect((await post('/api/feed-analyses/samples', feed, operator)).statusCode).toBe(403);
  });

  it('refuses what is too large, and what has no message in it', async () => {
    const large = await post('/api/feed-analyses/samples', feed.repeat(150));
    expect(large.json()).toMatchObject({ code: 'body_too_large', status: 413 });
    expect((await post('/api/feed-analyses/samples', 'PatientID,FirstName\n1,Ann\n')).json()).toMatchObject({
      code: 'no_messages',
    });
  });

  it('runs the samples through a draft and writes nothing', async () => {
    const before = await database.query('select count(*) from patients');
    const response = await post(
      `/api/feed-analyses/dry-run/samples?system=${system}`,
      `${JSON.stringify(draft)}\n${feed}MSH|^~\\&|A|B|C|D|20260101||SIU^S12|X1|P|2.3\rPID|1\r`,
    );
    expect(response.statusCode).toBe(200);
    const run = response.json<DryRun>();
    expect(run).toMatchObject({ messages: 61, mapped: 60, failed: 0 });
    const row = run.targets.find(({ target }) => target === 'sliding_fee_class');
    expect(row).toMatchObject({ before: 0, after: 60 });
    expect(response.body).not.toContain('ABBOTT');
    expect(run.items[0]?.fields.find(({ path }) => path === 'last_name')).toMatchObject({ masked: true });
    expect(await database.query('select count(*) from patients')).toMatchObject({ rows: before.rows });
  });

  it('says what is wrong with a draft', async () => {
    const url = `/api/feed-analyses/dry-run/samples?system=${system}`;
    expect((await post(url, `nonsense\n${feed}`)).json()).toMatchObject({ code: 'draft_unreadable' });
    const bad = { ...draft, sources: [{ target: 'shoe_size', path: 'ZFS-3' }] };
    expect((await post(url, `${JSON.stringify(bad)}\n${feed}`)).json()).toMatchObject({ code: 'settings_invalid' });
    const stale = { ...draft, base: { ...BASE, version: 9 } };
    expect((await post(url, `${JSON.stringify(stale)}\n${feed}`)).json()).toMatchObject({ code: 'version_conflict' });
  });

  it('stores an accepted draft as a new version of the system’s own mapping', async () => {
    const response = await post(`/api/systems/${system}/mappings/patient`, { draft, note: 'From the sample feed' });
    expect(response.json()).toMatchObject({ key: 'maple.patient', version: 1 });
    const again = {
      ...draft,
      base: { key: 'maple.patient', version: 1 },
      positions: {},
      sources: [],
      codes: { race: { BLK: '2054-5' } },
    };
    const second = await post(`/api/systems/${system}/mappings/patient`, { draft: again });
    expect(second.json()).toMatchObject({ key: 'maple.patient', version: 2 });
    const state = await settingsStore.load(database);
    expect(state.systems[0]?.mappingKey).toBe('maple.patient');
    const body = state.mappings.find(({ key, version }) => key === 'maple.patient' && version === 2)?.body as {
      codes: unknown;
      positions: { sliding_fee: { path: string } };
    };
    expect(body.codes).toEqual({ race: { W1: '2106-3', BLK: '2054-5' } });
    expect(body.positions.sliding_fee.path).toBe('ZFS-2.1');
    const after = await post(`/api/feed-analyses/samples?system=${system}`, feed);
    const review = after.json<FeedAnalysis>().review;
    expect(review?.proposals.find(({ name }) => name === 'sliding_fee')?.state).toBe('covered');
    const wrong = { ...again, base: { key: 'maple.patient', version: 2 }, codes: { race: { ZZ: 'no-code' } } };
    expect((await post(`/api/systems/${system}/mappings/patient`, { draft: wrong })).statusCode).toBe(422);
  });

  it('keeps an analysis sealed, lists, opens and removes it', async () => {
    const response = await post(`/api/feed-analyses/samples?system=${system}&save=March`, feed);
    const { id } = response.json<FeedAnalysis>();
    const stored = await database.query<{ content: Buffer }>('select content from feed_analyses');
    expect(stored.rows).toHaveLength(1);
    expect(stored.rows[0]?.content.includes('ABBOTT')).toBe(false);
    const get = (url: string) => api.app.inject({ url, headers: { authorization: `Bearer ${engineer}` } });
    expect((await get('/api/feed-analyses')).json()).toMatchObject({
      items: [{ id, name: 'March', system_name: 'Maple Health', messages: 60 }],
    });
    const masked = await get(`/api/feed-analyses/${id}`);
    expect(masked.body).not.toContain('ABBOTT');
    expect(masked.json<FeedAnalysis>().review?.targets.length).toBeGreaterThan(30);
    expect((await get(`/api/feed-analyses/${id}?reveal=true`)).body).toContain('ABBOTT');
    const removed = await api.app.inject({
      method: 'DELETE',
      url: `/api/feed-analyses/${id}`,
      headers: { authorization: `Bearer ${engineer}` },
    });
    expect(removed.statusCode).toBe(200);
    expect((await get(`/api/feed-analyses/${id}`)).json()).toMatchObject({ code: 'feed_analysis_unknown' });
  });

  it('exports an interface specification without values of patients', async () => {
    const analysis = (await post(`/api/feed-analyses/samples?system=${system}&reveal=true`, feed)).json<FeedAnalysis>();
    const markdown = await post('/api/feed-analyses/specification', { analysis, format: 'markdown' });
    const { text, file_name } = markdown.json<{ text: string; file_name: string }>();
    expect(file_name).toBe('interface-specification-maple-health.md');
    expect(text).toContain('| PID-5.1 | Family Name |');
    expect(text).toContain('Last name');
    expect(text).toContain('A = Slide A 0-100% (20)');
    expect(text).not.toContain('ABBOTT');
    const csv = (await post('/api/feed-analyses/specification', { analysis, format: 'csv', examples: true })).json<{
      text: string;
    }>();
    expect(csv.text.split('\r\n')[0]).toContain('segment,path,name');
    expect(csv.text).toContain('ABBOTT');
  });
});
