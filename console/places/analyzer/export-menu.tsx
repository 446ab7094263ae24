import { Button, Menu } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import type { FeedAnalysis } from '../../../src/contract/feed-analysis.ts';
import { useChange } from '../../api/use-api.ts';
import { ErrorNotice } from '../../parts/notice.tsx';

/** The analysis as an interface specification, downloaded. */
export function ExportMenu(props: { analysis: FeedAnalysis }): ReactNode {
  const change = useChange('exportSpecification');
  const make = (format: 'markdown' | 'csv', examples: boolean): void =>
    change.mutate(
      { body: { analysis: props.analysis, format, examples } },
      {
        onSuccess: ({ text, file_name: name, media_type: type }) => download(new Blob([text], { type }), name),
      },
    );
  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <Button variant="default" loading={change.isPending} leftSection={<IconDownload size={14} />}>
            Interface specification
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={() => make('markdown', false)}>Markdown, to hand to the vendor</Menu.Item>
          <Menu.Item onClick={() => make('csv', false)}>CSV, for a spreadsheet</Menu.Item>
          <Menu.Item onClick={() => make('markdown', true)}>
            Markdown with {props.analysis.revealed ? 'real examples (patient data)' : 'masked examples'}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {change.error === null ? null : <ErrorNotice error={change.error} />}
    </>
  );
}

function download(blob: Blob, name: string): void {
  const url = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}
