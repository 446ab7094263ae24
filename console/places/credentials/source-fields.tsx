import {
  FileInput,
  NumberInput,
  PasswordInput,
  SegmentedControl,
  Stack,
  TagsInput,
  Textarea,
  TextInput,
} from '@mantine/core';
import type { ReactNode } from 'react';
import type { Credential } from '../../../src/contract/credentials.ts';
import type { SourceDraft } from './source.ts';

const mono = { input: { fontFamily: 'var(--mantine-font-family-monospace)', fontSize: 12 } };

/** Where certificate and key come from: uploaded, or made here. */
export function SourceFields(props: {
  kind: Credential['kind'];
  draft: SourceDraft;
  onChange: (change: Partial<SourceDraft>) => void;
  errors: Readonly<Record<string, ReactNode>>;
}): ReactNode {
  const { kind, draft, onChange, errors } = props;
  const from = kind === 'ca_bundle' ? 'pem' : draft.from;
  const passphrase = (
    <PasswordInput
      label="Passphrase"
      description="Of the file or the key, where it has one"
      value={draft.passphrase}
      onChange={(event) => onChange({ passphrase: event.currentTarget.value })}
      error={errors['passphrase']}
      autoComplete="off"
    />
  );
  return (
    <Stack gap="sm">
      {kind === 'ca_bundle' ? null : (
        <SegmentedControl
          aria-label="Where it comes from"
          value={draft.from}
          onChange={(value) => onChange({ from: value })}
          data={[
            { value: 'pem', label: 'PEM' },
            { value: 'pkcs12', label: 'PKCS#12 file' },
            { value: 'self_signed', label: 'Self-signed' },
            { value: 'request', label: 'Request (CSR)' },
          ]}
        />
      )}
      {from === 'pem' ? (
        <>
          <Textarea
            label={kind === 'ca_bundle' ? 'Certificates of the authorities' : 'Certificate and those that issued it'}
            placeholder="-----BEGIN CERTIFICATE-----"
            autosize
            minRows={4}
            maxRows={8}
            styles={mono}
            value={draft.certificates}
            onChange={(event) => onChange({ certificates: event.currentTarget.value })}
            error={errors['certificates']}
          />
          <FileInput
            label="or from a file"
            placeholder="Choose a .pem, .crt or .cer file"
            accept=".pem,.crt,.cer,.txt"
            clearable
            onChange={(file) => void file?.text().then((text) => onChange({ certificates: text }))}
          />
          {kind === 'ca_bundle' ? null : (
            <>
              <Textarea
                label="Private key"
                description="Sealed as soon as it arrives, and never shown again; empty where it stands with the certificate"
                placeholder="-----BEGIN PRIVATE KEY-----"
                autosize
                minRows={3}
                maxRows={6}
                styles={mono}
                value={draft.privateKey}
                onChange={(event) => onChange({ privateKey: event.currentTarget.value })}
                error={errors['private_key']}
                autoComplete="off"
                spellCheck={false}
              />
              {passphrase}
            </>
          )}
        </>
      ) : from === 'pkcs12' ? (
        <>
          <FileInput
            label="PKCS#12 file"
            placeholder="Choose a .p12 or .pfx file"
            accept=".p12,.pfx"
            clearable
            error={errors['file']}
            onChange={(file) =>
              file === null ? onChange({ file: '' }) : void toBase64(file).then((text) => onChange({ file: text }))
            }
          />
          {passphrase}
        </>
      ) : (
        <>
          <TextInput
            label="Common name"
            placeholder="hub.practice.example"
            value={draft.commonName}
            onChange={(event) => onChange({ commonName: event.currentTarget.value })}
            error={errors['common_name']}
          />
          <TextInput
            label="Organization"
            value={draft.organization}
            onChange={(event) => onChange({ organization: event.currentTarget.value })}
          />
          <TagsInput
            label="Host names and IP addresses"
            description="What the other side compares; the name by which it reaches us belongs here"
            placeholder={draft.names.length === 0 ? 'Type a name, then Enter' : ''}
            value={[...draft.names]}
            onChange={(names) => onChange({ names })}
            error={errors['names']}
          />
          {from === 'self_signed' ? (
            <NumberInput
              label="Lasts"
              suffix=" days"
              min={1}
              max={3650}
              allowDecimal={false}
              value={draft.days}
              onChange={(days) => onChange({ days: Number(days) })}
            />
          ) : (
            <p className="quiet">
              The key is made here and stays here. Hand the request to your authority, and bring its certificate back.
            </p>
          )}
        </>
      )}
    </Stack>
  );
}

async function toBase64(file: File): Promise<string> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  let binary = '';
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary);
}
