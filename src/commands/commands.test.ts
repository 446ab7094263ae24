import { spawn } from 'node:child_process';
import { access, cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { parse } from 'yaml';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createPasswordHasher } from '../security/password-hasher.ts';
import { redeemLink } from '../security/setup-links.ts';
import { openPgDatabase } from '../store/pg-database.ts';
import { createTestDatabase, type TestDatabase } from '../../test/support/database.ts';

const root = join(import.meta.dirname, '../..');

let home: string;
let built: string;
let database: TestDatabase;
let environment: Record<string, string>;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'practice-studio-commands-'));
  // Within the checkout, so that the packages are found.
  const caches = join(root, 'node_modules/.cache');
  await mkdir(caches, { recursive: true });
  built = await mkdtemp(join(caches, 'commands-test-'));
  await build({
    entryPoints: [join(root, 'src/cli.ts')],
    outdir: join(built, 'dist'),
    bundle: true,
    splitting: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    packages: 'external',
    logLevel: 'error',
  });
  await cp(join(root, 'src/store/migrations'), join(built, 'dist/migrations'), { recursive: true });
  await writeFile(join(built, 'package.json'), JSON.stringify({ type: 'module', version: '1.2.3' }));
  database = await createTestDatabase();
  const { host, port, user, password, database: name } = database.connection;
  const url = new URL('postgresql://localhost');
  url.username = encodeURIComponent(user);
  url.password = encodeURIComponent(password);
  url.pathname = name;
  url.searchParams.set('host', host);
  url.searchParams.set('port', String(port));
  // The test server does without fsync.
  environment = { DATABASE_URL: url.href, PRACTICE_STUDIO_ALLOW_UNSAFE_DATABASE: '1', PRACTICE_STUDIO_DATA: home };
});
afterAll(async () => {
  await database.close();
  await rm(home, { recursive: true, force: true });
  await rm(built, { recursive: true, force: true });
});

interface Ended {
  readonly code: number | null;
  readonly output: string;
  readonly errors: string;
}

/** Runs the program in a process of its own without a terminal. */
const run = (...args: readonly string[]): Promise<Ended> => runWith({}, ...args);

function runWith(variables: Readonly<Record<string, string>>, ...args: readonly string[]): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const env = { ...process.env, NODE_OPTIONS: '', ...environment, ...variables };
    const child = spawn(process.execPath, [join(built, 'dist/cli.js'), ...args], { cwd: home, env });
    let [output, errors] = ['', ''];
    child.stdin.end();
    child.stdout.on('data', (chunk) => (output += String(chunk)));
    child.stderr.on('data', (chunk) => (errors += String(chunk)));
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, output, errors }));
  });
}

const COMMANDS = ['start', 'apply', 'export-config', 'token', 'user', 'verify-audit', 'migrate', 'rotate-keys'];

describe('help', () => {
  it('tells the version', async () => {
    expect(await run('--version')).toEqual({ code: 0, output: '1.2.3\n', errors: '' });
  });

  it('lists every command', async () => {
    const { code, output } = await run('--help');
    expect(code).toBe(0);
    for (const command of COMMANDS) expect(output).toMatch(new RegExp(`^ {2}${command}\\b`, 'm'));
  });

  it.each(COMMANDS)('of %s tells its flags and ends well', async (command) => {
    const { code, output, errors } = await run(command, '--help');
    expect({ code, errors }).toEqual({ code: 0, errors: '' });
    expect(output.startsWith(`practice-studio ${command}`)).toBe(true);
    expect(output).toContain('--data DIR');
  });
});

describe('what is typed wrongly', () => {
  it.each([
    [['strat'], /^There is no command "strat"; "practice-studio --help" lists them\.\n$/],
    [['apply'], /^apply needs exactly one FILE\.\n$/],
    [['apply', 'no-such-file.yaml'], /^The file no-such-file\.yaml cannot be read: ENOENT\.\n$/],
    [['export-config', 'x'], /^export-config takes no argument\.\n$/],
    [['token'], /^token knows one action: token create --role ROLE\.\n$/],
    [['token', 'create', '--role', 'king'], /^--role must be one of [a-z_, -]+\.\n$/],
    [['token', 'create', '--role', 'operator', '--days', 'x'], /^--days must be a whole number of days\.\n$/],
    [['user'], /^user knows three actions: user list, user reset-link LOGIN, user unlock LOGIN\.\n$/],
    [['user', 'unlock'], /^user knows three actions: /],
    [['user', 'reset-link', 'ann', 'bob'], /^user knows three actions: /],
    [['user', 'reset-link', 'ann', '--port', 'x'], /^--port must be a port from 1 to 65535, not "x"\.\n$/],
    [['user', 'unlock', 'nobody'], /^There is no user "nobody"; "practice-studio user list" lists them\.\n$/],
    [['verify-audit', '--loud'], /^Unknown option '--loud'/],
    [['start', '--port', 'x'], /^--port must be a port from 1 to 65535, not "x"\.\n$/],
  ] as const)('%j is told in one sentence, with exit code 2', async (args, sentence) => {
    const { code, output, errors } = await run(...args);
    expect({ code, output }).toEqual({ code: 2, output: '' });
    expect(errors).toMatch(sentence);
  });
});

