import { Modal } from '@mantine/core';
import { useEffect, type ReactNode } from 'react';
import classes from './frame.module.css';

const KEYS: readonly (readonly [where: string, keys: readonly (readonly [keys: string, does: string])[]])[] = [
  [
    'Everywhere',
    [
      ['Ctrl K, ⌘ K', 'Search for a page, an action, a patient or a control id'],
      ['/', 'Into the filter of the page'],
      ['?', 'This list'],
      ['Esc', 'Close the dialog, the drawer or the message'],
    ],
  ],
  [
    'In tables',
    [
      ['↑ ↓, j k', 'To the next and the previous line'],
      ['Page ↑ ↓, Home, End', 'By a page, to the first and the last line'],
      ['Enter', 'Open the line'],
      ['Space', 'Select the line, where lines can be selected'],
      ['Shift ↑ ↓', 'Select on the way'],
      ['Ctrl A', 'Select all that are loaded'],
      ['Shift click on a header', 'Sort by one more column'],
    ],
  ],
  [
    'In a message',
    [
      ['← →', 'Structure: close and open. Raw: the field before and after'],
      ['↑ ↓', 'Structure: the line before and after. Raw: the segment before and after'],
    ],
  ],
];

/** Where a question mark is a character. */
const TYPING = 'input, textarea, select, [contenteditable], [role="dialog"]';

/** The keys of the console; `?` opens them from anywhere. */
export function KeyboardHelp(props: { opened: boolean; onOpen: () => void; onClose: () => void }): ReactNode {
  const { onOpen } = props;
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.key !== '?' || event.ctrlKey || event.metaKey || event.altKey) return;
      if ((event.target as HTMLElement | null)?.closest(TYPING) != null) return;
      event.preventDefault();
      onOpen();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, [onOpen]);
  return (
    <Modal opened={props.opened} onClose={props.onClose} title="Keyboard" size="lg">
      {KEYS.map(([where, keys]) => (
        <table key={where} className={`plain ${classes['keys']}`}>
          <caption>{where}</caption>
          <tbody>
            {keys.map(([key, does]) => (
              <tr key={key}>
                <th scope="row">
                  <kbd className={classes['kbd']}>{key}</kbd>
                </th>
                <td>{does}</td>
              </tr>
            ))}
          </tbody>
        </table>
      ))}
    </Modal>
  );
}
