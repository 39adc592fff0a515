import {
  ActionIcon,
  Button,
  Checkbox,
  createTheme,
  type CSSVariablesResolver,
  Drawer,
  Input,
  Kbd,
  type MantineColorsTuple,
  Menu,
  Modal,
  Popover,
  Progress,
  SegmentedControl,
  Select,
  Skeleton,
  Tooltip,
} from '@mantine/core'
import classes from './theme.module.css'

/** Mantine needs ten shades; the tokens determine the visible colours (see the resolver below). */
const petrol: MantineColorsTuple = [
  '#eaf5f6',
  '#dfeef0',
  '#b9dde3',
  '#8fcbd5',
  '#6cc6d4',
  '#3d9aa9',
  '#1d7383',
  '#0b5563',
  '#083f4a',
  '#062f37',
]

export const theme = createTheme({
  fontFamily: 'var(--ak-font)',
  headings: { fontFamily: 'var(--ak-font)', fontWeight: '640' },
  colors: { petrol },
  primaryColor: 'petrol',
  primaryShade: { light: 7, dark: 4 },
  autoContrast: true,
  defaultRadius: 'sm',
  radius: { xs: 'var(--ak-radius-sm)', sm: 'var(--ak-radius)', md: 'var(--ak-radius-lg)' },
  spacing: { xs: 'var(--ak-2)', sm: 'var(--ak-3)', md: 'var(--ak-4)', lg: 'var(--ak-6)', xl: 'var(--ak-8)' },
  fontSizes: {
    xs: 'var(--ak-text-xs)',
    sm: 'var(--ak-text-sm)',
    md: 'var(--ak-text-md)',
    lg: 'var(--ak-text-lg)',
    xl: 'var(--ak-text-xl)',
  },
  cursorType: 'pointer',
  components: {
    Button: Button.extend({ defaultProps: { variant: 'default' }, classNames: { root: classes.button } }),
    ActionIcon: ActionIcon.extend({
      defaultProps: { variant: 'subtle', color: 'gray' },
      classNames: { root: classes.icon },
    }),
    Input: Input.extend({ classNames: { input: classes.input } }),
    InputWrapper: Input.Wrapper.extend({
      // The label is just the field's name; a missing mandatory value is reported at the field.
      defaultProps: { withAsterisk: false },
      classNames: { label: classes.label, description: classes.hint, error: classes.error },
    }),
    Checkbox: Checkbox.extend({
      defaultProps: { size: 'xs', radius: 'xs' },
      classNames: { input: classes.checkbox, label: classes.option },
    }),
    Kbd: Kbd.extend({ classNames: { root: classes.key } }),
    Skeleton: Skeleton.extend({ defaultProps: { radius: 'xs' }, classNames: { root: classes.skeleton } }),
    Select: Select.extend({ defaultProps: { allowDeselect: false, checkIconPosition: 'right' } }),
    SegmentedControl: SegmentedControl.extend({
      classNames: { root: classes.segments, label: classes.segment, indicator: classes.indicator },
    }),
    Progress: Progress.extend({ classNames: { root: classes.track } }),
    Tooltip: Tooltip.extend({
      defaultProps: { openDelay: 350, withArrow: false },
      classNames: { tooltip: classes.tooltip },
    }),
    Popover: Popover.extend({ defaultProps: { shadow: 'md' }, classNames: { dropdown: classes.floating } }),
    Menu: Menu.extend({
      defaultProps: { shadow: 'md' },
      classNames: { dropdown: classes.floating, item: classes.menuItem },
    }),
    Modal: Modal.extend({
      defaultProps: {
        overlayProps: { backgroundOpacity: 1, color: 'var(--ak-veil)' },
        transitionProps: { duration: 90 },
      },
      classNames: {
        content: classes.dialog,
        header: classes.dialogHead,
        title: classes.dialogTitle,
        body: classes.dialogBody,
      },
    }),
    Drawer: Drawer.extend({
      defaultProps: {
        position: 'right',
        overlayProps: { backgroundOpacity: 1, color: 'var(--ak-veil)' },
        transitionProps: { duration: 160 },
      },
      classNames: {
        content: classes.drawer,
        header: classes.dialogHead,
        title: classes.dialogTitle,
        body: classes.dialogBody,
      },
    }),
  },
})

/** Mantine's own variables point at ours, so a Mantine component never shows a colour that isn't a token. */
export const resolveVariables: CSSVariablesResolver = () => {
  const colours = {
    '--mantine-color-body': 'var(--ak-surface)',
    '--mantine-color-text': 'var(--ak-ink)',
    '--mantine-color-bright': 'var(--ak-ink)',
    '--mantine-color-dimmed': 'var(--ak-ink-3)',
    '--mantine-color-placeholder': 'var(--ak-ink-3)',
    '--mantine-color-anchor': 'var(--ak-accent)',
    '--mantine-color-error': 'var(--ak-bad)',
    '--mantine-color-default': 'var(--ak-surface)',
    '--mantine-color-default-hover': 'var(--ak-hover)',
    '--mantine-color-default-color': 'var(--ak-ink)',
    '--mantine-color-default-border': 'var(--ak-line-strong)',
    '--mantine-color-disabled': 'var(--ak-sunken)',
    '--mantine-color-disabled-color': 'var(--ak-ink-3)',
    '--mantine-color-disabled-border': 'var(--ak-line)',
    '--mantine-color-petrol-filled': 'var(--ak-accent)',
    '--mantine-color-petrol-filled-hover': 'var(--ak-accent-strong)',
    '--mantine-color-gray-light-color': 'var(--ak-ink-2)',
    '--mantine-color-gray-light-hover': 'var(--ak-hover)',
    '--mantine-primary-color-contrast': 'var(--ak-on-accent)',
  }
  return { variables: {}, light: colours, dark: colours }
}
