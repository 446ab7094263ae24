import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { COMMON_FLAGS, dataDirectory, readFlags, START_FLAGS, startOptions, UsageError } from './options.ts';

const options = (args: readonly string[], env: Record<string, string> = {}): ReturnType<typeof startOptions> =>
  startOptions(readFlags(args, START_FLAGS), env);

/** What the person is told. */
function said(args: readonly string[], env: Record<string, string> = {}): string {
  try {
    options(args, env);
  } catch (error) {
    if (error instanceof UsageError) return error.message;
    throw error;
  }
  throw new Error('Nothing was said.');
}

describe('the options of start', () => {
  it('have defaults', () => {
    expect(options([])).toMatchObject({
      dataDirectory: resolve('data'),
      databaseUrl: undefined,
      host: '127.0.0.1',
      port: 8480,
      hl7Port: 6661,
      demo: false,
      demoMix: 'adt',
      node: undefined,
      logTo: 'file',
      logLevel: 'info',
      logFileBytes: 20 * 1024 * 1024,
      logFilesKept: 5,
      auditYears: 6,
      openMetricsOnLoopback: false,
    });
  });

  it('come from the environment, and a flag goes before it', () => {
    const env = {
      PRACTICE_STUDIO_DATA: '/srv/psi',
      PRACTICE_STUDIO_PORT: '9000',
      PRACTICE_STUDIO_HL7_PORT: '9001',
      PRACTICE_STUDIO_HOST: '::1',
      PRACTICE_STUDIO_NODE: 'one',
      PRACTICE_STUDIO_LOG: 'stdout',
      PRACTICE_STUDIO_LOG_LEVEL: 'warn',
      PRACTICE_STUDIO_LOG_SIZE: '1',
      PRACTICE_STUDIO_LOG_FILES: '0',
      PRACTICE_STUDIO_AUDIT_YEARS: '10',
      PRACTICE_STUDIO_METRICS_ON_LOOPBACK: '1',
      DATABASE_URL: 'postgresql://db/psi',
    };
    expect(options([], env)).toMatchObject({
      dataDirectory: resolve('/srv/psi'),
      port: 9000,
      hl7Port: 9001,
      host: '::1',
      node: 'one',
      logTo: 'stdout',
      logLevel: 'warn',
      logFileBytes: 1024 * 1024,
      logFilesKept: 0,
      auditYears: 10,
      openMetricsOnLoopback: true,
      databaseUrl: 'postgresql://db/psi',
    });
    expect(options(['--port', '9100', '--data', '/other', '--log', 'file'], env)).toMatchObject({
      port: 9100,
      dataDirectory: resolve('/other'),
      logTo: 'file',
    });
  });

  it('take an empty variable for none', () => {
    const env = { PRACTICE_STUDIO_PORT: '', PRACTICE_STUDIO_DATA: '', DATABASE_URL: '', PRACTICE_STUDIO_NODE: '' };
    expect(options([], env)).toEqual(options([]));
  });

  it('keep the demo apart from real data', () => {
    expect(options(['--demo']).dataDirectory).toBe(resolve('data/demo'));
    expect(options([], { PRACTICE_STUDIO_DEMO: '1' }).demo).toBe(true);
    expect(options(['--demo', '--data', 'elsewhere']).dataDirectory).toBe(resolve('elsewhere'));
  });

  it('let the demo send every type', () => {
    expect(options(['--demo', '--demo-mix', 'practice']).demoMix).toBe('practice');
    expect(options([], { PRACTICE_STUDIO_DEMO_MIX: 'even' }).demoMix).toBe('even');
    expect(() => options(['--demo-mix', 'all'])).toThrow(/--demo-mix must be one of adt, practice, even/);
  });
});

describe('what is typed wrongly is told in one sentence', () => {
  const cases: readonly [string, readonly string[], Record<string, string>, RegExp][] = [
    ['a port that is none', ['--port', '80a'], {}, /^--port must be a port from 1 to 65535, not "80a"\.$/],
    ['a port too high', ['--hl7-port', '70000'], {}, /^--hl7-port must be .* not "70000"\.$/],
    ['a port of zero', [], { PRACTICE_STUDIO_PORT: '0' }, /not "0"\.$/],
    ['a host name', ['--host', 'example.org'], {}, /^The host must be an IP address .* not "example\.org"\.$/],
    ['one port for both', ['--demo', '--port', '7000', '--hl7-port', '7000'], {}, /must differ; both are 7000\.$/],
    ['a place for the log', ['--log', 'syslog'], {}, /^--log must be "file" or "stdout", not "syslog"\.$/],
    ['a level of the log', ['--log-level', 'loud'], {}, /^--log-level must be one of debug, info, .* not "loud"\.$/],
    ['a log of no size', ['--log-size', '0'], {}, /^--log-size must be a whole number from 1 to 10000, not "0"\.$/],
    ['files of a log', [], { PRACTICE_STUDIO_LOG_FILES: 'all' }, /^--log-files must be a whole number .* not "all"\.$/],
    [
      'an audit log kept for no time',
      ['--audit-years', '0'],
      {},
      /^--audit-years must be .* from 1 to 100, not "0"\.$/,
    ],
    ['a node with blanks', ['--node', 'my node'], {}, /^--node must be a name .* not "my node"\.$/],
    ['an empty directory', ['--data', ''], {}, /^--data needs the path of a directory\.$/],
    ['an argument too many', ['now'], {}, /^start takes no argument "now"\.$/],
    ['an unknown flag', ['--colour'], {}, /'--colour'/],
    ['a flag without its value', ['--port'], {}, /'--port <value>' argument missing/],
  ];
  for (const [what, args, env, sentence] of cases) {
    it(what, () => {
      const text = said(args, env);
      expect(text).toMatch(sentence);
      expect(text).not.toContain('\n');
    });
  }
});

it('a data directory is absolute, whatever command it is for', () => {
  expect(dataDirectory(readFlags(['--data', 'x/y'], COMMON_FLAGS), {})).toBe(resolve('x/y'));
  expect(dataDirectory(readFlags([], COMMON_FLAGS), { PRACTICE_STUDIO_DATA: 'z' })).toBe(resolve('z'));
});

describe('switches of the environment', () => {
  it('are 1 or 0, in the words that people use', () => {
    expect(options([], { PRACTICE_STUDIO_HTTPS: 'yes' }).https).toBe(true);
    expect(options([], { PRACTICE_STUDIO_HTTPS: 'False' }).https).toBe(false);
    expect(options([], { PRACTICE_STUDIO_DEMO: '1' }).demo).toBe(true);
  });

  it('that are neither are told, as they may guard something', () => {
    expect(said([], { PRACTICE_STUDIO_HTTPS: 'https' })).toBe('PRACTICE_STUDIO_HTTPS must be 1 or 0, not "https".');
  });
});

it('a flag without its value is told in one sentence', () => {
  expect(said(['--audit-years', '-1'])).toBe('--audit-years needs a value, and none that begins with a dash.');
});
