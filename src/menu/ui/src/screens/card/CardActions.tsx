import { Button, Tooltip } from '@mantine/core'
import {
  type Icon, IconCalendarPlus, IconCopyPlus, IconEraser, IconEye, IconLock, IconLockOpen, IconScale,
} from '@tabler/icons-react' // prettier-ignore
import { lazy, Suspense, useState } from 'react'
import { usePageActions } from '../../components/palette-entries.ts'
import { useLocalized, useText } from '../../i18n/useText.ts'
import { useKeys } from '../../keyboard/keys.ts'
import type { CardAction, CardRecord } from './card-record.ts'
import classes from '../screens.module.css'

const ActionDialog = lazy(() => import('./ActionDialog.tsx').then((module) => ({ default: module.ActionDialog })))

const ICONS: Record<CardAction, Icon> = {
  reveal: IconEye,
  adjust: IconScale,
  extend: IconCalendarPlus,
  duplicate: IconCopyPlus,
  clear: IconEraser,
  block: IconLock,
  unblock: IconLockOpen,
}
const ORDER = Object.keys(ICONS) as readonly CardAction[]

/** Actions that the role lacks are hidden; actions that the state forbids are disabled with the reason. */
export function CardActions({ card }: { card: CardRecord }) {
  const t = useText()
  const localized = useLocalized()
  const [open, setOpen] = useState<CardAction | null>(null)
  const offered = ORDER.flatMap((action) => card.actions.filter((one) => one.action === action)).filter(
    ({ action, refused }) => !isOtherHalf(action, refused !== null, card),
  )
  const allowed = offered.filter(({ refused }) => refused === null)
  const toggle = allowed.find(({ action }) => action === 'block' || action === 'unblock')
  useKeys(toggle === undefined ? {} : { b: () => setOpen(toggle.action) })
  usePageActions(allowed.map(({ action }) => ({ name: t(`card.do.${action}`), run: () => setOpen(action) })))
  return (
    <>
      {offered.map(({ action, refused }) => {
        const Sign = ICONS[action]
        const button = (
          <Button
            key={action}
            className={classes.asks ?? ''}
            leftSection={<Sign size={15} stroke={1.6} />}
            {...(refused === null
              ? { onClick: () => setOpen(action) }
              : { 'data-disabled': true, 'aria-disabled': true, 'aria-description': localized(refused) })}
          >
            {t(`card.${action}`)}
          </Button>
        )
        return refused === null ? (
          button
        ) : (
          <Tooltip key={action} label={localized(refused)} events={{ hover: true, focus: true, touch: true }}>
            {button}
          </Tooltip>
        )
      })}
      <Suspense>{open !== null && <ActionDialog card={card} action={open} onClose={() => setOpen(null)} />}</Suspense>
    </>
  )
}

/** Of block and unblock only the one that the state allows is shown. */
const isOtherHalf = (action: CardAction, isRefused: boolean, { block }: CardRecord): boolean =>
  isRefused && ((action === 'block' && block !== null) || (action === 'unblock' && block === null))
