import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checks } from './checks.mjs';
import { ensureBuilt } from './ensure-built.mjs';
import { runTool } from './run-tool.mjs';

/** Runs checks and tests (with `only`, just the tests that match), prints the counts, returns the exit code. */
export async function runEverything(only) {
  process.on('SIGINT', () => undefined); // the tests clean up behind themselves; then we end too
  const totals = { passed: 0, failed: 0, skipped: 0 };
  const note = (name, ok, seconds, output) => {
    totals[ok ? 'passed' : 'failed']++;
    console.log(`${ok ? '✓' : '✗'} ${name} (${seconds.toFixed(1)} s)`);
    if (!ok) console.log(output.trim());
  };
  await timed('build', ensureBuilt, note);
  if (only.length === 0) {
    // Two at a time, as most machines have two cores; each speaks when it is done.
    const waiting = [...checks];
    const work = async () => {
      for (let check = waiting.shift(); check !== undefined; check = waiting.shift()) {
        const { name, run, sees } = check;
        await timed(
          name,
          async () => {
            const { status, output } = await run();
            if (status !== 0) throw new CheckFailed(output);
            if (!sees(output)) throw new CheckFailed(`${output}\nIt looked at no file at all.`);
          },
          note,
        );
      }
    };
    await Promise.all([work(), work()]);
  }
  console.log('Running the tests …');
  const counts = await runVitest(only);
  for (const kind of ['passed', 'failed', 'skipped']) totals[kind] += counts[kind];
  if (process.env.CI && totals.skipped > 0) {
    console.log(`${totals.skipped} tests were not run; in CI all of them must be.`);
    totals.failed++;
  }
  const skipped = totals.skipped > 0 ? `, ${totals.skipped} skipped` : '';
  console.log(`${totals.passed} passed, ${totals.failed} failed${skipped}`);
  return totals.failed === 0 ? 0 : 1;
}

class CheckFailed extends Error {}

async function timed(name, run, note) {
  const begun = performance.now();
  const seconds = () => (performance.now() - begun) / 1000;
  try {
    await run();
    note(name, true, seconds(), '');
  } catch (error) {
    note(name, false, seconds(), error instanceof CheckFailed ? error.message : String(error.stack ?? error));
  }
}

async function runVitest(only) {
  const place = mkdtempSync(join(tmpdir(), 'practice-studio-counts-'));
  const file = join(place, 'counts.json');
  try {
    const reporters = ['--reporter=default', '--reporter=./scripts/lib/count-reporter.mjs'];
    const env = { ...process.env, PRACTICE_STUDIO_TEST_COUNTS: file };
    const { status } = await runTool('vitest', 'vitest', ['run', ...reporters, ...only], { show: true, env });
    const counts = JSON.parse(readFileSync(file, 'utf8'));
    // No test at all, or trouble that no test shows, is a failure too.
    const silent = counts.passed + counts.failed === 0 || (status !== 0 && counts.failed === 0);
    return silent ? { ...counts, failed: counts.failed + 1 } : counts;
  } catch (error) {
    console.log(`The tests did not come to an end: ${error.message}`);
    return { passed: 0, failed: 1, skipped: 0 };
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
}
