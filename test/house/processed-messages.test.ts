import { expect, it } from 'vitest';
import { DEFAULT_MAPPINGS, PRODUCTS } from '../../src/connectors/registry.ts';
import { isProcessed, ROUTES } from '../../src/engine/worker/route.ts';
import { readText } from '../support/checkout.ts';

/** What the engine processes, the default mappings read, the products promise and the guide tells must be one and the same. */
const processed = ROUTES.filter(isProcessed);
const types = processed.map(({ type }) => type).toSorted();

it('the default mappings read what changes patients, and no more', () => {
  const ofPatients = processed.filter(({ target }) => target === 'patient' || target === 'merge');
  const mapped = new Set(DEFAULT_MAPPINGS.flatMap(({ body }) => body.messages));
  expect([...mapped].toSorted()).toEqual(ofPatients.map(({ type }) => type).toSorted());
});

it('a product promises only what is processed', () => {
  const promised = PRODUCTS.flatMap((product) => product.hl7_messages).filter(({ supported }) => supported);
  expect([...new Set(promised.map(({ type }) => type))].toSorted()).toEqual(types);
});

it('the guide tells what is processed', () => {
  const sentence = /^Processed: ([^.]*)\./m.exec(readText('docs/guides/nextgen.md'))?.[1] ?? '';
  let code = '';
  const told: string[] = [];
  for (const [word] of sentence.matchAll(/[A-Z]{3}|[A-Z]\d{2}/g)) {
    if (word.length === 3 && /^[A-Z]{3}$/.test(word)) code = word;
    else told.push(`${code}^${word}`);
  }
  expect(told.toSorted()).toEqual(types);
});
