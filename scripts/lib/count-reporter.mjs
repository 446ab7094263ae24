import { writeFileSync } from 'node:fs';

/** A vitest reporter that writes the counts of a run into the file that PRACTICE_STUDIO_TEST_COUNTS names. */
export default class CountReporter {
  onTestRunEnd(modules, errors) {
    const counts = { passed: 0, failed: errors.length, skipped: 0, files: modules.length };
    for (const module of modules) {
      let failedTests = 0;
      for (const test of module.children.allTests()) {
        const { state } = test.result();
        if (state === 'passed') counts.passed++;
        else if (state === 'skipped') counts.skipped++;
        else failedTests++; // failed, or never finished
      }
      // A file or a suite that fails as a whole (an import, a hook) is a failure although no test of it is.
      counts.failed += failedTests === 0 && !module.ok() ? 1 : failedTests;
    }
    writeFileSync(process.env.PRACTICE_STUDIO_TEST_COUNTS, JSON.stringify(counts));
  }
}
