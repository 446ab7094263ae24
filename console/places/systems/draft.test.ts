import { describe, expect, it } from 'vitest';
import { emptyDraft, keepDraft, problemsOf, readDraft, retryDelays } from './draft.ts';

function storage() {
  const kept = new Map<string, string>();
  return {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
  };
}

describe('the wizard for a new system', () => {
  it('is resumed where it was left, and starts empty after it was finished', () => {
    const box = storage();
    const draft = { ...emptyDraft('1'), step: 2, product: 'nextgen-enterprise', version: '6.0.x' };
    keepDraft(box, draft);
    expect(readDraft(box, '9')).toEqual(draft);
    keepDraft(box, undefined);
    expect(readDraft(box, '9')).toEqual(emptyDraft('9'));
  });
  it('starts empty when what was kept cannot be read', () => {
    const broken = { getItem: () => '{' };
    expect(readDraft(broken, '1')).toEqual(emptyDraft('1'));
  });
  it('lets nobody past a step that is not complete', () => {
    const draft = emptyDraft('');
    expect(problemsOf(draft, 0)).toHaveProperty('product');
    expect(problemsOf(draft, 1)).toHaveProperty('version');
    expect(problemsOf({ ...draft, version: '6.0.x' }, 1)).toHaveProperty('methods');
    expect(Object.keys(problemsOf(draft, 2))).toEqual(['environment_id', 'name', 'key']);
    expect(problemsOf({ ...draft, environmentId: '1', name: 'Riverside', key: 'riverside' }, 2)).toEqual({});
  });
  it('tells the waits between attempts as the policy has them', () => {
    const retry = { max_attempts: 5, first_delay_seconds: 2, max_delay_seconds: 10, deadline_seconds: 3600 };
    expect(retryDelays(retry, 10)).toEqual([2, 4, 8, 10]);
    expect(retryDelays({ ...retry, max_attempts: 1 }, 4)).toEqual([]);
  });
});
