import { Button, Group } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState, type ReactNode } from 'react';
import type { FeedAnalysis } from '../../../src/contract/feed-analysis.ts';
import type { ApiError } from '../../api/api-error.ts';
import { useRead } from '../../api/use-api.ts';
import { useMay } from '../../api/use-session.ts';
import { useEnvironment } from '../../frame/environment.tsx';
import { formatCount, formatMany } from '../../parts/format.ts';
import { ErrorNotice, Notice } from '../../parts/notice.tsx';
import { Loading, Page } from '../../parts/page.tsx';
import { TabsPanel } from '../../parts/tabs-panel.tsx';
import { AcceptDialog } from './accept-dialog.tsx';
import classes from './analyzer.module.css';
import { CodesTab } from './codes-tab.tsx';
import { changesIn, draftInput, EMPTY_DRAFT, problemsIn, type Draft } from './draft.ts';
import { DryRunTab } from './dry-run-tab.tsx';
import { ExportMenu } from './export-menu.tsx';
import { FieldsTab } from './fields-tab.tsx';
import { MappingTab } from './mapping-tab.tsx';
import { OverviewTab } from './overview-tab.tsx';
import { SamplesForm } from './samples-form.tsx';
import { analyze, type AnalysisOptions, type SampleSource } from './samples.ts';
import { SavedAnalyses } from './saved-analyses.tsx';

const HERE = '/settings/integrations/hl7/analyzer';

interface Run {
  readonly source: SampleSource;
  readonly options: AnalysisOptions;
}

/** Shows what a feed really sends before anybody maps it, and maps it. */
export function AnalyzerPage(): ReactNode {
  const search = useSearch({ from: '/frame/settings/integrations/hl7/analyzer' });
  const navigate = useNavigate();
  const { filter } = useEnvironment();
  const mayReveal = useMay('patients.read');
  const mayReadStored = useMay('messages.raw');
  const systems = useRead('listSystems', { query: filter });
  const [run, setRun] = useState<Run | undefined>();
  const [revealSaved, setRevealSaved] = useState(false);
  const [result, setResult] = useState<FeedAnalysis | undefined>();
  const made = useMutation<FeedAnalysis, ApiError, Run>({
    mutationFn: (asked) => analyze(asked.source, asked.options),
    onSuccess: (data) => setResult(data),
  });
  const saved = useRead(
    'getFeedAnalysis',
    { params: { id: search.analysis ?? '0' }, query: { reveal: revealSaved ? 'true' : 'false' } },
    { enabled: search.analysis !== undefined, keep: true, staleTime: Infinity },
  );
  const analysis = search.analysis === undefined ? result : saved.data;
  const begin = (next: Run): void => {
    // Values shown or masked: the same samples again, and what was accepted so far stays.
    if (next.source !== run?.source) setResult(undefined);
    setRun(next);
    setRevealSaved(false);
    void navigate({ from: HERE, search: (old) => ({ ...old, analysis: undefined }) });
    made.mutate(next);
  };
  const reveal = (yes: boolean): void => {
    if (search.analysis !== undefined) setRevealSaved(yes);
    // Saved once is enough.
    else if (run !== undefined) begin({ ...run, options: { ...run.options, reveal: yes, save: undefined } });
  };
  return (
    <Page
      title="Sample-feed analyzer"
      purpose="What a feed really sends: fields, fill rates, codes and departures from the standard; then a mapping to accept and try, before anything is switched on."
      crumbs={[{ label: 'HL7', to: '/settings/integrations/hl7' }]}
      action={
        analysis === undefined ? undefined : (
          <Group gap="xs">
            {mayReveal ? (
              <Button
                variant="default"
                loading={made.isPending || saved.isFetching}
                onClick={() => reveal(!analysis.revealed)}
              >
                {analysis.revealed ? 'Mask values' : 'Show values'}
              </Button>
            ) : null}
            <ExportMenu analysis={analysis} />
          </Group>
        )
      }
    >
      <SamplesForm
        systems={systems.data?.items ?? []}
        pending={made.isPending}
        mayReadStored={mayReadStored}
        onAnalyze={(source, options) => begin({ source, options })}
      />
      {search.analysis === undefined ? <ErrorNotice error={made.error} doing="Analyzing" /> : null}
      {search.analysis !== undefined && saved.error !== null ? <ErrorNotice error={saved.error} /> : null}
      {(made.isPending && analysis === undefined) || (search.analysis !== undefined && saved.isPending) ? (
        <Loading label="Reading the messages" lines={8} />
      ) : null}
      {analysis === undefined ? null : (
        <Results
          // A draft belongs to the mapping that it was made from.
          key={`${analysis.system_id ?? ''} ${analysis.review?.key ?? ''} ${analysis.review?.version ?? ''}`}
          analysis={analysis}
          source={search.analysis === undefined ? run?.source : undefined}
          tab={search.tab ?? 'overview'}
          onTab={(tab) => void navigate({ from: HERE, search: (old) => ({ ...old, tab }), replace: true })}
          onAccepted={() => {
            if (run !== undefined && search.analysis === undefined) {
              begin({ ...run, options: { ...run.options, reveal: analysis.revealed, save: undefined } });
            }
          }}
        />
      )}
      {analysis === undefined ? <SavedAnalyses /> : null}
    </Page>
  );
}

