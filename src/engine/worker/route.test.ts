import { describe, expect, it } from 'vitest';
import { isProcessed, ROUTES, routeOf } from './route.ts';

describe('the routing table', () => {
  it.each([
    ['patient', 'ADT^A01 ADT^A03 ADT^A04 ADT^A08 ADT^A11 ADT^A28 ADT^A31'],
    ['merge', 'ADT^A40'],
    ['appointment', 'SIU^S12 SIU^S13 SIU^S14 SIU^S15 SIU^S17 SIU^S26'],
    ['result', 'ORU^R01'],
    ['document', 'MDM^T01 MDM^T02 MDM^T06 MDM^T11'],
    ['charge', 'DFT^P03'],
    ['order', 'ORM^O01 OML^O21'],
    ['immunization', 'VXU^V04'],
  ])('sends to %s: %s', (target, types) => {
    for (const type of types.split(' ')) {
      const [code = '', event] = type.split('^');
      expect(routeOf(code, event)).toMatchObject({ type, target });
    }
    expect(ROUTES.filter((route) => route.target === target).map(({ type }) => type)).toEqual(types.split(' '));
  });

  it('names each type once, and says what it means', () => {
    expect(new Set(ROUTES.map(({ type }) => type)).size).toBe(ROUTES.length);
    for (const { meaning } of ROUTES) expect(meaning).toMatch(/^[A-Z][a-z, ]+$/);
  });

  it('has nothing for other types', () => {
    expect(routeOf('ADT', 'A02')).toBeUndefined();
    expect(routeOf('ACK', undefined)).toBeUndefined();
    expect(routeOf('ADT', undefined)).toBeUndefined();
    expect(routeOf('ADT^A04', undefined)).toBeUndefined();
    expect(routeOf('constructor', 'x')).toBeUndefined();
    expect(routeOf('constructor', undefined)).toBeUndefined();
  });

  it('knows the one event of codes that came without, and small letters', () => {
    expect(routeOf('ORU', undefined)?.type).toBe('ORU^R01');
    expect(routeOf('adt', 'a04')?.type).toBe('ADT^A04');
  });

  it('tells what the worker processes', () => {
    const processed = ROUTES.filter(isProcessed).map(({ target }) => target);
    expect(new Set(processed)).toEqual(new Set(['patient', 'merge', 'result', 'document', 'order', 'immunization']));
  });
});