const CONFIGURATION = `format: practice-studio-configuration/1
systems:
  - key: elm-street
    name: Elm Street
    environment: development
    product: nextgen-enterprise
    product_version: 6.0.x
    methods: [hl7]
listeners:
  - key: elm-street-adt
    name: Elm Street ADT
    system: elm-street
    port: 16661
`;

describe('a configuration file', { timeout: 120_000 }, () => {
  it('is shown, applied, exported, and applying what was exported changes nothing', async () => {
    const file = join(home, 'configuration.yaml');
    await writeFile(file, CONFIGURATION);

    const look = await run('apply', file, '--dry-run');
    expect(look.code).toBe(0);
    expect(look.output).toContain('+ system elm-street\n+ listener elm-street-adt\n');
    expect((await database.pool.query('select 1 from systems')).rows).toEqual([]);

    const asked = await run('apply', file);
    expect(asked.code).toBe(2);
    expect(asked.errors).toContain('No terminal is attached to ask on');
    expect((await database.pool.query('select 1 from systems')).rows).toEqual([]);

    const applied = await run('apply', file, '--yes');
    expect(applied).toMatchObject({ code: 0, errors: 'Applied: 2 changes.\n' });
    expect((await database.pool.query('select key, port from listeners')).rows).toEqual([
      { key: 'elm-street-adt', port: 16661 },
    ]);

    const exported = await run('export-config');
    expect({ code: exported.code, errors: exported.errors }).toEqual({ code: 0, errors: '' });
    const document = parse(exported.output) as { systems: { key: string }[]; listeners: { port: number }[] };
    expect(document.systems.map(({ key }) => key)).toEqual(['elm-street']);
    expect(document.listeners).toMatchObject([{ port: 16661 }]);
    await writeFile(file, exported.output);
    const again = await run('apply', file);
    expect(again).toMatchObject({ code: 0, errors: '' });
    expect(again.output).toContain('Nothing to change.');

    await writeFile(file, exported.output.replace('16661', '16662'));
    const changed = await run('apply', file, '--yes');
    expect(changed.output).toContain('~ listener elm-street-adt\n    port: 16661 → 16662\n');

    await writeFile(file, 'format: something else');
    const wrong = await run('apply', file, '--yes');
    expect(wrong.code).toBe(1);
    expect(wrong.errors.trimEnd()).not.toContain('    at ');
  });
});

describe('token create', () => {
  it('prints the token and nothing else, and the token is good for its role', async () => {
    const { code, output, errors } = await run('token', 'create', '--role', 'operator', '--name', 'night watch');
    expect({ code, errors }).toEqual({ code: 0, errors: '' });
    expect(output).toMatch(/^\S{20,}\n$/);
    const { rows } = await database.pool.query('select name, role from api_tokens');
    expect(rows).toEqual([{ name: 'night watch', role: 'operator' }]);
    // Only its hash is kept.
    const dump = JSON.stringify((await database.pool.query('select * from api_tokens')).rows);
    expect(dump).not.toContain(output.trim());
  });
});

