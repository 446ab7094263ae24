import { IconCheck, IconMinus } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import type { Product } from '../../../src/contract/systems.ts';
import classes from './systems.module.css';
import { METHOD_WORDS } from './methods.ts';

const METHODS = ['api', 'hl7', 'file'] as const;

/** What each version of a product offers, and why not for the rest; a version is chosen by its row. */
export function CapabilityMatrix(props: {
  product: Product;
  version: string;
  onChoose: (version: string) => void;
}): ReactNode {
  return (
    <table className={`plain ${classes['matrix']}`}>
      <caption className="visually-hidden">What the versions of {props.product.label} offer</caption>
      <thead>
        <tr>
          <th scope="col">Version</th>
          {METHODS.map((method) => (
            <th scope="col" key={method}>
              {METHOD_WORDS[method]}
            </th>
          ))}
          <th scope="col">Known limits</th>
        </tr>
      </thead>
      <tbody>
        {props.product.versions.map((version) => (
          <tr key={version.key} data-chosen={version.key === props.version}>
            <td className="nowrap">
              <label className={classes['pick']}>
                <input
                  type="radio"
                  name="version"
                  checked={version.key === props.version}
                  onChange={() => props.onChoose(version.key)}
                />
                {version.label}
              </label>
            </td>
            {METHODS.map((method) => {
              const offer = version.methods.find((each) => each.method === method);
              const offered = offer?.offered === true;
              const Mark = offered ? IconCheck : IconMinus;
              return (
                <td key={method}>
                  <span className={classes['offer']} data-offered={offered}>
                    <Mark size={14} aria-hidden />
                    <span>
                      {offered ? 'Offered' : 'Not offered'}
                      {offer === undefined || offer.note === '' ? null : (
                        <span className={classes['why']}>{offer.note}</span>
                      )}
                    </span>
                  </span>
                </td>
              );
            })}
            <td>{version.limits === '' ? 'none known' : version.limits}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
