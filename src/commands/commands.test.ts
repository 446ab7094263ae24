import { spawn } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { parse } from 'yaml';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
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
function run(...args: readonly string[]): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const env = { ...process.env, NODE_OPTIONS: '', ...environment };
    const child = spawn(process.execPath, [join(built, 'dist/cli.js'), ...args], { cwd: home, env });
    let [output, errors] = ['', ''];
    child.stdin.end();
    child.stdout.on('data', (chunk) => (output += String(chunk)));
    child.stderr.on('data', (chunk) => (errors += String(chunk)));
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, output, errors }));
  });
}

const COMMANDS = ['start', 'apply', 'export-config', 'token', 'verify-audit', 'migrate', 'rotate-keys'];

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

it('commands leave no node behind', async () => {
  expect((await database.pool.query('select name from nodes')).rows).toEqual([]);
});
