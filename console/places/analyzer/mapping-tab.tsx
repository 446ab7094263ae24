import { ActionIcon, Button, Select, Switch, TextInput } from '@mantine/core';
import { IconTrash } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import type { FeedProposal, MappingReviewView } from '../../../src/contract/feed-analysis.ts';
import { formatCount } from '../../parts/format.ts';
import { EmptyState } from '../../parts/notice.tsx';
import { Section } from '../../parts/page.tsx';
import classes from './analyzer.module.css';
import { accept, CERTAIN, isPath, type Draft } from './draft.ts';
import { percentText } from './field-rows.ts';
import { ValueList } from './value-list.tsx';

const NOT_A_PATH = 'A place such as PV1-20 or ZFS-2.1';
/** Lists of the record (insurances, relatives) are mapped in groups, not field by field. */
const LISTS = /^(identifiers|coverage|related_persons)\./;

interface TabProps {
  readonly review: MappingReviewView;
  readonly draft: Draft;
  readonly onDraft: (draft: Draft) => void;
}

/** Proposals to accept or change, fields to map by hand, and what the mapping finds. */
export function MappingTab(props: TabProps): ReactNode {
  const { review, draft, onDraft } = props;
  const open = review.proposals.filter(({ state }) => state === 'proposed');
  const certain = open.filter(({ id, confidence }) => confidence >= CERTAIN && draft.accepted[id] === undefined);
  return (
    <div className={classes['stack']}>
      <Section
        title="Proposals"
        action={
          certain.length < 2 ? undefined : (
            <Button
              variant="default"
              onClick={() => onDraft(certain.reduce((next, proposal) => accept(next, proposal, true), draft))}
            >
              Accept the {certain.length} that are certain
            </Button>
          )
        }
      >
        {review.proposals.length === 0 ? (
          <EmptyState title="Nothing is proposed">
            The mapping finds what it looks for, or the feed has nothing like it. Fields below can be mapped by hand.
          </EmptyState>
        ) : (
          <div>
            {review.proposals.map((proposal) => (
              <ProposalView key={proposal.id} proposal={proposal} draft={draft} onDraft={onDraft} />
            ))}
          </div>
        )}
      </Section>
      <OwnFields {...props} />
      <div className={classes['split']}>
        <Unmapped {...props} />
        <Targets review={review} />
      </div>
    </div>
  );
}

function ProposalView(props: { proposal: FeedProposal; draft: Draft; onDraft: (draft: Draft) => void }): ReactNode {
  const { proposal, draft, onDraft } = props;
  const accepted = draft.accepted[proposal.id];
  const path = accepted ?? proposal.path;
  return (
    <div className={classes['proposal']}>
      <div className={classes['proposalHead']}>
        <div>
          <strong>{proposal.label}</strong>
          <span className="quiet"> from </span>
          <code>{proposal.path}</code>
          <span className="quiet"> · confidence {percentText(proposal.confidence)}</span>
        </div>
        {proposal.state === 'covered' ? (
          <span className="quiet">found already</span>
        ) : (
          <>
            <TextInput
              label="Place"
              w={120}
              aria-label={`Place of ${proposal.label}`}
              classNames={{ input: 'mono' }}
              value={path}
              error={accepted !== undefined && !isPath(accepted) ? NOT_A_PATH : undefined}
              onChange={(event) =>
                onDraft(accept(draft, { id: proposal.id, path: event.currentTarget.value.toUpperCase().trim() }, true))
              }
            />
            <Switch
              label="Accept"
              aria-label={`Accept ${proposal.label}`}
              checked={accepted !== undefined}
              onChange={(event) => onDraft(accept(draft, { id: proposal.id, path }, event.currentTarget.checked))}
            />
          </>
        )}
      </div>
      <ul className={classes['evidence']}>
        {proposal.evidence.map((sentence) => (
          <li key={sentence}>{sentence}</li>
        ))}
        {proposal.others.length === 0 ? null : (
          <li>
            Also weighed:{' '}
            {proposal.others.map((other) => `${other.path} (${percentText(other.confidence)})`).join(', ')}.
          </li>
        )}
      </ul>
      <ValueList values={proposal.values} most={12} />
    </div>
  );
}

