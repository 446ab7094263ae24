import { Button } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import type { DryRun, MappingDraftInput } from '../../../src/contract/feed-analysis.ts';
import type { ApiError } from '../../api/api-error.ts';
import { formatCount, formatMany } from '../../parts/format.ts';
import { Figures } from '../../parts/figures.tsx';
import { EmptyState, ErrorNotice, Notice } from '../../parts/notice.tsx';
import { Section } from '../../parts/page.tsx';
import { ScrollBox } from '../../parts/scroll-box.tsx';
import classes from './analyzer.module.css';
import { dryRun, type SampleSource } from './samples.ts';
import { WireValue } from './value-list.tsx';

const OUTCOMES = { mapped: 'mapped', skipped: 'not routed', failed: 'would fail' } as const;

/** Runs the samples through the draft without writing anything. */
export function DryRunTab(props: {
  source: SampleSource | undefined;
  system: string;
  input: MappingDraftInput;
  changes: number;
  problems: readonly string[];
  reveal: boolean;
}): ReactNode {
  const { source, system, input, reveal } = props;
  const run = useMutation<DryRun, ApiError>({
    mutationFn: () => {
      if (source === undefined) throw new Error('There are no samples.');
      return dryRun(source, system, input, reveal);
    },
  });
  if (source === undefined) {
    return (
      <EmptyState title="The samples are not here">
        A saved analysis keeps what was found, not the messages. Choose the file again to run it through a draft.
      </EmptyState>
    );
  }
  return (
    <div className={classes['stack']}>
      <div className={classes['bar']}>
        <Button loading={run.isPending} disabled={props.problems.length > 0} onClick={() => run.mutate()}>
          {props.changes === 0 ? 'Run the samples through the mapping in force' : 'Run the samples through the draft'}
        </Button>
        <span className="quiet">Nothing is written: no patient, no message, no error.</span>
      </div>
      {props.problems.map((problem) => (
        <Notice key={problem} tone="warn" title={problem} />
      ))}
      <ErrorNotice error={run.error} />
      {run.data === undefined ? null : <Outcome run={run.data} />}
    </div>
  );
}

function Outcome(props: { run: DryRun }): ReactNode {
  const { run } = props;
  const changed = run.targets.filter(({ before, after }) => before !== after);
  return (
    <>
      <Figures
        figures={[
          { label: 'Messages', value: formatCount(run.messages) },
          { label: 'Mapped', value: formatCount(run.mapped), detail: recordWords(run) },
          { label: 'Not routed', value: formatCount(run.skipped), detail: 'stored and acknowledged only' },
          {
            label: 'Would fail',
            value: formatCount(run.failed),
            tone: run.failed > 0 ? 'fail' : undefined,
          },
        ]}
      />
      <div className={classes['split']}>
        <Section title="What the draft changes">
          {changed.length === 0 ? (
            <p className="quiet">Every field is filled as often as with the mapping in force.</p>
          ) : (
            <div className={classes['scroll']}>
              <table className="plain">
                <thead>
                  <tr>
                    <th scope="col">Practice Studio field</th>
                    <th scope="col" className="number">
                      In force
                    </th>
                    <th scope="col" className="number">
                      Draft
                    </th>
                    <th scope="col" className="number">
                      Of
                    </th>
                  </tr>
                </thead>
                <tbody>
                  {changed.map(({ target, label, before, after, of }) => (
                    <tr key={target}>
                      <td>{label}</td>
                      <td className="number">{formatCount(before)}</td>
                      <td className="number">{formatCount(after)}</td>
                      <td className="number">{formatCount(of)}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          )}
        </Section>
        <Section title="Problems">
          {run.failures.length + run.warnings.length === 0 ? (
            <p className="quiet">None.</p>
          ) : (
            <div className={classes['scroll']}>
              <table className="plain">
                <thead>
                  <tr>
                    <th scope="col">Where</th>
                    <th scope="col">What, and what to do</th>
                    <th scope="col" className="number">
                      Messages
                    </th>
                  </tr>
                </thead>
                <tbody>
                  {run.failures.map(({ code, place, sentence, hint, messages }) => (
                    <tr key={`${code} ${place}`}>
                      <td className="mono nowrap">{place}</td>
                      <td>
                        <strong>Fails: </strong>
                        {sentence} <span className="quiet">{hint}</span>
                      </td>
                      <td className="number">{formatCount(messages)}</td>
                    </tr>
                  ))}
                  {run.warnings.map(({ code, place, words, hint, messages }) => (
                    <tr key={`${code} ${place}`}>
                      <td className="mono nowrap">{place}</td>
                      <td>
                        {words} <span className="quiet">{hint}</span>
                      </td>
                      <td className="number">{formatCount(messages)}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          )}
        </Section>
      </div>
      <Messages run={run} />
    </>
  );
}

/** With warnings, and what else than patients would be made. */
function recordWords(run: DryRun): string {
  const records = run.records.reduce((sum, { count }) => sum + count, 0);
  return `${formatCount(run.warned)} with warnings${records === 0 ? '' : `, ${formatMany(records, 'record')} beside patients`}`;
}

function Messages(props: { run: DryRun }): ReactNode {
  const { items, messages } = props.run;
  const [open, setOpen] = useState<number | undefined>(items[0]?.number);
  const opened = items.find(({ number }) => number === open);
  return (
    <div className={classes['split']}>
      <Section
        title={
          items.length < messages ? `Messages (${items.length} of ${formatCount(messages)}, failed first)` : 'Messages'
        }
      >
        <ScrollBox label="Messages" maxHeight={420}>
          <table className="plain">
            <thead>
              <tr>
                <th scope="col">Where</th>
                <th scope="col">Type</th>
                <th scope="col">Outcome</th>
              </tr>
            </thead>
            <tbody>
              {items.map(({ number, line, type, outcome, failure, warnings }) => (
                <tr key={number}>
                  <td>
                    <Button
                      variant="subtle"
                      size="compact-xs"
                      aria-pressed={number === open}
                      onClick={() => setOpen(number)}
                    >
                      {line}
                    </Button>
                  </td>
                  <td className="mono">{type}</td>
                  <td>
                    {OUTCOMES[outcome]}
                    {failure === '' ? '' : `: ${failure}`}
                    {warnings === 0 ? '' : `, ${warnings} ${warnings === 1 ? 'warning' : 'warnings'}`}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </ScrollBox>
      </Section>
      <Section title={opened === undefined ? 'Record' : `Record from ${opened.line}`}>
        {opened === undefined || opened.fields.length === 0 ? (
          <p className="quiet">This message makes no record.</p>
        ) : (
          <dl className="facts">
            {opened.records === '' ? null : (
              <RecordField label="Records beside the patient" value={opened.records} masked={false} />
            )}
            {opened.fields.map(({ path, label, value, masked }) => (
              <RecordField key={path} label={label} value={value} masked={masked} />
            ))}
          </dl>
        )}
      </Section>
    </div>
  );
}

function RecordField(props: { label: string; value: string; masked: boolean }): ReactNode {
  return (
    <>
      <dt>{props.label}</dt>
      <dd>
        <WireValue value={props.value} masked={props.masked} />
      </dd>
    </>
  );
}
