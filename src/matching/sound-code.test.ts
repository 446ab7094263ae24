import { describe, expect, it } from 'vitest';
import { soundCode } from './sound-code.ts';

// The definition is stored with every patient: these codes must never change without a new index.
const VECTORS: Readonly<Record<string, string>> = {
  worthy: 'WART',
  ogata: 'OGAT',
  montgomery: 'MANTGANAR',
  costales: 'CASTAL',
  martincevic: 'MARTANCAFAC',
  catherine: 'CATARAN',
  johnathan: 'JANATAN',
  jessica: 'JASAC',
  lapher: 'LAFAR',
  macarthur: 'MCARTAR',
  knaqze: 'NAGS',
  schmidt: 'SNAD',
  nguyen: 'NGAN',
  rodriguez: 'RADRAG',
};

describe('the sound code', () => {
  it('is the one that is stored', () => {
    for (const [name, code] of Object.entries(VECTORS)) expect(soundCode(name), name).toBe(code);
  });

  it('is shared by names that sound alike', () => {
    const alike = [
      ['john', 'jon'],
      ['smith', 'smyth'],
      ['stephen', 'steven'],
      ['catherine', 'katherine', 'katharine'],
      ['philip', 'phillip', 'filip'],
      ['kristen', 'christine'],
      ['wright', 'right'],
      ['knight', 'night'],
      ['meyer', 'maier'],
      ['teresa', 'theresa'],
    ];
    for (const names of alike) expect(new Set(names.map(soundCode)).size, names.join()).toBe(1);
  });

  it('tells other names apart', () => {
    const names = ['doe', 'lee', 'wu', 'garcia', 'hernandez', 'johnson', 'williams', 'brown', 'bosch', 'patel', 'kim'];
    expect(new Set(names.map(soundCode)).size).toBe(names.length);
  });

  it('is empty for what has no letters', () => {
    expect(soundCode('')).toBe('');
    expect(soundCode('123')).toBe('');
  });
});
