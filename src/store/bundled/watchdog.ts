import { spawn } from 'node:child_process';

/** Ends the watch; the server lives on. */
export type CallOff = () => void;

/**
 * Has the server stopped when this program ends without doing so itself: by `process.exit`, by a signal, by kill -9. A small
 * shell waits for the end of its input, which comes however we end. Not on Windows, where the next start clears up.
 */
export function watchOver(serverPid: number): CallOff {
  if (process.platform === 'win32') return () => undefined;
  const script = 'read -r word || kill -INT "$1"';
  const shell = spawn('/bin/sh', ['-c', script, 'sh', String(serverPid)], {
    stdio: ['pipe', 'ignore', 'ignore'],
    env: {},
    cwd: '/',
    detached: true, // away from the terminal's Ctrl-C
  });
  shell.unref();
  shell.on('error', () => undefined); // no shell: the next start clears up
  shell.stdin.on('error', () => undefined);
  return () => shell.stdin.end('done\n');
}
