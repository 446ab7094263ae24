import { execFile } from 'node:child_process';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { bashCommand, nodeProgram, sampleMessage } from './sample.ts';

const now = new Date('2026-03-14T12:00:00Z');

/** What a listener on a free port received from a program, and what the program printed. */
async function send(program: string, argumentsFor: (port: number) => readonly string[]) {
  const received: Buffer[] = [];
  const server = createServer((socket) => {
    // bash just drops its end.
    socket.on('error', () => socket.destroy());
    socket.on('data', (chunk) => {
      received.push(chunk);
      if (Buffer.concat(received).includes('\u001c\r')) socket.write('\u000bMSH|^~\\&|US\rMSA|AA|1\r\u001c\r');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const printed = await new Promise<string>((resolve, reject) => {
    execFile(program, argumentsFor(port), (error, stdout) =>
      error === null ? resolve(stdout) : reject(new Error(error.message)),
    );
  });
  await new Promise((resolve) => server.close(resolve));
  return { printed, received: Buffer.concat(received).toString() };
}

describe('what sends a sample to a listener', () => {
  const framed = `\u000b${sampleMessage(now).join('\r')}\r\u001c\r`;

  it.runIf(process.platform !== 'win32')('is bash that sends it framed and prints the acknowledgment', async () => {
    const { printed, received } = await send('bash', (port) => ['-c', bashCommand('0.0.0.0', port, now)]);
    expect(printed).toContain('MSA|AA|1');
    expect(received).toBe(framed);
  });

  it('is a program for Node.js that does the same', async () => {
    const run = (port: number) => ['--input-type=module', '--eval', nodeProgram('127.0.0.1', port, now)];
    const { printed, received } = await send(process.execPath, run);
    expect(printed).toContain('MSA|AA|1');
    expect(received).toBe(framed);
  });
});
