import { expect, it } from 'vitest';
import { DEFAULT_MAPPINGS, PRODUCTS } from '../../src/connectors/registry.ts';
import { ROUTES } from '../../src/engine/worker/route.ts';
import { readText } from '../support/checkout.ts';

/** What the engine routes, the default mappings read, the products promise and the guide tells must be one and the same. */
const routed = Object.keys(ROUTES).toSorted();

it('the default mappings read what is routed, and no more', () => {
  const mapped = new Set(DEFAULT_MAPPINGS.flatMap(({ body }) => body.messages));
  expect([...mapped].toSorted()).toEqual(routed);
});

it('a product promises only what is routed', () => {
  const promised = PRODUCTS.flatMap((product) => product.hl7_messages).filter(({ supported }) => supported);
  expect(promised.length).toBeGreaterThan(0);
  expect([...new Set(promised.map(({ type }) => type))].toSorted()).toEqual(routed);
});

it('the guide tells what is routed', () => {
  const sentence = /^Processed: ADT ([^.]*)\./m.exec(readText('docs/guides/nextgen.md'))?.[1] ?? '';
  const told = sentence.match(/[A-Z]\d{2}/g) ?? [];
  expect(told.map((trigger) => `ADT^${trigger}`).toSorted()).toEqual(routed);
});
