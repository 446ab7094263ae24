import { createTheme, type CSSVariablesResolver, type MantineColorsTuple } from '@mantine/core';

/** The one accent: a petrol that is none of the colours of environments and states. */
const petrol: MantineColorsTuple = [
  '#ecf6f7',
  '#d8ecee',
  '#b0d9dd',
  '#86c5cb',
  '#5fb0b8',
  '#3c99a2',
  '#22808a',
  '#14626d',
  '#0d4f58',
  '#083c44',
];
const gray: MantineColorsTuple = [
  '#f7f8fa',
  '#eff1f4',
  '#e4e8ec',
  '#d5dae0',
  '#bcc4cc',
  '#98a2ad',
  '#6d7783',
  '#4f5965',
  '#353e48',
  '#1d242c',
];
const dark: MantineColorsTuple = [
  '#d6dbe1',
  '#b3bbc4',
  '#98a2ad',
  '#7c8793',
  '#3d4650',
  '#2d343c',
  '#242a31',
  '#1b2026',
  '#14181d',
  '#0e1115',
];

const SANS =
  'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", "Liberation Sans", sans-serif';
const MONO =
  'ui-monospace, "SF Mono", "Cascadia Mono", Menlo, Consolas, "Liberation Mono", "DejaVu Sans Mono", monospace';

const DIALOG_TITLE = { title: { fontSize: 15, fontWeight: 600 } } as const;

export const theme = createTheme({
  colors: { petrol, gray, dark },
  primaryColor: 'petrol',
  primaryShade: { light: 7, dark: 6 },
  autoContrast: true,
  // Where white on a colour and black on it contrast alike (4.58), so that either choice passes. The choice is made once
  // for both schemes, so the filled shades of both must go with white.
  luminanceThreshold: 0.179,
  black: '#1d242c',
  fontFamily: SANS,
  fontFamilyMonospace: MONO,
  fontSizes: { xs: '12px', sm: '13px', md: '14px', lg: '16px', xl: '20px' },
  spacing: { xs: '8px', sm: '12px', md: '16px', lg: '24px', xl: '32px' },
  lineHeights: { xs: '1.35', sm: '1.4', md: '1.45', lg: '1.5', xl: '1.5' },
  headings: {
    fontFamily: SANS,
    fontWeight: '600',
    sizes: {
      h1: { fontSize: '20px', lineHeight: '1.3' },
      h2: { fontSize: '15px', lineHeight: '1.4' },
      h3: { fontSize: '13px', lineHeight: '1.4' },
    },
  },
  defaultRadius: 'sm',
  cursorType: 'pointer',
  respectReducedMotion: true,
  components: {
    Button: { defaultProps: { size: 'xs' } },
    ActionIcon: { defaultProps: { variant: 'subtle', color: 'gray' } },
    TextInput: { defaultProps: { size: 'xs' } },
    PasswordInput: { defaultProps: { size: 'sm' } },
    NumberInput: { defaultProps: { size: 'xs' } },
    Select: { defaultProps: { size: 'xs', checkIconPosition: 'right' } },
    MultiSelect: { defaultProps: { size: 'xs' } },
    TagsInput: { defaultProps: { size: 'xs' } },
    Textarea: { defaultProps: { size: 'xs' } },
    Checkbox: { defaultProps: { size: 'xs' } },
    Switch: { defaultProps: { size: 'xs' } },
    Radio: { defaultProps: { size: 'xs' } },
    SegmentedControl: { defaultProps: { size: 'xs' }, styles: { label: { paddingInline: 10 } } },
    Tabs: { defaultProps: { keepMounted: false } },
    // A dialog's header is no landmark of the page.
    ModalHeader: { defaultProps: { role: 'none' } },
    DrawerHeader: { defaultProps: { role: 'none' } },
    // Menus open inside the page's banner (frame.tsx), so that they belong to a landmark, and hold nothing but items.
    Menu: { defaultProps: { withInitialFocusPlaceholder: false, portalProps: { target: '#popups' } } },
    Popover: { defaultProps: { portalProps: { target: '#popups' } } },
    Tooltip: { defaultProps: { openDelay: 300, multiline: true, maw: 360 } },
    Modal: { defaultProps: { closeButtonProps: { 'aria-label': 'Close' } }, styles: DIALOG_TITLE },
    Drawer: { defaultProps: { closeButtonProps: { 'aria-label': 'Close' } }, styles: DIALOG_TITLE },
  },
});

/** Mantine's defaults that miss 4.5:1 (dimmed, placeholder, error, subtle grey), set so that they pass in both schemes. */
export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-body': '#ffffff',
    '--mantine-color-dimmed': '#56616d',
    '--mantine-color-placeholder': '#66717d',
    '--mantine-color-error': '#b42318',
    '--mantine-color-gray-light-color': '#353e48',
    '--mantine-color-gray-text': '#4f5965',
    '--mantine-color-default-border': '#bcc4cc',
    '--mantine-color-disabled-color': '#66717d',
    '--mantine-color-red-filled': '#b42318',
    '--mantine-color-red-filled-hover': '#96190f',
    '--mantine-color-red-light-color': '#96190f',
  },
  dark: {
    '--mantine-color-body': '#1b2026',
    '--mantine-color-text': '#d6dbe1',
    '--mantine-color-dimmed': '#98a2ad',
    '--mantine-color-placeholder': '#8d97a3',
    '--mantine-color-error': '#ff8f87',
    '--mantine-color-gray-light-color': '#d5dae0',
    '--mantine-color-gray-text': '#b3bbc4',
    '--mantine-color-default-border': '#3d4650',
    '--mantine-color-disabled-color': '#8d97a3',
    '--mantine-color-anchor': '#7cc8cf',
    '--mantine-color-petrol-text': '#7cc8cf',
    '--mantine-color-red-filled': '#c93a2b',
    '--mantine-color-red-filled-hover': '#b42318',
  },
});
