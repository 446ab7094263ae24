import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['{src,simulator,test,scripts,console}/**/*.test.{ts,tsx}'],
    exclude: ['**/node_modules/**', 'dist/**', 'data/**'],
    globalSetup: ['test/support/database-setup.ts'],
    pool: 'forks',
    // Two cores: more processes only wait for each other.
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // Tests that kill real processes meet a busy machine now and then; a real fault fails every time.
    retry: process.env['CI'] === undefined ? 0 : 2,
  },
});
