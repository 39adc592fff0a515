import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { call } from '../../api/call.ts'
import { announce } from '../../components/announcements.ts'
import { Dialog } from '../../components/Dialog.tsx'
import form from '../../components/Form.module.css'
import { FormActs } from '../../components/FormActs.tsx'
import { useFaults } from '../../components/useFaults.ts'
import { useSubmit } from '../../components/useSubmit.ts'
import { useText } from '../../i18n/useText.ts'
import { FIELD_GROUPS, givenOf } from './issue-fields.ts'
import { SettingFields } from './SettingFields.tsx'

type Props = {
  /** The draft that is changed; none: a new issue. */
  issue?: { readonly code: string; readonly settings: Readonly<Record<string, string>> }
  onDone: (code: string) => void
  onClose: () => void
}

/** A plan: every setting with its purpose. Empty fields get their defaults. */
export function PlanDialog({ issue, onDone, onClose }: Props) {
  const t = useText()
  const client = useQueryClient()
  const before = issue?.settings ?? {}
  const [values, setValues] = useState<Readonly<Record<string, string>>>({})
  const { faults, watched } = useFaults()
  const { problem, busy, submit } = useSubmit(() =>
    watched(async () => {
      const settings = givenOf(FIELD_GROUPS, before, values)
      const { code } =
        issue === undefined
          ? await call('issues.plan', { body: { settings } })
          : await call('issues.change', { params: { code: issue.code }, body: { settings } })
      await client.invalidateQueries({ queryKey: ['issues'] })
      await client.invalidateQueries({ queryKey: ['issue'] })
      void client.invalidateQueries({ queryKey: ['choices'] })
      announce('good', issue === undefined ? t('issue.planned', { code }) : t('issue.changed'))
      onDone(code)
    }),
  )
  const title = t(issue === undefined ? 'issue.plan' : 'issue.change')
  return (
    <Dialog title={title} size="60rem" onClose={onClose}>
      <form className={form.form} onSubmit={submit} noValidate>
        <p>{t('issue.planLead')}</p>
        <SettingFields
          groups={FIELD_GROUPS}
          before={before}
          values={values}
          faults={faults}
          onChange={(name, value) => setValues((now) => ({ ...now, [name]: value }))}
        />
        <FormActs problem={problem} busy={busy} act={title} onClose={onClose} />
      </form>
    </Dialog>
  )
}
