import { Button } from '@mantine/core'
import type { ReactNode } from 'react'
import { useText } from '../i18n/useText.ts'
import { Dialog } from './Dialog.tsx'
import form from './Form.module.css'
import classes from './OneTimeSecret.module.css'

type Props = { title: string; text: ReactNode; secret: string; onClose: () => void }

/** A key or a code that is shown once. */
export function OneTimeSecret({ title, text, secret, onClose }: Props) {
  const t = useText()
  return (
    <Dialog title={title} onClose={onClose}>
      <div className={form.form}>
        <p>{text}</p>
        <p className={classes.secret}>{secret}</p>
        <div className={form.acts}>
          <Button data-autofocus onClick={onClose}>
            {t('act.close')}
          </Button>
        </div>
      </div>
    </Dialog>
  )
}
