import { Modal } from '@mantine/core'
import { type ReactNode, useRef } from 'react'
import { useText } from '../i18n/useText.ts'
import { useFirstFocus } from '../keyboard/useFirstFocus.ts'
import { useFocusBack } from '../keyboard/useFocusBack.ts'

type Props = {
  /** The act, as a verb with its object; the button repeats the verb. */
  title: string
  size?: string
  onClose: () => void
  children: ReactNode
}

/** A dialog for one action, with a reason. The focus begins in its first field; Esc closes it, and the focus returns to where it was. */
export function Dialog({ title, size = '30rem', onClose, children }: Props) {
  const t = useText()
  useFocusBack()
  return (
    <Modal opened onClose={onClose} title={title} size={size} closeButtonProps={{ 'aria-label': t('act.close') }}>
      <DialogBody>{children}</DialogBody>
    </Modal>
  )
}

/** Mounted together with the content of the dialog, which is mounted later than the dialog itself. */
export function DialogBody({ children }: { children: ReactNode }) {
  const body = useRef<HTMLDivElement>(null)
  useFirstFocus(body)
  return <div ref={body}>{children}</div>
}
