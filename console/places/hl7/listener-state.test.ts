import { execFile } from 'node:child_process';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import type { Listener } from '../../../src/contract/listeners.ts';
import { sampleCommand, sampleMessage, worstStatus } from './listener-state.ts';

const status = (node: string, state: Listener['statuses'][number]['status'], reason = '') => ({
  node,
  status: state,
  reason,
  since: '2026-03-14T12:00:00Z',
  connections: 0,
  refusals: [],
});

describe('the state of a listener', () => {
  it('is the worst one of its nodes', () => {
    const statuses = [status('a', 'listening'), status('b', 'failed', 'Port 6661 is taken.')];
    expect(worstStatus({ enabled: true, statuses })).toEqual({ state: 'failed', reason: 'b: Port 6661 is taken.' });
    expect(worstStatus({ enabled: true, statuses: [status('a', 'listening')] }).state).toBe('listening');
    expect(worstStatus({ enabled: true, statuses: [] }).state).toBe('stopped');
    expect(worstStatus({ enabled: false, statuses }).state).toBe('disabled');
  });
});

const bash = process.platform !== 'win32';
describe('the command that sends a sample', () => {
  it.runIf(bash)('is bash that sends the message framed and prints the acknowledgment', async () => {
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
    const now = new Date('2026-03-14T12:00:00Z');
    const printed = await new Promise<string>((resolve, reject) => {
      execFile('bash', ['-c', sampleCommand('0.0.0.0', port, now)], (error, stdout) =>
        error === null ? resolve(stdout) : reject(new Error(error.message)),
      );
    });
    await new Promise((resolve) => server.close(resolve));
    expect(printed).toContain('MSA|AA|1');
    expect(Buffer.concat(received).toString()).toBe(`\u000b${sampleMessage(now).join('\r')}\r\u001c\r`);
  });
});
