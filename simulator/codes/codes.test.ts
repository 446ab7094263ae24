import { describe, expect, it } from 'vitest';
import { PROVIDERS } from '../nextgen/model/staff.ts';
import { DOCUMENT_KINDS } from './document-kinds.ts';
import { LAB_PANELS, type LabPanel } from './lab-tests.ts';
import { ANTIBIOTICS, CULTURES, SUSCEPTIBILITY_PANEL } from './microbiology.ts';
import { PROCEDURES, type Procedure } from './procedures.ts';
import { VACCINES } from './vaccines.ts';
import { IMAGING, VISIT_REASONS } from './visit-reasons.ts';

const panels: readonly LabPanel[] = Object.values(LAB_PANELS);
const procedures: readonly Procedure[] = Object.values(PROCEDURES);

/** LOINC's last digit: Luhn's over those before the hyphen. */
function loincDigit(code: string): string {
  let sum = 0;
  for (const [at, digit] of [...(code.split('-')[0] ?? '')].reverse().entries()) {
    const doubled = Number(digit) * (at % 2 === 0 ? 2 : 1);
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return String((10 - (sum % 10)) % 10);
}

describe('the codes', () => {
  it('of LOINC have right check digits', () => {
    const loincs = [
      ...panels.flatMap(({ loinc, analytes }) => [loinc, ...analytes.map((one) => one.loinc)]),
      ...Object.values(CULTURES).map(({ loinc }) => loinc),
      ...Object.values(ANTIBIOTICS).map(({ loinc }) => loinc),
      ...DOCUMENT_KINDS.map(({ loinc }) => loinc),
      SUSCEPTIBILITY_PANEL,
    ].flatMap((one) => (one === undefined ? [] : [one]));
    expect(loincs.length).toBeGreaterThan(60);
    for (const { code, system } of loincs) {
      expect(system).toBe('LN');
      expect(code).toMatch(/^\d{1,5}-\d$/);
      expect(`${code} ${code.slice(-1)}`).toBe(`${code} ${loincDigit(code)}`);
    }
  });

  it('leave some tests of the house without a LOINC code, for somebody to map', () => {
    const unmapped = panels.flatMap(({ analytes }) => analytes.filter(({ loinc }) => loinc === undefined));
    expect(unmapped.length).toBeGreaterThan(0);
    for (const { local } of unmapped) expect(local.system).toBe('L');
  });

  it('of diagnoses, procedures, drugs and vaccines have the form of their system', () => {
    for (const { diagnoses, procedures: names, ages } of VISIT_REASONS) {
      for (const { code } of diagnoses) expect(code).toMatch(/^[A-TV-Z]\d[0-9A-Z](?:\.[0-9A-Z]{1,4})?$/);
      for (const name of names) expect(PROCEDURES[name]).toBeDefined();
      expect(ages[0]).toBeLessThanOrEqual(ages[1]);
    }
    for (const { code, ndc, fee } of procedures) {
      expect(code.code).toMatch(code.system === 'C4' ? /^\d{5}$/ : /^[A-Z]\d{4}$/);
      expect(ndc ?? '00000000000').toMatch(/^\d{11}$/);
      expect(fee).toBeGreaterThan(0);
      expect(Number.isInteger(fee)).toBe(true);
    }
    for (const [cpt, { code }] of Object.entries(IMAGING)) expect(code).toBe(cpt);
    for (const { cvx, ndc, cpt, maker } of VACCINES) {
      expect(cvx.code).toMatch(/^\d{2,3}$/);
      expect(ndc.code).toMatch(/^\d{5}-\d{4}-\d{2}$/);
      expect(cpt.code).toMatch(/^90\d{3}$/);
      expect(maker.code).toMatch(/^[A-Z]{3}$/);
      expect(maker.text).not.toBe(maker.code);
    }
    expect(new Set(VACCINES.map(({ cvx }) => cvx.code)).size).toBe(VACCINES.length);
  });

  it('fit somebody of every age and sex', () => {
    for (let age = 0; age <= 99; age += 1) {
      const fitting = VISIT_REASONS.filter(({ ages: [from, to], sex }) => age >= from && age <= to && sex === 'any');
      expect(fitting.length, `${age} years`).toBeGreaterThan(0);
    }
  });
});

describe('providers', () => {
  it('have numbers with a right check digit that are given to nobody', () => {
    for (const { npi } of PROVIDERS) {
      expect(npi).toMatch(/^2\d{9}$/);
      let sum = 0;
      for (const [at, digit] of [...`80840${npi}`].reverse().entries()) {
        const doubled = Number(digit) * (at % 2 === 1 ? 2 : 1);
        sum += doubled > 9 ? doubled - 9 : doubled;
      }
      expect(sum % 10).toBe(0);
    }
  });
});
