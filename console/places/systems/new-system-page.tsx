import { Button, Checkbox, Select, SimpleGrid, Stack, TextInput, Textarea } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconCheck } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useState, type ReactNode } from 'react';
import type { Product } from '../../../src/contract/systems.ts';
import { ApiError, fieldErrors } from '../../api/api-error.ts';
import { useChange, useRead } from '../../api/use-api.ts';
import { useEnvironment } from '../../frame/environment.tsx';
import { formatSeconds } from '../../parts/format.ts';
import { keyOf } from '../../parts/key-of.ts';
import { EmptyState, ErrorNotice } from '../../parts/notice.tsx';
import { Loading, Page, Section } from '../../parts/page.tsx';
import { CapabilityMatrix } from './capability-matrix.tsx';
import { emptyDraft, keepDraft, problemsOf, readDraft, type SystemDraft } from './draft.ts';
import { METHOD_MEANINGS, METHOD_WORDS, timeZones } from './methods.ts';
import { SettingsFields } from './settings-fields.tsx';
import classes from './systems.module.css';

const STEPS = ['Product', 'Version and methods', 'Environment and name', 'Retries and order', 'Check and add'] as const;

export function NewSystemPage(): ReactNode {
  const navigate = useNavigate();
  const { current, all } = useEnvironment();
  const products = useRead('listProducts', {}, { staleTime: 600_000 });
  const create = useChange('createSystem', ['listSystems', 'dashboard', 'listEnvironments']);
  const [kept, setDraft] = useState(() => readDraft(sessionStorage, ''));
  const draft = kept.environmentId === '' ? { ...kept, environmentId: current?.id ?? '' } : kept;
  const [problems, setProblems] = useState<Record<string, string>>({});
  const change = (part: Partial<SystemDraft>): void => setDraft((old) => ({ ...old, ...part }));
  useEffect(() => keepDraft(sessionStorage, kept), [kept]);

  const product = products.data?.items.find((each) => each.key === draft.product);
  const firstOpen = STEPS.findIndex((_, index) => Object.keys(problemsOf(draft, index)).length > 0);
  const reachable = firstOpen === -1 ? STEPS.length - 1 : firstOpen;
  const step = Math.min(draft.step, reachable);
  const goTo = (to: number): void => {
    setProblems({});
    change({ step: to });
  };
  const next = (): void => {
    const found = problemsOf(draft, step);
    setProblems(found);
    if (Object.keys(found).length === 0) goTo(step + 1);
  };
  const add = (): void =>
    create.mutate(
      {
        body: {
          key: draft.key,
          name: draft.name.trim(),
          environment_id: draft.environmentId,
          product: draft.product,
          product_version: draft.version,
          methods: [...draft.methods],
          time_zone: draft.timeZone,
          country: draft.country,
          note: draft.note,
          settings: {
            retry: draft.retry,
            hold_after_failure_seconds: draft.holdSeconds,
            duplicate_window_hours: draft.duplicateHours,
          },
        },
      },
      {
        onSuccess: (system) => {
          keepDraft(sessionStorage, undefined);
          setDraft(emptyDraft(''));
          notifications.show({ message: `${system.name} added.` });
          void navigate({
            to: '/settings/integrations/systems/$id',
            params: { id: system.id },
            search: (old: object) => ({ ...old, tab: 'listeners' as const }),
          });
        },
        onError: (error) => {
          const found = fieldErrors(error);
          setProblems(found);
          if (found['key'] !== undefined || found['name'] !== undefined) change({ step: 2 });
        },
      },
    );

  return (
    <Page
      title="Add new system"
      purpose="One connection to one customer’s PMS. You can leave at any step: what you entered stays in this tab."
      crumbs={[{ label: 'PMS systems', to: '/settings/integrations/systems' }]}
      narrow
    >
      <ol className={classes['steps']} aria-label="Steps">
        {STEPS.map((label, index) => (
          <li key={label}>
            <button
              type="button"
              className={classes['step']}
              aria-current={index === step ? 'step' : undefined}
              disabled={index > reachable}
              onClick={() => goTo(index)}
            >
              <span className={classes['dot']}>
                {index < step ? <IconCheck size={13} aria-label="done" /> : index + 1}
              </span>
              {label}
            </button>
          </li>
        ))}
      </ol>
      <Section title={STEPS[step] ?? ''}>
        {products.error !== null ? (
          <ErrorNotice error={products.error} onRetry={() => void products.refetch()} />
        ) : null}
        {products.isPending ? <Loading label="Loading the products" /> : null}
        {products.data === undefined ? null : (
          <>
            {step === 0 ? <ProductStep products={products.data.items} draft={draft} change={change} /> : null}
            {step === 1 && product !== undefined ? (
              <VersionStep product={product} draft={draft} change={change} />
            ) : null}
            {step === 2 ? <NameStep draft={draft} change={change} problems={problems} environments={all} /> : null}
            {step === 3 ? <SettingsFields value={draft} onChange={(value) => change(value)} errors={problems} /> : null}
            {step === 4 && product !== undefined ? <CheckStep draft={draft} product={product} /> : null}
          </>
        )}
        {(problems['product'] ?? problems['version'] ?? problems['methods']) ? (
          <p role="alert" style={{ color: 'var(--ps-fail)' }}>
            {problems['product'] ?? problems['version'] ?? problems['methods']}
          </p>
        ) : null}
        {create.error === null ? null : <ErrorNotice error={ApiError.from(create.error)} />}
        <div className={classes['footer']}>
          <Button
            variant="subtle"
            color="gray"
            onClick={() => {
              setProblems({});
              setDraft(emptyDraft(''));
            }}
          >
            Start over
          </Button>
          <Button variant="default" disabled={step === 0} onClick={() => goTo(step - 1)}>
            Back
          </Button>
          {step < STEPS.length - 1 ? (
            <Button onClick={next}>Next</Button>
          ) : (
            <Button loading={create.isPending} onClick={add}>
              Add system
            </Button>
          )}
        </div>
      </Section>
    </Page>
  );
}

