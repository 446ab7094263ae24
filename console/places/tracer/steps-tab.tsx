import { useState, type ReactNode } from 'react';
import type { MessageDetail, Step, Transaction } from '../../../src/contract/messages.ts';
import { formatMany, formatMs } from '../../parts/format.ts';
import { ScrollBox } from '../../parts/scroll-box.tsx';
import { StateMark } from '../../parts/state-mark.tsx';
import { Time } from '../../parts/time.tsx';
import { FailureView } from './failure-view.tsx';
import { moreItems, traceSections } from './mapping-trace.ts';
import { MappingTraceView } from './mapping-trace-view.tsx';
import classes from './tracer.module.css';

const KIND_WORDS = { first: 'First processing', replay: 'Replay', repair: 'Repair and replay' } as const;

const STEP_WORDS: Readonly<Record<string, string>> = {
  receive: 'Received',
  unseal: 'Read from the store',
  parse: 'Parsed',
  route: 'Routed',
  filter: 'Filtered',
  map: 'Mapped',
  convert: 'Converted',
  attempt: 'Earlier attempt',
  match: 'Matched',
  record: 'Recorded',
};
function stepWord(name: string): string {
  return STEP_WORDS[name] ?? name.charAt(0).toUpperCase() + name.slice(1);
}

/** Every processing of the message, the newest first, step by step with the time each took. */
export function StepsTab(props: { message: MessageDetail; onPlace: (place: string) => void }): ReactNode {
  const newestFirst = props.message.transactions.toReversed();
  if (props.message.transactions.length === 0) {
    return (
      <p className="quiet">
        {props.message.state === 'filtered'
          ? 'A rule decided at receipt that there is nothing to do.'
          : 'Not processed yet: it waits for a worker.'}
      </p>
    );
  }
  return (
    <div style={{ display: 'grid', gap: 16 }}>
      {newestFirst.map((transaction, index) => (
        <TransactionView
          key={transaction.id}
          transaction={transaction}
          // The latest one's failure is the message's, which is told above the tabs already.
          told={index === 0}
          onPlace={props.onPlace}
        />
      ))}
    </div>
  );
}

function TransactionView(props: {
  transaction: Transaction;
  /** Its failure is shown elsewhere on the page. */
  told: boolean;
  onPlace: (place: string) => void;
}): ReactNode {
  const { transaction } = props;
  const took =
    transaction.finished_at === null ? null : Date.parse(transaction.finished_at) - Date.parse(transaction.started_at);
  return (
    <section aria-label={`${KIND_WORDS[transaction.kind]}, ${transaction.started_at}`}>
      <div className={classes['stepHead']} style={{ marginBottom: 4 }}>
        <h3>{KIND_WORDS[transaction.kind]}</h3>
        <StateMark state={transaction.state} />
        <span className="quiet">
          <Time at={transaction.started_at} />
          {took === null ? '' : `, ${formatMs(took)}`}, {formatMany(transaction.attempts, 'attempt')}, node{' '}
          {transaction.node}
          {transaction.mapping === null
            ? ''
            : `, mapping ${transaction.mapping.key} version ${transaction.mapping.version}`}
        </span>
      </div>
      {transaction.requested_by === null && transaction.note === '' ? null : (
        <p className="quiet" style={{ marginBottom: 6 }}>
          {transaction.requested_by === null ? '' : `Asked for by ${transaction.requested_by}`}
          {transaction.note === '' ? '' : `: ${transaction.note}`}
        </p>
      )}
      {transaction.failure === null || props.told ? null : (
        <div style={{ marginBottom: 8 }}>
          <FailureView failure={transaction.failure} onPlace={props.onPlace} />
        </div>
      )}
      <ol className={classes['timeline']}>
        {transaction.steps.map((step, index) => (
          <StepView key={`${step.name} ${index}`} step={step} onPlace={props.onPlace} />
        ))}
      </ol>
    </section>
  );
}

function StepView(props: { step: Step; onPlace: (place: string) => void }): ReactNode {
  const { step } = props;
  const [open, setOpen] = useState(false);
  const trace = step.name === 'map' ? traceSections(step.output) : undefined;
  const more = step.input !== undefined || step.output !== undefined;
  return (
    <li className={classes['stepItem']}>
      <span className={classes['stepDot']} data-outcome={step.outcome} aria-hidden />
      <div className={classes['stepHead']}>
        <span className={classes['stepName']}>{stepWord(step.name)}</span>
        {step.outcome === 'ok' ? null : <StateMark state={step.outcome} />}
        <span>{step.summary}</span>
        <span className="quiet nowrap">
          took {formatMs(step.took_ms)}, {formatMs(step.at_ms)} after receipt
        </span>
        {more ? (
          <button type="button" className={classes['textLink']} aria-expanded={open} onClick={() => setOpen(!open)}>
            {open ? 'Hide data' : 'Show data'}
          </button>
        ) : null}
      </div>
      {step.problems.map((problem, index) => (
        <div key={`${problem.code} ${index}`} className={classes['problem']} data-severity={problem.severity}>
          <button type="button" className={classes['placeLink']} onClick={() => props.onPlace(problem.place)}>
            {problem.place}
          </button>{' '}
          {problem.reason} {problem.hint} <code className="quiet">{problem.code}</code>
        </div>
      ))}
      {step.more_problems === 0 ? null : <p className="quiet">and {formatMany(step.more_problems, 'more problem')}</p>}
      {open && step.input !== undefined ? <Data label="Input" value={step.input} /> : null}
      {open && trace !== undefined ? <MappingTraceView sections={trace} onPlace={props.onPlace} /> : null}
      {open && trace !== undefined ? <MoreItems count={moreItems(step.output)} /> : null}
      {open && trace === undefined && step.output !== undefined ? <Data label="Output" value={step.output} /> : null}
    </li>
  );
}

function MoreItems(props: { count: number }): ReactNode {
  return props.count === 0 ? null : <p className="quiet">and {formatMany(props.count, 'more list item')}</p>;
}

function Data(props: { label: string; value: unknown }): ReactNode {
  return (
    <ScrollBox className={`mono ${classes['json']}`} label={props.label}>
      {typeof props.value === 'string' ? props.value : JSON.stringify(props.value, null, 2)}
    </ScrollBox>
  );
}
