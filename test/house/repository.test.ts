import { describe, expect, it } from 'vitest';
import { readText, trackedFiles } from '../support/checkout.ts';

interface LockedPackage {
  readonly resolved?: string;
  readonly version?: string;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const manifest = JSON.parse(readText('package.json')) as Record<string, Record<string, string>>;
const lock = JSON.parse(readText('package-lock.json')) as { packages: Record<string, LockedPackage> };
const text = trackedFiles().filter((path) => !/\.(png|jpe?g|gif|webp|ico|woff2?|gz|zip|pdf)$/.test(path));

describe('the packages', () => {
  it('are pinned to exact versions', () => {
    const kinds = ['dependencies', 'devDependencies', 'optionalDependencies', 'overrides'];
    const pins = kinds.flatMap((kind) => Object.entries(manifest[kind] ?? {}));
    expect(pins.length).toBeGreaterThan(30);
    expect(pins.filter(([, version]) => !/^\d+\.\d+\.\d+(?:-[\w.]+)?$/.test(version))).toEqual([]);
  });

  it('are locked without the address of a registry, so that any registry will do', () => {
    const locked = Object.entries(lock.packages);
    expect(locked.length).toBeGreaterThan(100);
    expect(locked.filter(([, entry]) => entry.resolved !== undefined)).toEqual([]);
    expect(readText('.npmrc')).toContain('omit-lockfile-registry-resolved=true');
  });

  it('are locked for every platform, or "npm ci" refuses the lockfile', () => {
    const named = Object.values(lock.packages).flatMap((entry) => Object.keys(entry.optionalDependencies ?? {}));
    expect(named.length).toBeGreaterThan(20);
    const missing = named.filter(
      (name) => !Object.keys(lock.packages).some((path) => path.endsWith(`node_modules/${name}`)),
    );
    expect(missing, 'run "node scripts/complete-lockfile.mjs"').toEqual([]);
  });

  it('are locked at the versions that the manifest names', () => {
    const pins = { ...manifest['dependencies'], ...manifest['devDependencies'], ...manifest['optionalDependencies'] };
    const differing = Object.entries(pins).filter(
      ([name, version]) => lock.packages[`node_modules/${name}`]?.version !== version,
    );
    expect(differing).toEqual([]);
  });
});

describe('the files', () => {
  it('are seen by this test', () => {
    expect(text.length).toBeGreaterThan(150);
  });

  it("name no folder of anybody's machine", () => {
    // Written in pieces, so that this file does not name what it looks for.
    const homes = ['home', 'Users', 'work', 'farm'].map((name) => `/${name}/[a-z]`).join('|');
    const named = new RegExp(String.raw`(?<![\w.$}:/-])(?:${homes})`);
    const allowed = /^(?:\.npmrc|package-lock\.json)$/;
    const wrong = text
      .filter((path) => !allowed.test(path))
      .flatMap((path) =>
        readText(path)
          .split('\n')
          .flatMap((line, at) => (named.test(line) ? [`${path}:${at + 1}: ${line.trim().slice(0, 120)}`] : [])),
      );
    expect(wrong).toEqual([]);
  });

  it('have no lines of a merge that was not finished', () => {
    const wrong = text.filter((path) => /^(?:<{7} |>{7} |={7}$)/m.test(readText(path)));
    expect(wrong).toEqual([]);
  });
});

describe('the tests', () => {
  it('are neither left out nor run alone', () => {
    const tests = text.filter((path) => /\.test\.tsx?$/.test(path));
    expect(tests.length).toBeGreaterThan(20);
    const marks = new RegExp(String.raw`\b(?:it|test|describe)\.(?:${['skip', 'todo', 'only'].join('|')})\b`);
    expect(tests.filter((path) => marks.test(readText(path)))).toEqual([]);
  });
});
