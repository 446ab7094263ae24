import { Button, FileInput, SegmentedControl, Select, Textarea, TextInput } from '@mantine/core';
import { useState, type ReactNode } from 'react';
import type { System } from '../../../src/contract/systems.ts';
import { formatBytes } from '../../parts/format.ts';
import { Section } from '../../parts/page.tsx';
import { spanOf, type RangeName } from '../tracer/span.ts';
import classes from './analyzer.module.css';
import type { AnalysisOptions, SampleSource } from './samples.ts';

type Kind = 'file' | 'text' | 'stored';
const RANGES: readonly { readonly value: RangeName; readonly label: string }[] = [
  { value: '1h', label: 'Last hour' },
  { value: '24h', label: 'Last 24 hours' },
  { value: '7d', label: 'Last 7 days' },
  { value: 'all', label: 'Any time' },
];

/** Chooses the samples and the system whose mapping they are held against. */
export function SamplesForm(props: {
  systems: readonly System[];
  pending: boolean;
  mayReadStored: boolean;
  onAnalyze: (source: SampleSource, options: AnalysisOptions) => void;
}): ReactNode {
  const [kind, setKind] = useState<Kind>('file');
  const [chosen, setSystem] = useState<string | null>(null);
  const [file, setFile] = useState<File | null>(null);
  const [text, setText] = useState('');
  const [range, setRange] = useState<RangeName>('7d');
  const [name, setName] = useState('');
  const withHl7 = props.systems.filter(({ methods }) => methods.includes('hl7'));
  const system = chosen ?? (withHl7.length === 1 ? (withHl7[0]?.id ?? null) : null);
  const source = sourceOf();

  function sourceOf(): SampleSource | undefined {
    if (kind === 'file') {
      return file === null ? undefined : { kind: 'file', blob: file, words: `${file.name}, ${formatBytes(file.size)}` };
    }
    if (kind === 'text') {
      if (text.trim() === '') return undefined;
      return { kind: 'file', blob: new Blob([text.replaceAll('\n', '\r')]), words: 'pasted text' };
    }
    if (system === null) return undefined;
    return { kind: 'stored', system, from: spanOf({ range }, range, Date.now()).from, limit: 5_000 };
  }

  return (
    <Section title="Samples">
      <form
        className={classes['form']}
        onSubmit={(event) => {
          event.preventDefault();
          if (source === undefined) return;
          const asked = source.kind === 'stored' ? { ...source, to: new Date().toISOString() } : source;
          props.onAnalyze(asked, {
            system: system ?? undefined,
            reveal: false,
            save: name.trim() === '' ? undefined : name.trim(),
          });
        }}
      >
        <SegmentedControl
          aria-label="Where the samples come from"
          value={kind}
          onChange={(value) => setKind(value as Kind)}
          data={[
            { value: 'file', label: 'File' },
            { value: 'text', label: 'Pasted text' },
            ...(props.mayReadStored ? [{ value: 'stored', label: 'Stored messages' }] : []),
          ]}
        />
        <div className={classes['fields']}>
          {kind === 'file' ? (
            <FileInput
              size="xs"
              label="File of HL7 messages"
              placeholder="Choose a file"
              description="Batches, one message after another, any line ends; up to 1 GB. It is read and not kept."
              value={file}
              onChange={setFile}
              clearable
              clearButtonProps={{ 'aria-label': 'Take the file away' }}
            />
          ) : null}
          {kind === 'stored' ? (
            <Select
              label="Received"
              description="The newest 5,000 messages of the system."
              data={RANGES.map(({ value, label }) => ({ value, label }))}
              value={range}
              onChange={(value) => setRange(value ?? '7d')}
              allowDeselect={false}
            />
          ) : null}
          <Select
            label="System"
            description={
              kind === 'stored' ? 'Whose messages are read.' : 'Whose field mapping the feed is held against.'
            }
            placeholder={kind === 'stored' ? 'Choose a system' : 'None: profile only'}
            data={withHl7.map((each) => ({ value: each.id, label: each.name }))}
            value={system}
            onChange={setSystem}
            clearable={kind !== 'stored' && withHl7.length > 1}
            clearButtonProps={{ 'aria-label': 'No system' }}
          />
          <TextInput
            label="Save as"
            description="Empty: nothing is kept. Saved analyses are encrypted."
            value={name}
            maxLength={100}
            onChange={(event) => setName(event.currentTarget.value)}
          />
        </div>
        {kind === 'text' ? (
          <Textarea
            label="HL7 messages"
            className={classes['wire'] ?? ''}
            placeholder="MSH|^~\&|…"
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
            autosize
            minRows={5}
            maxRows={14}
            spellCheck={false}
          />
        ) : null}
        <div>
          <Button type="submit" disabled={source === undefined} loading={props.pending}>
            Analyze
          </Button>
        </div>
      </form>
    </Section>
  );
}
