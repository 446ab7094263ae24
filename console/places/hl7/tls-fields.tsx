import { Button, Group, MultiSelect, NumberInput, Select, Stack, Switch, TagsInput } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { Credential } from '../../../src/contract/credentials.ts';
import type { Listener } from '../../../src/contract/listeners.ts';
import { expiryWords } from '../../parts/expiry-mark.tsx';
import { Notice } from '../../parts/notice.tsx';

type Tls = Listener['tls'];

/** TLS of a listener: what it shows, whom it trusts, who may come in. */
export function TlsFields(props: {
  value: Tls;
  onChange: (change: Partial<Tls>) => void;
  /** Of the environment of the listener's system. */
  credentials: readonly Credential[];
  errors: Readonly<Record<string, ReactNode>>;
}): ReactNode {
  const { value, onChange, credentials } = props;
  const options = (kind: Credential['kind']) =>
    credentials
      .filter((each) => each.kind === kind)
      .map((each) => ({
        value: each.key,
        label: `${each.name} (${each.active === null ? 'requested' : expiryWords(each.active.days_left, each.active.state)})`,
      }));
  const servers = options('tls_server');
  const errorOf = (field: string): ReactNode =>
    Object.entries(props.errors).find(([name]) => name === `tls.${field}` || name.startsWith(`tls.${field}[`))?.[1];
  return (
    <Stack gap="sm">
      <Switch
        label="TLS (MLLPS)"
        description="The connection is encrypted, and speaks nothing else"
        checked={value.enabled}
        onChange={(event) => onChange({ enabled: event.currentTarget.checked })}
      />
      {value.enabled ? (
        <>
          {servers.length === 0 ? (
            <Notice title="No server certificate in this environment yet">
              <Group gap="xs">
                <Button
                  component={Link}
                  to="/settings/integrations/credentials"
                  search={{ credential: 'new' } as never}
                  variant="default"
                >
                  Add a credential
                </Button>
              </Group>
            </Notice>
          ) : null}
          <MultiSelect
            label="Server certificate"
            description="The first is shown, unless a sender asks for a name that another one has"
            data={servers}
            value={[...value.certificates]}
            onChange={(certificates) => onChange({ certificates })}
            error={errorOf('certificates')}
          />
          <Select
            label="Client certificate"
            data={[
              { value: 'none', label: 'Not asked for' },
              { value: 'optional', label: 'Optional; one that is shown must be trusted' },
              { value: 'required', label: 'Required' },
            ]}
            allowDeselect={false}
            value={value.client_certificate}
            onChange={(mode) => onChange({ client_certificate: mode ?? 'none' })}
            error={errorOf('client_certificate')}
          />
          {value.client_certificate === 'none' ? null : (
            <Select
              label="Client certificates come from"
              description="Empty: they are known by the fingerprints below"
              data={options('ca_bundle')}
              clearable
              value={value.client_ca}
              onChange={(ca) => onChange({ client_ca: ca })}
              error={errorOf('client_ca')}
            />
          )}
          {value.client_certificate === 'required' ? (
            <TagsInput
              label="Allowed certificates"
              description="sha256:…, cn:feed.example, dns:…, ip:…, subject:CN=…, O=…; empty = every trusted one"
              splitChars={['\n']}
              placeholder={value.allowed_certificates.length === 0 ? 'Type an entry, then Enter' : ''}
              value={[...value.allowed_certificates]}
              onChange={(entries) => onChange({ allowed_certificates: entries })}
              error={errorOf('allowed_certificates')}
            />
          ) : null}
          <NumberInput
            label="Handshake at most"
            suffix=" s"
            min={1}
            max={120}
            allowDecimal={false}
            value={value.handshake_timeout_seconds}
            onChange={(seconds) => onChange({ handshake_timeout_seconds: Number(seconds) })}
          />
        </>
      ) : null}
    </Stack>
  );
}
