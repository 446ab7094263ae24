import { Button, Select, Switch } from '@mantine/core';
import { useState, type ReactNode } from 'react';
import type { MappingReviewView, ReviewedCodeView } from '../../../src/contract/feed-analysis.ts';
import { formatCount } from '../../parts/format.ts';
import { EmptyState } from '../../parts/notice.tsx';
import { Section } from '../../parts/page.tsx';
import classes from './analyzer.module.css';
import { certainCodes, setCode, type Draft } from './draft.ts';
import { percentText } from './field-rows.ts';
import { WireValue } from './value-list.tsx';

type CodeTableView = MappingReviewView['codes'][number];

/** Codes of the feed and what they become: unknown ones to be translated. */
export function CodesTab(props: {
  review: MappingReviewView;
  draft: Draft;
  onDraft: (draft: Draft) => void;
}): ReactNode {
  const { review, draft, onDraft } = props;
  const [all, setAll] = useState(false);
  const certain = certainCodes(review).filter(({ table, code }) => draft.codes[table]?.[code] === undefined);
  const tables = review.codes
    .map((table) => ({ ...table, codes: all ? table.codes : table.codes.filter(({ to }) => to === '') }))
    .filter(({ codes }) => codes.length > 0);
  return (
    <div className={classes['stack']}>
      <div className={classes['bar']}>
        <Switch label="Show known codes too" checked={all} onChange={(event) => setAll(event.currentTarget.checked)} />
        {certain.length === 0 ? (
          <span />
        ) : (
          <Button
            variant="default"
            onClick={() =>
              onDraft(certain.reduce((next, { table, code, to }) => setCode(next, table, code, to), draft))
            }
          >
            Accept {certain.length} certain {certain.length === 1 ? 'code' : 'codes'}
          </Button>
        )}
      </div>
      {tables.length === 0 ? (
        <EmptyState title="Every code is known">
          The code tables translate all codes that this feed sends in the fields that are mapped.
        </EmptyState>
      ) : (
        tables.map((table) => (
          <CodeTableSection key={`${table.table} ${table.target}`} table={table} draft={draft} onDraft={onDraft} />
        ))
      )}
    </div>
  );
}

function CodeTableSection(props: { table: CodeTableView; draft: Draft; onDraft: (draft: Draft) => void }): ReactNode {
  const { table, draft, onDraft } = props;
  const choices = table.choices.map(({ code, label }) => ({
    value: code,
    label: code === label ? code : `${label} (${code})`,
  }));
  const labels = new Map(choices.map(({ value, label }) => [value, label]));
  return (
    <Section title={table.title.startsWith(table.label) ? table.title : `${table.label}: ${table.title}`}>
      {table.exact ? null : (
        <p className="quiet">There are more different codes than are told apart here: this is no coded field.</p>
      )}
      <div className={classes['scroll']}>
        <table className="plain">
          <thead>
            <tr>
              <th scope="col">Code</th>
              <th scope="col">Text beside it</th>
              <th scope="col" className="number">
                Count
              </th>
              <th scope="col">Becomes</th>
              <th scope="col">Why</th>
            </tr>
          </thead>
          <tbody>
            {table.codes.map((code, index) => (
              <tr key={`${code.value} ${index}`}>
                <td>
                  <WireValue value={code.value} masked={code.masked} />
                </td>
                <td>{code.label}</td>
                <td className="number">{formatCount(code.count)}</td>
                <td>
                  {code.to === '' ? (
                    <Select
                      aria-label={`${table.label}: what ${code.value} becomes`}
                      placeholder={code.masked ? 'Show values first' : 'Kept as it is, with a warning'}
                      disabled={code.masked}
                      searchable
                      clearable
                      clearButtonProps={{ 'aria-label': 'Not translated' }}
                      miw={220}
                      data={choices}
                      value={draft.codes[table.table]?.[code.value] ?? null}
                      onChange={(to) => onDraft(setCode(draft, table.table, code.value, to ?? ''))}
                    />
                  ) : (
                    (labels.get(code.to) ?? code.to)
                  )}
                </td>
                <td>
                  <Why code={code} label={labels.get(code.proposed) ?? code.proposed} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Section>
  );
}

function Why(props: { code: ReviewedCodeView; label: string }): ReactNode {
  const { code, label } = props;
  if (code.to !== '') return <span className="quiet">in the code table</span>;
  if (code.proposed === '') return <span className="quiet">Nothing is certain: ask the sender.</span>;
  return (
    <>
      Proposed: {label} <span className="quiet">{percentText(code.confidence)}</span>
      <br />
      <span className="quiet">{code.evidence}</span>
    </>
  );
}
