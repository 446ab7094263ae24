import { describe, expect, it } from 'vitest';
import { START_FLAGS } from '../../src/commands/options.ts';
import { startCommand } from '../../src/commands/start.ts';
import { ROLE_PERMISSIONS } from '../../src/security/roles.ts';
import { PERMISSIONS, ROLES, type Role } from '../../src/domain/permissions.ts';
import { filesBelow, readText } from '../support/checkout.ts';

/** What the documents list must be what the program has: a list that nobody holds against the code is soon wrong. */
const readme = readText('README.md');
const sources = filesBelow('src', /\.ts$/).filter((path) => !path.endsWith('.test.ts'));

describe('the README', () => {
  it('names every flag of start, and so does its help', () => {
    const flags = Object.keys(START_FLAGS).filter((flag) => flag !== 'help');
    expect(flags.length).toBeGreaterThan(5);
    for (const flag of flags) {
      expect(readme).toContain(`| \`--${flag}`);
      expect(startCommand.help).toContain(`--${flag} `);
    }
  });

  it('names every variable of the environment that the program reads', () => {
    const read = new Set(sources.flatMap((path) => readText(path).match(/\bPRACTICE_STUDIO_[A-Z0-9_]+/g) ?? []));
    expect(read.size).toBeGreaterThan(10);
    for (const name of read) expect(readme).toContain(`\`${name}`);
    const told = new Set(readme.match(/\bPRACTICE_STUDIO_[A-Z0-9_]+/g));
    expect([...told].filter((name) => !read.has(name))).toEqual([]);
  });

  it('names every command', () => {
    const commands = [...readText('src/cli.ts').matchAll(/^ {2}'?([a-z-]+)'?: async \(\)/gm)].map(([, name]) => name);
    expect(commands.length).toBeGreaterThan(5);
    for (const name of commands) expect(readme).toMatch(new RegExp(`^\\| \`${name}[ \`]`, 'm'));
  });
});

it('the API document names every metric', () => {
  const names = readText('src/operations/metrics.ts').match(/\bpractice_studio_[a-z_]+/g) ?? [];
  const told = readText('docs/api.md').replace(/(\w+)\{([a-z]+(?:,[a-z]+)+)\}(\w+)/g, (_all, head, parts, tail) =>
    String(parts)
      .split(',')
      .map((part) => `${head}${part}${tail}`)
      .join(' '),
  );
  expect(names.length).toBeGreaterThan(5);
  for (const name of new Set(names)) expect(told).toContain(name);
});

it('the table of roles in the security document is that of the program', () => {
  const lines = readText('docs/security.md').split('\n');
  const start = lines.findIndex((line) => /^\| +\| administrator /.test(line));
  const cells = (line: string): string[] =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim());
  const roles = cells(lines[start] ?? '')
    .slice(1)
    .map((name) => name.replaceAll(' ', '_'));
  expect(roles).toEqual(Object.keys(ROLES));
  const granted = Object.fromEntries(roles.map((role): [string, string[]] => [role, []]));
  for (const line of lines.slice(start + 2)) {
    if (!line.startsWith('|')) break;
    const [permissions = '', ...marks] = cells(line);
    for (const [, permission = ''] of permissions.matchAll(/`([a-z.]+)`/g)) {
      expect(Object.keys(PERMISSIONS)).toContain(permission);
      marks.forEach((mark, i) => mark !== '' && granted[roles[i] ?? '']?.push(permission));
    }
  }
  for (const [role, permissions] of Object.entries(granted)) {
    expect(permissions.toSorted(), role).toEqual(ROLE_PERMISSIONS[role as Role].toSorted());
  }
});
