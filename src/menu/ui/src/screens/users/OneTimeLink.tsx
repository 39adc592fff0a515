import { Button, TextInput } from '@mantine/core'
import { useRef } from 'react'
import type { Answer } from '../../api/call.ts'
import { announce } from '../../components/announcements.ts'
import form from '../../components/Form.module.css'
import { When } from '../../components/When.tsx'
import { useText } from '../../i18n/useText.ts'

/** The one-time link to set a password; or a note that a second administrator has to approve first. */
export function OneTimeLink({
  invitation: { login, link, expiresAt, approval },
  onClose,
}: {
  invitation: Answer<'users.invite'>
  onClose: () => void
}) {
  const t = useText()
  const field = useRef<HTMLInputElement>(null)
  const absolute = link === null ? null : new URL(link, location.origin).href
  const copy = (): void => {
    field.current?.select()
    void navigator.clipboard.writeText(absolute ?? '').then(
      () => announce('good', t('act.copied')),
      () => undefined,
    )
  }
  return (
    <div className={form.form}>
      {absolute !== null && (
        <>
          <p>{t('users.linkLead', { login })}</p>
          <TextInput
            ref={field}
            label={t('users.link')}
            readOnly
            value={absolute}
            onFocus={(event) => event.target.select()}
          />
          <p className={form.hint}>
            {t('users.linkUntil')} <When at={expiresAt} />
          </p>
        </>
      )}
      {approval !== null && <p className={form.hint}>{t('users.linkWaits')}</p>}
      <div className={form.acts}>
        {absolute !== null && <Button onClick={copy}>{t('act.copy')}</Button>}
        <Button data-autofocus variant="filled" onClick={onClose}>
          {t('act.close')}
        </Button>
      </div>
    </div>
  )
}
