import { describe, expect, it } from 'vitest';
import { REGIONS } from './invented/places.ts';
import { inventHousehold } from './people.ts';
import type { Person } from './people.ts';
import { createRandom } from './random.ts';

const setting = { region: REGIONS.springfield, year: 2026 };

function invent(households: number): (readonly Person[])[] {
  const random = createRandom('people');
  return Array.from({ length: households }, () => inventHousehold(random, setting));
}

describe('inventHousehold', () => {
  const households = invent(1000);
  const people = households.flat();

  it('makes the same people from the same seed', () => {
    expect(invent(50)).toEqual(households.slice(0, 50));
  });

  it('uses no number or address that could be somebody’s', () => {
    for (const person of people) {
      for (const phone of [person.homePhone, person.mobilePhone, person.nextOfKin?.phone ?? '']) {
        expect(phone).toMatch(/^(?:|\d{3}55501\d\d)$/);
      }
      expect(person.ssn).toMatch(/^(?:|9\d\d-(?:0[1-9]|[1-4]\d)-\d{4})$/);
      expect(person.email).toMatch(/^(?:|[a-z]+\.[a-z]+\d+@example\.(?:com|net|org))$/);
    }
  });

  it('gives dates that exist, in a life’s length', () => {
    for (const { birthDate } of people) {
      expect(new Date(`${birthDate}T00:00:00Z`).toISOString().slice(0, 10)).toBe(birthDate);
      const age = 2026 - Number(birthDate.slice(0, 4));
      expect(age).toBeGreaterThanOrEqual(0);
      expect(age).toBeLessThan(100);
    }
  });

  it('lets a household share what a household shares', () => {
    const families = households.filter((household) => household.length > 2);
    expect(families.length).toBeGreaterThan(100);
    for (const [one, other, ...children] of families) {
      if (one === undefined || other === undefined) throw new Error('a family has two parents here');
      expect(new Set([one, other, ...children].map((person) => person.address.line1)).size).toBe(1);
      expect(one.nextOfKin?.name).toEqual(other.name);
      expect(other.nextOfKin?.name).toEqual(one.name);
      for (const child of children) {
        expect(child.name.family).toBe(one.name.family);
        expect(child.nextOfKin).toMatchObject({ relation: 'PAR', name: one.name });
        expect(child.coverage?.insured.relation ?? 'PARENT').toBe('PARENT');
        expect(child.birthDate > one.birthDate).toBe(true);
      }
    }
  });

  it('makes a mixed population: origins, languages, genders, uninsured, missing values', () => {
    const share = (test: (person: Person) => boolean) => people.filter(test).length / people.length;
    expect(share((person) => /[^\0-\x7f]/.test(person.name.family))).toBeGreaterThan(0.05);
    expect(new Set(people.map((person) => person.language)).size).toBeGreaterThan(8);
    expect(new Set(people.map((person) => person.race)).size).toBe(7); // six and "not told"
    expect(new Set(people.map((person) => person.sex))).toEqual(new Set(['F', 'M', 'O', 'U']));
    expect(share((person) => person.ethnicity === '2135-2')).toBeGreaterThan(0.1);
    for (const absent of [
      (person: Person) => person.coverage === undefined,
      (person: Person) => person.homePhone === '',
      (person: Person) => person.ssn === '',
    ]) {
      expect(share(absent)).toBeGreaterThan(0.03);
      expect(share(absent)).toBeLessThan(0.5);
    }
    expect(new Set(people.map((person) => `${person.name.given} ${person.name.family}`)).size).toBeGreaterThan(800);
  });
});
