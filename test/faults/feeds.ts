import type { ConnectionOptions } from 'node:tls';
import type { Feed } from './nothing-lost.ts';
import { PracticeMessages } from './practice-messages.ts';
import { Sender } from './sender.ts';

export interface FeedPlan {
  readonly name: string;
  readonly port: number;
  readonly window?: number;
  readonly perSecond?: number;
  /** The numbers of its patients; default: eight of its own. */
  readonly patients?: readonly number[];
  readonly tls?: ConnectionOptions;
}

/** Makes senders with messages of their own; they wait to be told to go. */
export function makeFeeds(plans: readonly FeedPlan[]): Feed[] {
  return plans.map(({ name, port, window, perSecond, tls, ...plan }, index) => {
    const patients = plan.patients ?? Array.from({ length: 8 }, (_, each) => index * 100 + each);
    const messages = new PracticeMessages(name, patients);
    const sender = new Sender({
      ...{ port, window: window ?? 16, perSecond: perSecond ?? 200, next: messages.next },
      ...(tls === undefined ? {} : { tls }),
    });
    return { messages, patients, sender };
  });
}

/** How many messages have been acknowledged to all of them. */
export function acknowledgedBy(feeds: readonly Feed[]): number {
  return feeds.reduce((sum, { sender }) => sum + sender.acknowledged.length, 0);
}