type Tab = 'overview' | 'fields' | 'mapping' | 'codes' | 'dry-run';

function Results(props: {
  analysis: FeedAnalysis;
  source: SampleSource | undefined;
  tab: Tab;
  onTab: (tab: Tab) => void;
  onAccepted: () => void;
}): ReactNode {
  const { analysis } = props;
  const { review } = analysis;
  const mayAccept = useMay('systems.write');
  const [draft, setDraft] = useState<Draft>(EMPTY_DRAFT);
  const [asking, setAsking] = useState(false);
  const changes = changesIn(draft);
  const problems = problemsIn(draft);
  const system = analysis.system_id;
  const input = review === null ? undefined : draftInput(draft, review);
  const unknown = (review?.codes ?? []).flatMap(({ codes }) => codes).filter(({ to }) => to === '').length;
  return (
    <section aria-label="Analysis" className={classes['stack']}>
      <div className={classes['bar']}>
        <div>
          <strong>{analysis.name === '' ? 'Analysis' : analysis.name}</strong>
          <span className="quiet">
            {' '}
            of {formatCount(analysis.profile.messages)} messages from{' '}
            {props.source?.kind === 'file' ? props.source.words : analysis.source}
            {review === null
              ? '. Choose a system to hold it against a mapping.'
              : `, held against ${review.key} version ${review.version} of ${analysis.system_name}`}
          </span>
        </div>
        {changes === 0 || !mayAccept || input === undefined || system === undefined ? (
          <span />
        ) : (
          <Button disabled={problems.length > 0} onClick={() => setAsking(true)}>
            Use this mapping ({formatMany(changes, 'change')})
          </Button>
        )}
      </div>
      {analysis.revealed ? (
        <Notice tone="warn" title="Values are shown as they are">
          They may be patient data. That you saw them is in the audit log.
        </Notice>
      ) : null}
      <TabsPanel<Tab>
        label="Analysis"
        value={review === null && props.tab !== 'fields' ? 'overview' : props.tab}
        onChange={props.onTab}
        tabs={[
          { value: 'overview', label: 'Overview', content: <OverviewTab analysis={analysis} /> },
          { value: 'fields', label: 'Fields', content: <FieldsTab analysis={analysis} /> },
          ...(review === null || input === undefined || system === undefined
            ? []
            : [
                {
                  value: 'mapping' as const,
                  label: 'Proposed mapping',
                  count: review.proposals.filter(({ state }) => state === 'proposed').length,
                  content: <MappingTab review={review} draft={draft} onDraft={setDraft} />,
                },
                {
                  value: 'codes' as const,
                  label: 'Unknown codes',
                  count: unknown,
                  content: <CodesTab review={review} draft={draft} onDraft={setDraft} />,
                },
                {
                  value: 'dry-run' as const,
                  label: 'Dry run',
                  content: (
                    <DryRunTab
                      source={props.source}
                      system={system}
                      input={input}
                      changes={changes}
                      problems={problems}
                      reveal={analysis.revealed}
                    />
                  ),
                },
              ]),
        ]}
      />
      {input === undefined || system === undefined ? null : (
        <AcceptDialog
          opened={asking}
          onClose={() => setAsking(false)}
          systemName={analysis.system_name}
          systemId={system}
          input={input}
          changes={changes}
          onAccepted={() => {
            setAsking(false);
            setDraft(EMPTY_DRAFT);
            props.onAccepted();
          }}
        />
      )}
    </section>
  );
}
