import { describe, expect, it } from 'vitest';
import { FAILURE_CAUSES, type FailureCause } from '../../domain/failure-causes.ts';
import { MAPPING_PROBLEMS } from '../../mapping/mapping-problems.ts';
import { failureText, WHO_ACTS } from './failure-texts.ts';
import { fingerprintNumber, fingerprintText } from './fingerprint.ts';

describe('failure texts', () => {
  it('have a sentence and a way on for every cause', () => {
    for (const cause of Object.keys(FAILURE_CAUSES) as FailureCause[]) {
      const { sentence, hint, who } = failureText(cause, 'never-heard-of');
      expect(sentence.length, cause).toBeGreaterThan(20);
      expect(hint.length, cause).toBeGreaterThan(20);
      expect(WHO_ACTS[who]).toBeDefined();
    }
  });

  it('tell every problem that stops a mapping apart from mapping problems at large', () => {
    const stopping = Object.entries(MAPPING_PROBLEMS).filter(([, kind]) => kind.severity === 'error');
    expect(stopping.length).toBeGreaterThan(4);
    for (const [code] of stopping) {
      expect(failureText('mapping', code), code).not.toEqual(failureText('mapping', 'never-heard-of'));
    }
  });

  it('take no text from what every object has', () => {
    expect(failureText('mapping', 'constructor')).toEqual(failureText('mapping', 'never-heard-of'));
  });
});

it('writes a fingerprint as 16 hex digits and reads it back, negative ones too', () => {
  for (const number of ['0', '255', '-1', '-9223372036854775808', '9223372036854775807']) {
    expect(fingerprintText(number)).toMatch(/^[0-9a-f]{16}$/);
    expect(fingerprintNumber(fingerprintText(number))).toBe(number);
  }
});
