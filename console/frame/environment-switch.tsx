import { Menu } from '@mantine/core';
import { IconCheck, IconChevronDown } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useEnvironment } from './environment.tsx';
import classes from './frame.module.css';

export function EnvironmentSwitch(): ReactNode {
  const { all, current, choose } = useEnvironment();
  if (all.length === 0) return null;
  const name = current?.name ?? 'All environments';
  return (
    <Menu position="bottom-start" width={240}>
      <Menu.Target>
        <button type="button" className={classes['env']} aria-label={`Environment: ${name}. Switch`}>
          <span className={classes['dot']} aria-hidden />
          {name}
          <IconChevronDown size={14} aria-hidden />
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>Show what belongs to</Menu.Label>
        {all.map((each) => (
          <Menu.Item
            key={each.id}
            onClick={() => choose(each.key)}
            leftSection={<span className={classes['dot']} style={{ '--dot': `var(--ps-env-${each.kind})` } as never} />}
            rightSection={current?.id === each.id ? <IconCheck size={14} aria-label="chosen" /> : null}
          >
            {each.name}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item
          onClick={() => choose(undefined)}
          leftSection={<span className={classes['dot']} style={{ '--dot': 'var(--ps-env-all)' } as never} />}
          rightSection={current === undefined ? <IconCheck size={14} aria-label="chosen" /> : null}
        >
          All environments
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
