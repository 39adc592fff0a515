import { Button } from '@mantine/core'
import type { ReactNode } from 'react'
import { Dialog } from '../../components/Dialog.tsx'
import form from '../../components/Form.module.css'
import { useText } from '../../i18n/useText.ts'
import approvals from '../Approvals.module.css'

type Props = { title: string; text: ReactNode; secret: string; onClose: () => void }

/** Something that is shown once. */
export function OneTime({ title, text, secret, onClose }: Props) {
  const t = useText()
  return (
    <Dialog title={title} onClose={onClose}>
      <div className={form.form}>
        <p>{text}</p>
        <p className={approvals.code}>{secret}</p>
        <div className={form.acts}>
          <Button data-autofocus onClick={onClose}>
            {t('act.close')}
          </Button>
        </div>
      </div>
    </Dialog>
  )
}
