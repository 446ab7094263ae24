import type { ReactNode } from 'react';
import type { Credential } from '../../../src/contract/credentials.ts';
import { CopyId } from '../../parts/copy-id.tsx';
import { Time } from '../../parts/time.tsx';

type Certificate = NonNullable<Credential['active']>['certificates'][number];

/** What certificates say of themselves. */
export function CertificateList(props: { certificates: readonly Certificate[] }): ReactNode {
  return props.certificates.map((certificate) => (
    <table className="plain" key={certificate.fingerprint}>
      <caption style={{ textAlign: 'left', fontWeight: 600 }}>{certificate.subject}</caption>
      <tbody>
        <Row label="Issuer">{certificate.self_signed ? 'itself' : certificate.issuer}</Row>
        {certificate.alternative_names === '' ? null : <Row label="Names">{certificate.alternative_names}</Row>}
        <Row label="Valid">
          <Time at={certificate.not_before} /> to <Time at={certificate.not_after} />
        </Row>
        <Row label="Key">
          {certificate.public_key}
          {certificate.authority ? ', authority' : ''}
        </Row>
        <Row label="SHA-256">
          <CopyId value={certificate.fingerprint} label="fingerprint" />
        </Row>
      </tbody>
    </table>
  ));
}

function Row(props: { label: string; children: ReactNode }): ReactNode {
  return (
    <tr>
      <th scope="row" style={{ width: 90, textAlign: 'left' }}>
        {props.label}
      </th>
      <td style={{ overflowWrap: 'anywhere' }}>{props.children}</td>
    </tr>
  );
}
