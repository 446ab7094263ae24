import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

/** 256 random bits as text, safe in URLs, headers and cookies. */
export function newSecret(): string {
  return randomBytes(32).toString('base64url');
}

/** What is stored of a secret. Plain SHA-256 is enough, as nobody can try 2^256 secrets. */
export function secretHash(secret: string): Buffer {
  return createHash('sha256').update(secret, 'utf8').digest();
}

/** The CSRF token of a session: known to whoever has the session token, and tells nothing about it. */
export function csrfToken(sessionToken: string): string {
  return createHmac('sha256', sessionToken).update('practice-studio csrf v1').digest('base64url');
}

/** Compares two texts without telling by the time where they differ. */
export function sameText(a: string, b: string): boolean {
  const [one, two] = [secretHash(a), secretHash(b)];
  return timingSafeEqual(one, two);
}
