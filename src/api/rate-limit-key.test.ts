import { expect, it } from 'vitest';
import { rateLimitKey } from './rate-limit-key.ts';

it('counts by address, of IPv6 by network, and bears a caller who has gone', () => {
  expect(rateLimitKey({ ip: '10.1.2.3' })).toBe('10.1.2.3');
  expect(rateLimitKey({ ip: '::ffff:10.1.2.3' })).toBe('10.1.2.3');
  expect(rateLimitKey({ ip: 'fd00::1:1' })).toBe(rateLimitKey({ ip: 'fd00::1:2' }));
  expect(rateLimitKey({ ip: undefined })).toBe('');
});
