import { Modal } from '@mantine/core'
import type { ReactNode } from 'react'
import { useText } from '../i18n/useText.ts'
import { useFocusBack } from '../keyboard/useFocusBack.ts'

type Props = {
  /** The act, as a verb with its object; the button repeats the verb. */
  title: string
  size?: string
  onClose: () => void
  children: ReactNode
}

/** For one action, with a reason. Esc closes it; the focus goes back to where it was. */
export function Dialog({ title, size = '30rem', onClose, children }: Props) {
  const t = useText()
  useFocusBack()
  return (
    <Modal opened onClose={onClose} title={title} size={size} closeButtonProps={{ 'aria-label': t('act.close') }}>
      {children}
    </Modal>
  )
}
