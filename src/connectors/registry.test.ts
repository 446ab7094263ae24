import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { codeTableDocument } from '../mapping/code-table.ts';
import { compileMapping } from '../mapping/compile-mapping.ts';
import { parseMapping } from '../mapping/mapping-format.ts';
import { DEFAULT_CODE_TABLES } from './code-tables/default-code-tables.ts';
import { connectorProfile } from './profile-format.ts';
import { capabilities, DEFAULT_MAPPINGS, PRODUCT_CATALOGUE, PRODUCTS } from './registry.ts';

const offered = (product: string, version: string) =>
  Object.fromEntries((capabilities(product, version) ?? []).map(({ method, offered }) => [method, offered]));

describe('the product catalogue', () => {
  it('has the products of NextGen and none that does not work yet', () => {
    expect(PRODUCT_CATALOGUE.keys).toEqual(['nextgen-enterprise', 'nextgen-office', 'nextgen-kbm']);
    expect(new Set(PRODUCTS.map(({ vendor }) => vendor))).toEqual(new Set(['NextGen']));
  });

  it('holds profiles as the format wants them, each version once', () => {
    for (const { profile } of PRODUCTS) {
      expect(connectorProfile.parse(profile), profile.key).toEqual(profile);
      const keys = profile.versions.map(({ key }) => key);
      expect(new Set(keys).size, profile.key).toBe(keys.length);
      expect(existsSync(new URL(`../../${profile.guide}`, import.meta.url)), profile.guide).toBe(true);
    }
  });

  it('offers HL7 for every version, and says why the rest is not offered', () => {
    for (const { key, versions } of PRODUCTS) {
      for (const version of versions) {
        expect(offered(key, version.key), `${key} ${version.key}`).toEqual({ api: false, hl7: true, file: false });
        for (const { note } of version.methods) expect(note).toMatch(/\.$/);
      }
    }
  });

  it('tells what the version lacks from what this program lacks', () => {
    const api = (version: string) =>
      capabilities('nextgen-enterprise', version)?.find(({ method }) => method === 'api');
    expect(api('5.8.x')?.note).toContain('5.8.x and older');
    expect(api('6.0.x')?.note).toContain('Practice Studio');
    const profile = PRODUCT_CATALOGUE.product('nextgen-enterprise')?.profile;
    expect(profile?.versions.map(({ key, methods }) => [key, methods.api.offered])).toEqual([
      ['6.0.x', true],
      ['5.9.x', true],
      ['5.8.x', false],
    ]);
    expect(PRODUCTS[0]?.versions.map(({ limits }) => limits !== '')).toEqual([false, true, true]);
  });

  it('marks the messages that are really processed', () => {
    const messages = PRODUCT_CATALOGUE.product('nextgen-enterprise')?.hl7_messages ?? [];
    const supported = messages.filter((message) => message.supported).map(({ type }) => type);
    expect(supported).toEqual(expect.arrayContaining(['ADT^A04', 'ADT^A40', 'ORU^R01', 'VXU^V04']));
    expect(supported).not.toContain('DFT^P03');
    expect(messages.find(({ type }) => type === 'SIU^S12')).toMatchObject({ direction: 'both ways', supported: false });
  });

  it('knows nothing of other products and versions', () => {
    expect(PRODUCT_CATALOGUE.product('epic')).toBeUndefined();
    expect(capabilities('nextgen-enterprise', '4.0')).toBeUndefined();
  });
});

describe('the default mappings', () => {
  it('are JSON, valid, and compile with the default code tables', () => {
    expect(DEFAULT_MAPPINGS.length).toBeGreaterThan(0);
    for (const { key, version, body } of DEFAULT_MAPPINGS) {
      const document: unknown = JSON.parse(JSON.stringify(body));
      expect(document).toEqual(body);
      const compiled = compileMapping(parseMapping(document), DEFAULT_CODE_TABLES);
      expect([compiled.key, compiled.version]).toEqual([key, version]);
    }
  });

  it('exist for every product', () => {
    const keys = DEFAULT_MAPPINGS.map(({ key }) => key);
    for (const { key, patientMappingKey } of PRODUCTS) expect(keys, key).toContain(patientMappingKey);
  });

  it('come with code tables in capitals, each key once', () => {
    const keys = DEFAULT_CODE_TABLES.map(({ key }) => key);
    expect(new Set(keys).size).toBe(keys.length);
    for (const table of DEFAULT_CODE_TABLES) {
      codeTableDocument.parse(table);
      for (const from of Object.keys(table.entries)) expect(from, table.key).toBe(from.toUpperCase());
    }
  });
});
