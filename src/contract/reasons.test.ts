import { expect, it } from 'vitest';
import { errorRoutes } from './errors.ts';
import { messageRoutes } from './messages.ts';

const bodies = {
  replayMessage: messageRoutes.replayMessage.body,
  replayErrorGroup: errorRoutes.replayErrorGroup.body,
  discardErrorGroup: errorRoutes.discardErrorGroup.body,
};

it.each(Object.entries(bodies))('%s takes no blanks for a reason', (_name, body) => {
  for (const reason of ['', ' ', '\t\n ', '\u00a0']) expect(body?.safeParse({ reason }).success).toBe(false);
  expect(body?.parse({ reason: ' asked by the clinic ' })).toEqual({ reason: 'asked by the clinic' });
});
