import type { ReactNode } from 'react';
import type { FeedAnalysis } from '../../../src/contract/feed-analysis.ts';
import { formatBytes, formatCount, formatMany } from '../../parts/format.ts';
import { Figures } from '../../parts/figures.tsx';
import { Notice } from '../../parts/notice.tsx';
import { Section } from '../../parts/page.tsx';
import classes from './analyzer.module.css';
import { percentText } from './field-rows.ts';

/** What the feed is as a whole. */
export function OverviewTab(props: { analysis: FeedAnalysis }): ReactNode {
  const { profile, review } = props.analysis;
  const unread = profile.unreadable.reduce((sum, { count }) => sum + count, 0);
  const unknown = (review?.codes ?? []).flatMap(({ codes }) => codes).filter(({ to }) => to === '').length;
  return (
    <div className={classes['stack']}>
      <Figures
        figures={[
          {
            label: 'Messages',
            value: formatCount(profile.messages),
            detail: `${formatMany(profile.types.length, 'type')}, ${formatBytes(profile.bytes)}`,
          },
          {
            label: 'Not readable',
            value: formatCount(unread),
            detail: profile.unreadable[0] === undefined ? 'all were read' : `first at ${profile.unreadable[0].first}`,
            tone: unread > 0 ? 'fail' : undefined,
          },
          ...(review === null
            ? []
            : [
                {
                  label: 'Would fail in the mapping',
                  value: formatCount(review.failing),
                  detail: `of ${formatCount(review.messages)} it is for`,
                  tone: review.failing > 0 ? ('fail' as const) : undefined,
                },
                {
                  label: 'Unknown codes',
                  value: formatCount(unknown),
                  detail: `${review.proposals.filter(({ state }) => state === 'proposed').length} proposals`,
                  tone: unknown > 0 ? ('warn' as const) : undefined,
                },
              ]),
        ]}
      />
      {profile.charset.misfits > 0 ? (
        <Notice
          tone="warn"
          title={`${formatCount(profile.charset.misfits)} messages are not in the character set that they declare`}
        >
          Ask the sender to set MSH-18 to what it really sends: names with accents are at stake.
        </Notice>
      ) : null}
      {profile.stray > 0 ? (
        <Notice tone="warn" title={`${formatCount(profile.stray)} lines do not begin with a segment’s name`}>
          A line end inside a text field does this: the sender should write it as \.br\ or \X0D\.
        </Notice>
      ) : null}
      <div className={classes['split']}>
        <Section title="Message types">
          <CountTable head="Type" counts={profile.types} total={profile.messages} />
        </Section>
        <Section title="Segments">
          <div className={classes['scroll']}>
            <table className="plain">
              <thead>
                <tr>
                  <th scope="col">Segment</th>
                  <th scope="col">Name</th>
                  <th scope="col" className="number">
                    Messages
                  </th>
                  <th scope="col" className="number">
                    Most in one
                  </th>
                </tr>
              </thead>
              <tbody>
                {profile.segments.map((segment) => (
                  <tr key={segment.segment}>
                    <td className="mono">{segment.segment}</td>
                    <td className={segment.standard ? undefined : 'quiet'}>
                      {segment.standard ? segment.name : 'of the sender’s own'}
                    </td>
                    <td className="number">{percentText(segment.messages / profile.messages)}</td>
                    <td className="number">{formatCount(segment.most)}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        </Section>
        <Section title="How it is sent">
          <dl className="facts">
            <Fact label="Versions" counts={profile.versions} />
            <Fact label="Senders" counts={profile.senders} />
            <Fact label="Receivers" counts={profile.receivers} />
            <Fact label="Processing" counts={profile.processing} />
            <Fact label="Declared character set" counts={profile.charset.declared} />
            <Fact label="Character set used" counts={profile.charset.used} />
            <Fact label="Line ends" counts={profile.terminators} />
            <Fact label="Delimiters" counts={profile.delimiters} mono />
            <dt>Control ids</dt>
            <dd>
              {profile.control.repeated === 0 && profile.control.missing === 0
                ? 'present and different'
                : `${formatCount(profile.control.repeated)} repeated, ${formatCount(profile.control.missing)} missing`}
              {profile.control.exact ? '' : ' (of the first 250,000 different ones)'}
            </dd>
            <dt>Time of messages</dt>
            <dd className="mono">
              {profile.period.first === '' ? 'none' : `${profile.period.first} to ${profile.period.last}`}
            </dd>
          </dl>
        </Section>
        {profile.unreadable.length === 0 ? null : (
          <Section title="Not readable">
            <CountTable
              head="What was wrong"
              counts={profile.unreadable.map(({ code, count, first }) => ({
                value: `${code}, first at ${first}`,
                count,
              }))}
              total={unread}
            />
          </Section>
        )}
        {review === null || review.problems.length === 0 ? null : (
          <Section title="Problems in the mapping">
            <div className={classes['scroll']}>
              <table className="plain">
                <thead>
                  <tr>
                    <th scope="col">Where</th>
                    <th scope="col">What</th>
                    <th scope="col" className="number">
                      Messages
                    </th>
                  </tr>
                </thead>
                <tbody>
                  {review.problems.slice(0, 30).map((problem) => (
                    <tr key={`${problem.code} ${problem.place} ${problem.target}`}>
                      <td className="mono nowrap">{problem.place}</td>
                      <td>
                        {problem.severity === 'error' ? <strong>Fails: </strong> : null}
                        {problem.words}
                      </td>
                      <td className="number">{formatCount(problem.messages)}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          </Section>
        )}
      </div>
    </div>
  );
}

interface Count {
  readonly value: string;
  readonly count: number;
}

function CountTable(props: { head: string; counts: readonly Count[]; total: number }): ReactNode {
  return (
    <div className={classes['scroll']}>
      <table className="plain">
        <thead>
          <tr>
            <th scope="col">{props.head}</th>
            <th scope="col" className="number">
              Messages
            </th>
            <th scope="col" className="number">
              Share
            </th>
          </tr>
        </thead>
        <tbody>
          {props.counts.map(({ value, count }) => (
            <tr key={value}>
              <td className="mono">{value}</td>
              <td className="number">{formatCount(count)}</td>
              <td className="number">{percentText(count / Math.max(1, props.total))}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Fact(props: { label: string; counts: readonly Count[]; mono?: boolean }): ReactNode {
  return (
    <>
      <dt>{props.label}</dt>
      <dd className={props.mono === true ? 'mono' : undefined}>
        {props.counts.length === 1
          ? props.counts[0]?.value
          : props.counts.map(({ value, count }) => `${value} × ${formatCount(count)}`).join(', ') || 'none'}
      </dd>
    </>
  );
}