function OwnFields({ review, draft, onDraft }: TabProps): ReactNode {
  const targets = review.targets
    .filter(({ target }) => !LISTS.test(target))
    .map(({ target, label }) => ({ value: target, label }));
  const change = (index: number, part: Partial<{ target: string; path: string }>): void =>
    onDraft({ ...draft, own: draft.own.map((each, i) => (i === index ? { ...each, ...part } : each)) });
  return (
    <Section
      title="Mapped by you"
      action={
        <Button variant="default" onClick={() => onDraft({ ...draft, own: [...draft.own, { target: '', path: '' }] })}>
          Map a field
        </Button>
      }
    >
      {draft.own.length === 0 ? (
        <p className="quiet">
          Say that a field of the feed fills a field of the patient. It is looked at before the places that the mapping
          has, and goes through the same steps (dates, code tables).
        </p>
      ) : (
        draft.own.map((each, index) => (
          <div key={index} className={classes['bar']}>
            <TextInput
              label="Field of the feed"
              w={140}
              placeholder="ZFS-2.1"
              classNames={{ input: 'mono' }}
              value={each.path}
              error={each.path !== '' && !isPath(each.path) ? NOT_A_PATH : undefined}
              onChange={(event) => change(index, { path: event.currentTarget.value.toUpperCase().trim() })}
            />
            <Select
              label="Field of the patient"
              w={260}
              searchable
              data={targets}
              value={each.target === '' ? null : each.target}
              onChange={(target) => change(index, { target: target ?? '' })}
            />
            <ActionIcon
              aria-label={`Take ${each.path === '' ? 'this field' : each.path} out`}
              onClick={() => onDraft({ ...draft, own: draft.own.filter((_, i) => i !== index) })}
            >
              <IconTrash size={15} />
            </ActionIcon>
          </div>
        ))
      )}
    </Section>
  );
}

function Unmapped({ review, draft, onDraft }: TabProps): ReactNode {
  return (
    <Section title={`Filled, but not mapped (${review.unmapped.length})`}>
      {review.unmapped.length === 0 ? (
        <p className="quiet">The mapping reads everything that the feed fills.</p>
      ) : (
        <div className={classes['scroll']}>
          <table className="plain">
            <thead>
              <tr>
                <th scope="col">Field</th>
                <th scope="col">Name</th>
                <th scope="col" className="number">
                  Filled
                </th>
                <th scope="col">
                  <span className="visually-hidden">Action</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {review.unmapped.map(({ path, name, rate }) => (
                <tr key={path}>
                  <td className="mono nowrap">{path}</td>
                  <td>{name}</td>
                  <td className="number">{percentText(rate)}</td>
                  <td className="number">
                    <Button
                      variant="subtle"
                      size="compact-xs"
                      aria-label={`Map ${path}`}
                      onClick={() => onDraft({ ...draft, own: [...draft.own, { target: '', path }] })}
                    >
                      Map
                    </Button>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Section>
  );
}

function Targets(props: { review: MappingReviewView }): ReactNode {
  const { targets } = props.review;
  const never = targets.filter(({ filled }) => filled === 0);
  return (
    <Section title={`What the mapping finds (${targets.length - never.length} of ${targets.length} fields)`}>
      <div className={classes['scroll']}>
        <table className="plain">
          <thead>
            <tr>
              <th scope="col">Practice Studio field</th>
              <th scope="col">Looked for in</th>
              <th scope="col" className="number">
                Filled
              </th>
            </tr>
          </thead>
          <tbody>
            {targets.map(({ target, label, sources, filled, of, required }) => (
              <tr key={target}>
                <td>
                  {label}
                  {required ? <span className="quiet"> required</span> : null}
                </td>
                <td className="mono">{sources.map(({ text }) => text).join(', ')}</td>
                <td className="number nowrap" title={`${formatCount(filled)} of ${formatCount(of)}`}>
                  {filled === 0 ? <span className="quiet">never</span> : percentText(filled / Math.max(1, of))}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Section>
  );
}
