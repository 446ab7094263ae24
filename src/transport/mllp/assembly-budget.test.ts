import { describe, expect, it } from 'vitest';
import { AssemblyBudget } from './assembly-budget.ts';

const KILO = 1024;

function holder(name: string, log: string[]) {
  return { stopAssembling: () => log.push(`${name} stops`), goOnAssembling: () => log.push(`${name} goes on`) };
}

describe('AssemblyBudget', () => {
  it('lets one holder through when the budget is used up, then the next, then all', () => {
    const log: string[] = [];
    const budget = new AssemblyBudget(100 * KILO);
    const [a, b, c] = ['a', 'b', 'c'].map((name) => holder(name, log));
    if (a === undefined || b === undefined || c === undefined) throw new Error('three were made');
    budget.update(a, 0, 40 * KILO);
    budget.update(b, 0, 40 * KILO);
    expect(log).toEqual([]);
    budget.update(c, 0, 40 * KILO);
    expect(log).toEqual(['b stops', 'c stops']);
    budget.update(a, 40 * KILO, 400 * KILO);
    budget.update(a, 400 * KILO, 0);
    expect(log.splice(0)).toEqual(['b stops', 'c stops', 'b goes on', 'c goes on']);
    budget.update(b, 40 * KILO, 90 * KILO);
    expect(log.splice(0)).toEqual(['c stops']);
    budget.update(b, 90 * KILO, 0);
    expect(log.splice(0)).toEqual(['c goes on']);
    budget.update(c, 40 * KILO, 0);
    expect(budget.totalBytes).toBe(0);
  });

  it('favours the one that waited longest when the favoured one ends and it is still too much', () => {
    const log: string[] = [];
    const budget = new AssemblyBudget(100 * KILO);
    const holders = ['a', 'b', 'c', 'd'].map((name) => holder(name, log));
    for (const one of holders) budget.update(one, 0, 60 * KILO);
    expect(log.splice(0)).toEqual(['b stops', 'c stops', 'd stops']);
    budget.update(holders[0] as (typeof holders)[0], 60 * KILO, 0);
    expect(log.splice(0)).toEqual(['b goes on']);
  });

  it('never stops holders of little', () => {
    const log: string[] = [];
    const budget = new AssemblyBudget(100 * KILO);
    for (let index = 0; index < 100; index += 1) budget.update(holder(String(index), log), 0, 8 * KILO);
    expect(log).toEqual([]);
  });
});
