import { join } from 'node:path';

/** The checkout. */
export const root = join(import.meta.dirname, '../..');

/** Where the build goes. */
export const dist = join(root, 'dist');