interface StepProps {
  readonly draft: SystemDraft;
  readonly change: (part: Partial<SystemDraft>) => void;
}

function ProductStep(props: StepProps & { products: readonly Product[] }): ReactNode {
  if (props.products.length === 0) {
    return <EmptyState title="No products">This build of Practice Studio has no connectors.</EmptyState>;
  }
  return (
    <div className={classes['products']} role="radiogroup" aria-label="Product">
      {props.products.map((product) => (
        <button
          key={product.key}
          type="button"
          role="radio"
          aria-checked={product.key === props.draft.product}
          className={classes['product']}
          onClick={() =>
            props.change(product.key === props.draft.product ? {} : { product: product.key, version: '', methods: [] })
          }
        >
          <span className="quiet">{product.vendor}</span>
          <strong>{product.label}</strong>
          <span>{product.description}</span>
        </button>
      ))}
    </div>
  );
}

function VersionStep(props: StepProps & { product: Product }): ReactNode {
  const { product, draft, change } = props;
  const version = product.versions.find((each) => each.key === draft.version);
  return (
    <Stack gap="md">
      <CapabilityMatrix
        product={product}
        version={draft.version}
        onChoose={(key) => {
          const offers =
            product.versions.find((each) => each.key === key)?.methods.filter((each) => each.offered) ?? [];
          const stay = draft.methods.filter((method) => offers.some((each) => each.method === method));
          const only = offers.length === 1 ? offers.map((each) => each.method) : [];
          change({ version: key, methods: stay.length > 0 ? stay : only });
        }}
      />
      {version === undefined ? null : (
        <Checkbox.Group
          label="Methods this system uses"
          description="More can be switched on later."
          value={[...draft.methods]}
          onChange={(methods) => change({ methods: methods })}
        >
          <Stack gap={8} mt={8}>
            {version.methods.map((offer) => (
              <Checkbox
                key={offer.method}
                value={offer.method}
                label={METHOD_WORDS[offer.method]}
                description={offer.offered ? METHOD_MEANINGS[offer.method] : `Not offered: ${offer.note}`}
                disabled={!offer.offered}
              />
            ))}
          </Stack>
        </Checkbox.Group>
      )}
      {product.hl7_messages.length === 0 ? null : (
        <div>
          <strong>HL7 messages of this product</strong>
          <table className="plain">
            <thead>
              <tr>
                <th scope="col">Message</th>
                <th scope="col">Meaning</th>
                <th scope="col">Direction</th>
                <th scope="col">In this release</th>
              </tr>
            </thead>
            <tbody>
              {product.hl7_messages.map((message) => (
                <tr key={`${message.type} ${message.direction}`}>
                  <td className="mono nowrap">{message.type}</td>
                  <td>{message.meaning}</td>
                  <td>{message.direction}</td>
                  <td className={message.supported ? undefined : 'quiet'}>
                    {message.supported ? 'processed' : 'acknowledged and stored, not processed yet'}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Stack>
  );
}

function NameStep(
  props: StepProps & {
    problems: Record<string, string>;
    environments: ReturnType<typeof useEnvironment>['all'];
  },
): ReactNode {
  const { draft, change, problems } = props;
  return (
    <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="md">
      <Select
        label="Environment"
        data={props.environments.map((each) => ({ value: each.id, label: each.name }))}
        value={draft.environmentId === '' ? null : draft.environmentId}
        onChange={(value) => change({ environmentId: value ?? '' })}
        error={problems['environment_id']}
        allowDeselect={false}
      />
      <TextInput
        label="Name"
        placeholder="Riverside Family Practice"
        value={draft.name}
        error={problems['name']}
        onChange={(event) => {
          const name = event.currentTarget.value;
          change({ name, ...(draft.key === keyOf(draft.name) ? { key: keyOf(name) } : {}) });
        }}
      />
      <TextInput
        label="Key"
        description="In configuration files and addresses"
        inputWrapperOrder={['label', 'input', 'description', 'error']}
        value={draft.key}
        error={problems['key']}
        onChange={(event) => change({ key: event.currentTarget.value })}
      />
      <Select
        label="Time zone of the practice"
        description="For local times in messages that come without an offset"
        inputWrapperOrder={['label', 'input', 'description', 'error']}
        searchable
        limit={60}
        data={timeZones()}
        value={draft.timeZone}
        onChange={(value) => change({ timeZone: value ?? draft.timeZone })}
        error={problems['time_zone']}
        allowDeselect={false}
      />
      <TextInput
        label="Country"
        description="Two letters; for phone numbers and addresses without one"
        inputWrapperOrder={['label', 'input', 'description', 'error']}
        value={draft.country}
        maxLength={2}
        error={problems['country']}
        onChange={(event) => change({ country: event.currentTarget.value.toUpperCase() })}
      />
      <Textarea
        label="Note"
        value={draft.note}
        autosize
        minRows={2}
        onChange={(event) => change({ note: event.currentTarget.value })}
      />
    </SimpleGrid>
  );
}

function CheckStep(props: { draft: SystemDraft; product: Product }): ReactNode {
  const { draft, product } = props;
  const { byId } = useEnvironment();
  const version = product.versions.find((each) => each.key === draft.version);
  return (
    <>
      <dl className="facts">
        <dt>Product</dt>
        <dd>
          {product.label.startsWith(product.vendor) ? '' : `${product.vendor} `}
          {product.label}, {version?.label ?? draft.version}
        </dd>
        <dt>Methods</dt>
        <dd>{draft.methods.map((method) => METHOD_WORDS[method]).join(', ')}</dd>
        <dt>Environment</dt>
        <dd>{byId(draft.environmentId)?.name}</dd>
        <dt>Name</dt>
        <dd>
          {draft.name} <code>{draft.key}</code>
        </dd>
        <dt>Time zone</dt>
        <dd>
          {draft.timeZone}, {draft.country}
        </dd>
        <dt>Retries</dt>
        <dd>
          up to {draft.retry.max_attempts} attempts within {formatSeconds(draft.retry.deadline_seconds)}
        </dd>
        <dt>Order</dt>
        <dd>
          {draft.holdSeconds === 0
            ? 'a failure holds nothing back'
            : `after a failure, later messages about the same patient wait up to ${formatSeconds(draft.holdSeconds)}`}
        </dd>
      </dl>
      <p className="quiet">Next: add an HL7 listener, so that the system has an address to send to.</p>
    </>
  );
}
