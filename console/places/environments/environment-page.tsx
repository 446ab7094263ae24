import { Button, Group } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { notifications } from '@mantine/notifications';
import { IconPencil, IconPrinter, IconTrash } from '@tabler/icons-react';
import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { useState, type ReactNode } from 'react';
import { useChange, useRead } from '../../api/use-api.ts';
import { useMay } from '../../api/use-session.ts';
import { useFollowEnvironment } from '../../frame/environment.tsx';
import { Confirm } from '../../parts/confirm.tsx';
import { EmptyState, ErrorNotice } from '../../parts/notice.tsx';
import { Loading, Page, Section } from '../../parts/page.tsx';
import { StateMark } from '../../parts/state-mark.tsx';
import { Time } from '../../parts/time.tsx';
import { EnvironmentForm } from './environment-form.tsx';
import classes from './environments.module.css';
import { KIND_MEANINGS, KIND_WORDS } from './kinds.ts';

const CRUMBS = [{ label: 'Environments', to: '/settings/integrations/environments' }] as const;

/** One environment: its systems, its parameters, and the sheet that is handed to the other side. */
export function EnvironmentPage(): ReactNode {
  const { id } = useParams({ from: '/frame/settings/integrations/environments/$id' });
  const navigate = useNavigate();
  const mayWrite = useMay('environments.write');
  const maySeeSystems = useMay('systems.read');
  const maySeeListeners = useMay('listeners.read');
  const read = useRead('getEnvironment', { params: { id } });
  const systems = useRead('listSystems', { query: { environment: id } }, { enabled: maySeeSystems });
  const listeners = useRead('listListeners', { query: { environment: id } }, { enabled: maySeeListeners });
  const update = useChange('updateEnvironment', ['listEnvironments', 'getEnvironment']);
  const remove = useChange('deleteEnvironment', ['listEnvironments']);
  const [printed] = useState(() => new Date().toISOString());
  const [editing, setEditing] = useState(false);
  const [removing, removal] = useDisclosure(false);
  useFollowEnvironment(read.data?.id);
  const data = read.data;
  if (data === undefined) {
    return (
      <Page title="Environment" purpose="Its systems, its parameters, and the hand-over sheet." crumbs={CRUMBS} narrow>
        {read.error === null ? (
          <Loading label="Loading the environment" />
        ) : (
          <ErrorNotice error={read.error} onRetry={() => void read.refetch()} />
        )}
      </Page>
    );
  }
  return (
    <Page
      title={data.name}
      purpose={`${KIND_WORDS[data.kind]}. ${KIND_MEANINGS[data.kind]}`}
      crumbs={CRUMBS}
      narrow
      action={
        <Group gap="xs" className={classes['noPrint'] ?? ''}>
          <Button variant="default" leftSection={<IconPrinter size={14} />} onClick={() => print()}>
            Print hand-over sheet
          </Button>
          {mayWrite && !editing ? (
            <Button leftSection={<IconPencil size={14} />} onClick={() => setEditing(true)}>
              Edit
            </Button>
          ) : null}
        </Group>
      }
    >
      <p className={classes['sheetOnly']}>
        Hand-over sheet of Practice Studio Integrations, printed <Time at={printed} />. It holds no secrets.
      </p>
      {editing ? (
        <Section title="Edit">
          <EnvironmentForm
            environment={data}
            submitLabel="Save"
            pending={update.isPending}
            error={update.error}
            onCancel={() => setEditing(false)}
            onSubmit={(values, refused) =>
              update.mutate(
                { params: { id }, body: { ...values, version: data.version } },
                {
                  onError: refused,
                  onSuccess: () => {
                    setEditing(false);
                    notifications.show({ message: 'Saved.' });
                  },
                },
              )
            }
          />
        </Section>
      ) : (
        <>
          {data.note === '' ? null : <p>{data.note}</p>}
          <Section title="Connection parameters">
            {data.parameters.length === 0 ? (
              <EmptyState
                title="Nothing documented yet"
                action={mayWrite ? <Button onClick={() => setEditing(true)}>Add parameters</Button> : undefined}
              >
                Write down hosts, ports, directions, our outgoing addresses for the other side’s allow-list, VPN or
                private link. The sheet prints them for the people who open the firewall.
              </EmptyState>
            ) : (
              <table className="plain">
                <thead>
                  <tr>
                    <th scope="col">Name</th>
                    <th scope="col">Value</th>
                    <th scope="col">Note</th>
                  </tr>
                </thead>
                <tbody>
                  {data.parameters.map((parameter) => (
                    <tr key={parameter.name}>
                      <td>{parameter.name}</td>
                      <td className="mono">{parameter.value}</td>
                      <td>{parameter.note}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            )}
          </Section>
          {maySeeListeners ? (
            <Section title="Network">
              <ErrorNotice error={listeners.error} />
              {listeners.data?.items.length === 0 ? (
                <p className="quiet">Nothing listens in this environment yet.</p>
              ) : (
                <table className="plain">
                  <thead>
                    <tr>
                      <th scope="col">Direction</th>
                      <th scope="col">Purpose</th>
                      <th scope="col">Address</th>
                      <th scope="col">Protocol</th>
                      <th scope="col">Allowed senders</th>
                    </tr>
                  </thead>
                  <tbody>
                    {(listeners.data?.items ?? []).map((each) => (
                      <tr key={each.id}>
                        <td>To us</td>
                        <td>
                          {each.name} ({each.system_name})
                        </td>
                        <td className="mono">
                          {each.host}:{each.port}
                        </td>
                        <td>HL7 v2 over MLLP (TCP)</td>
                        <td className="mono">
                          {each.allowed_peers.length === 0 ? 'any address' : each.allowed_peers.join(', ')}
                        </td>
                      </tr>
                    ))}
                  </tbody>
                </table>
              )}
            </Section>
          ) : null}
          {maySeeSystems ? (
            <Section title="Systems">
              <ErrorNotice error={systems.error} />
              {systems.data?.items.length === 0 ? (
                <p className="quiet">No systems in this environment yet.</p>
              ) : (
                <table className="plain">
                  <thead>
                    <tr>
                      <th scope="col">System</th>
                      <th scope="col">Product</th>
                      <th scope="col">State</th>
                    </tr>
                  </thead>
                  <tbody>
                    {(systems.data?.items ?? []).map((each) => (
                      <tr key={each.id}>
                        <td>
                          <Link to="/settings/integrations/systems/$id" params={{ id: each.id }}>
                            {each.name}
                          </Link>
                        </td>
                        <td>
                          {each.product_label} {each.product_version}
                        </td>
                        <td>
                          <StateMark state={each.health.state} reason={each.health.reason} />
                        </td>
                      </tr>
                    ))}
                  </tbody>
                </table>
              )}
            </Section>
          ) : null}
          {mayWrite && data.system_count === 0 ? (
            <Group className={classes['noPrint'] ?? ''}>
              <Button variant="default" leftSection={<IconTrash size={14} />} onClick={removal.open}>
                Remove environment
              </Button>
            </Group>
          ) : null}
        </>
      )}
      <Confirm
        opened={removing}
        onClose={removal.close}
        title={`Remove ${data.name}`}
        effect="Removes the environment with its parameters. It has no systems, so no messages are touched."
        actionLabel="Remove"
        dangerous
        environmentId={data.id}
        pending={remove.isPending}
        error={remove.error}
        onConfirm={() =>
          remove.mutate(
            { params: { id } },
            { onSuccess: () => void navigate({ to: '/settings/integrations/environments' }) },
          )
        }
      />
    </Page>
  );
}