describe('user', { timeout: 120_000 }, () => {
  const lastAudit = async (): Promise<unknown> => {
    const { rows } = await database.pool.query<{ action: number; resource_id: string; detail: string }>(
      'select action, resource_id, detail from audit where resource_kind = 1 order by id desc limit 1',
    );
    const [row] = rows;
    return row === undefined ? undefined : [row.action, row.resource_id, JSON.parse(row.detail)];
  };
  beforeAll(async () => {
    await database.pool.query(
      `insert into users (id, login, name, role, state, password_hash, failed_attempts, locked_until, created_at, updated_at)
       values (501, 'Ann@example.org', 'Ann Lee', 'administrator', 'active', 'x', 9, now() + interval '1 hour', now(), now()),
              (502, 'bob@example.org', 'Bob', 'front_desk', 'disabled', 'x', 0, null, now(), now())`,
    );
  });

  it('lists who there is and in which state', async () => {
    const { code, output } = await run('user', 'list');
    expect(code).toBe(0);
    expect(
      output
        .trimEnd()
        .split('\n')
        .map((line) => line.split(/ {2,}/)),
    ).toEqual([
      ['Ann@example.org', 'locked', 'administrator', 'Ann Lee'],
      ['bob@example.org', 'disabled', 'front_desk', 'Bob'],
    ]);
  });

  it('lifts a lock-out, audited', async () => {
    const { code, output } = await run('user', 'unlock', 'ann@EXAMPLE.org');
    expect({ code, output }).toEqual({ code: 0, output: 'Ann@example.org may try to sign in again.\n' });
    const { rows } = await database.pool.query('select failed_attempts, locked_until from users where id = 501');
    expect(rows).toEqual([{ failed_attempts: 0, locked_until: null }]);
    expect(await lastAudit()).toEqual([13, '501', { name: 'Ann Lee', from: 'command line' }]);
  });

  it('prints a link alone, which sets a new password once, audited and kept as a hash only', async () => {
    await database.pool.query(`update users set locked_until = now() + interval '1 hour' where id = 501`);
    const { code, output, errors } = await run('user', 'reset-link', 'ann@example.org', '--port', '9100');
    expect({ code, errors }).toEqual({ code: 0, errors: '' });
    const token = /^http:\/\/127\.0\.0\.1:9100\/setup#token=(\S{20,})\n$/.exec(output)?.[1] ?? '';
    expect(token).not.toBe('');
    expect(await lastAudit()).toEqual([12, '501', { name: 'Ann Lee', from: 'command line' }]);
    expect(JSON.stringify((await database.pool.query('select * from audit')).rows)).not.toContain(token);

    const db = openPgDatabase(database.connection, { max: 2, applicationName: 'test' });
    const deps = { db, ids: { next: () => 1n }, now: Date.now, hasher: createPasswordHasher() };
    const redeem = () =>
      redeemLink(deps, { token, password: 'orchard lantern violet 7' }, async (_tx, link) => link.login);
    expect(await redeem()).toBe('Ann@example.org');
    await expect(redeem()).rejects.toMatchObject({ code: 'link_invalid' });
    await db.close();
    const { rows } = await database.pool.query('select password_hash, locked_until from users where id = 501');
    expect(rows).toEqual([{ password_hash: expect.stringMatching(/^\$argon2id\$/) as unknown, locked_until: null }]);
  });

  it('makes no link that would not work', async () => {
    const { code, output, errors } = await run('user', 'reset-link', 'bob@example.org');
    expect({ code, output }).toEqual({ code: 2, output: '' });
    expect(errors).toMatch(/^bob@example\.org is disabled, and a link would not work: .*\n$/);
  });
});

describe('migrate', () => {
  it('has nothing to do twice', async () => {
    expect(await run('migrate')).toMatchObject({ code: 0, output: 'The database is up to date.\n', errors: '' });
  });
});

describe('verify-audit', () => {
  it('ends with 0 while the log is intact, and with 1 and the place when it is not', async () => {
    const intact = await run('verify-audit');
    expect(intact).toMatchObject({ code: 0, errors: '' });
    expect(intact.output).toMatch(/^The audit log is intact: \d+ entries in \d+ chains?\.\n$/);
    await database.pool.query(
      `alter table audit disable trigger user; update audit set at = at + interval '1 second' where id = (select max(id) from audit where action is not null)`,
    );
    const broken = await run('verify-audit');
    expect(broken.code).toBe(1);
    expect(broken.output).toMatch(/The audit log is NOT intact: \d+ problems? in \d+ entries\.\n$/);
    expect(broken.output.split('\n').length).toBeGreaterThan(2);
  });
});

it('a command about what is there makes nothing where nothing is', async () => {
  const nowhere = join(home, 'nowhere');
  for (const args of [['verify-audit'], ['export-config'], ['rotate-keys'], ['user', 'list']]) {
    const { code, errors } = await runWith({ DATABASE_URL: '' }, ...args, '--data', nowhere);
    expect([args[0], code, errors]).toEqual([args[0], 1, expect.stringMatching(/^There is no Practice Studio in /)]);
  }
  await expect(access(nowhere)).rejects.toThrow('ENOENT');
});

it('commands leave no node behind', async () => {
  expect((await database.pool.query('select name from nodes')).rows).toEqual([]);
});
