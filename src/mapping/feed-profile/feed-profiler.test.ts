import { describe, expect, it } from 'vitest';
import { parseMessage } from '../../formats/hl7v2/message.ts';
import { createFeedProfiler } from './feed-profiler.ts';
import type { FeedProfile, FieldProfile } from './feed-profile.ts';
import { fqhcFeed } from './testing.ts';

function profileOf(messages: readonly string[]): FeedProfile {
  const profiler = createFeedProfiler();
  for (const text of messages) profiler.add(parseMessage(Buffer.from(text, 'utf8')));
  return profiler.profile();
}

function field(profile: FeedProfile, path: string): FieldProfile {
  const [segment] = path.split('-');
  const all = profile.segments.find((each) => each.segment === segment)?.fields ?? [];
  const found = [...all, ...all.flatMap((each) => each.components)].find((each) => each.path === path);
  if (found === undefined) throw new Error(`Nothing of ${path}.`);
  return found;
}

const message = (body: string, version = '2.5.1', control = '1'): string =>
  `MSH|^~\\&|NG|MAPLE|PS|HUB|20260401080000||ADT^A04|${control}|P|${version}\r${body}\r`;

describe('the profile of a feed', () => {
  it('counts types, versions, senders, control ids and terminators', () => {
    const profile = profileOf([
      message('PID|1||1^^^M^MR', '2.3', 'A'),
      message('PID|1||2^^^M^MR', '2.5.1', 'A'),
      message('PID|1||3^^^M^MR', '2.5.1', '').replaceAll('\r', '\n'),
    ]);
    expect(profile.messages).toBe(3);
    expect(profile.types).toEqual([{ value: 'ADT^A04', count: 3 }]);
    expect(profile.versions).toEqual([
      { value: '2.5.1', count: 2 },
      { value: '2.3', count: 1 },
    ]);
    expect(profile.senders).toEqual([{ value: 'NG / MAPLE', count: 3 }]);
    expect(profile.control).toEqual({ missing: 1, repeated: 1, exact: true });
    expect(profile.terminators).toEqual([
      { value: 'CR', count: 2 },
      { value: 'LF', count: 1 },
    ]);
  });

  it('tells the fill rate of the segment’s messages and of each type', () => {
    const other = message('PID|1||1^^^M^MR||DOE^JANE').replace('ADT^A04', 'ADT^A08');
    const profile = profileOf([
      message('PID|1||1^^^M^MR'),
      message('PID|1||2^^^M^MR||DOE^JOHN'),
      other,
      message('EVN|A04'),
    ]);
    expect(field(profile, 'PID-5').rate).toBeCloseTo(2 / 3);
    expect(field(profile, 'PID-5').types).toEqual([
      { type: 'ADT^A04', messages: 1, rate: 1 / 3 },
      { type: 'ADT^A08', messages: 1, rate: 1 },
    ]);
    expect(field(profile, 'PID-5.2').name).toBe('Given Name');
  });

  it('finds value sets, their labels, and what kind a field is', () => {
    const profile = profileOf(fqhcFeed(60));
    expect(
      field(profile, 'PID-8')
        .values.map(({ value }) => value)
        .sort(),
    ).toEqual(['F', 'M']);
    expect(field(profile, 'PID-8').values.every(({ open }) => open)).toBe(true);
    expect(field(profile, 'PID-7').kind).toBe('date');
    expect(field(profile, 'PID-7').precision).toEqual([{ value: 'day', count: 60 }]);
    expect(field(profile, 'PID-13').kind).toBe('phone');
    expect(field(profile, 'PID-5.1').kind).toBe('name');
    expect(field(profile, 'PID-3.1').kind).toBe('id');
    const set = field(profile, 'ZFS-2.1');
    expect(set.kind).toBe('code');
    expect(set.values).toContainEqual({ value: 'A', count: 20, open: true, label: 'Slide A 0-100%' });
  });

  it('keeps what may be a person’s closed, however often it repeats', () => {
    const profile = profileOf(
      Array.from({ length: 40 }, (_, i) =>
        message(`PID|1||7^^^M^MR||DOE^JOHN|||M|||12 ELM^^SPRINGFIELD`, '2.5.1', `${i}`),
      ),
    );
    for (const path of ['PID-3.1', 'PID-5.1', 'PID-11.1', 'PID-11.3']) {
      const { values, examples } = field(profile, path);
      expect(
        [...values, ...examples].map(({ open }) => open),
        path,
      ).not.toContain(true);
    }
  });

  it('tells where a feed departs from the standard', () => {
    const long = 'X'.repeat(60);
    const profile = profileOf([
      message(`PID|1||1^^^M^MR||DOE^${long}||1980-05-15|Q|||||||||||||||||||||||||||||||||||beyond`, '2.3'),
      message('PV1|1|O~I|||||||||||||||||||||||||||||||||||||||||||||||||||', '2.3'),
    ]);
    const codes = (path: string): string[] => field(profile, path).deviations.map(({ code }) => code);
    expect(codes('PID-5')).toContain('length');
    expect(codes('PID-7')).toContain('type');
    expect(codes('PID-8')).toContain('local');
    expect(codes('PID-43')).toEqual(['unknown']);
    expect(codes('PV1-2')).toContain('repetition');
    expect(field(profile, 'PID-5').deviations.find(({ code }) => code === 'length')?.words).toContain('48');
  });

  it('stays exact up to 64 values and within a few per cent beyond', () => {
    const profile = profileOf(
      Array.from({ length: 5000 }, (_, i) => message(`PID|1||${100000 + i}^^^M^MR`, '2.5.1', `${i}`)),
    );
    const id = field(profile, 'PID-3.1');
    expect(id.exact).toBe(false);
    expect(Math.abs(id.distinct - 5000)).toBeLessThan(400);
    expect(id.examples).toHaveLength(5);
  });

  it('stays within its limits on hostile input', () => {
    const profiler = createFeedProfiler({ maxParts: 50, maxControlIds: 10 });
    for (let i = 0; i < 50; i++) {
      profiler.add(parseMessage(Buffer.from(message(`PID${`|${'a^'.repeat(60)}`.repeat(300)}`, '2.5.1', `c${i}`))));
    }
    const profile = profiler.profile();
    expect(profile.left).toBeGreaterThan(0);
    expect(profile.control.exact).toBe(false);
    const parts = profile.segments.flatMap(({ fields }) => fields.flatMap((each) => [each, ...each.components]));
    expect(parts.length).toBeLessThanOrEqual(50);
  });

  it('measures an embedded document without keeping it', () => {
    const document = 'QUJD'.repeat(50_000);
    const profile = profileOf([message(`OBX|1|ED|1^Doc||^application^pdf^Base64^${document}`)]);
    const part = field(profile, 'OBX-5.5');
    expect(part.length.most).toBe(200_000);
    expect(part.examples).toEqual([]);
  });
});
