import { Button, NumberInput, Textarea } from '@mantine/core'
import { useQueryClient, useSuspenseQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { type Answer, call } from '../api/call.ts'
import { settingsQuery } from '../api/queries.ts'
import { useMay } from '../api/session.ts'
import { announce } from '../components/announcements.ts'
import form from '../components/Form.module.css'
import { FormProblem } from '../components/FormProblem.tsx'
import { PageHead } from '../components/PageHead.tsx'
import { Panel } from '../components/Panel.tsx'
import { useSubmit } from '../components/useSubmit.ts'
import { useFormat } from '../i18n/useFormat.ts'
import { useLocalized, useText } from '../i18n/useText.ts'
import classes from './Settings.module.css'

type SettingsRecord = Answer<'settings.show'>
type Setting = SettingsRecord['items'][number]

/** The settings of the installation; relaxing a check needs a second person. */
export function Settings() {
  const t = useText()
  const settings = useSuspenseQuery(settingsQuery).data
  return (
    <>
      <PageHead title={t('page.settings')} facts={t('settings.lead')} />
      <div className={classes.page}>
        <Values items={settings.items} />
        <Recipients settings={settings} />
      </div>
    </>
  )
}

function Values({ items }: { items: readonly Setting[] }) {
  const t = useText()
  const client = useQueryClient()
  const mayEdit = useMay()('settings.edit')
  const [typed, setTyped] = useState<Record<string, number>>({})
  const changed = items.filter(({ name, value }) => typed[name] !== undefined && String(typed[name]) !== value)
  const { problem, busy, submit } = useSubmit(async () => {
    const values = Object.fromEntries(changed.map(({ name }) => [name, typed[name] ?? 0]))
    const { approvals } = await call('settings.change', { body: { values } })
    await client.invalidateQueries({ queryKey: ['settings'] })
    setTyped({})
    const [first] = approvals
    if (first === undefined) announce('good', t('act.saved'))
    else announce('wait', t('act.proposed'), { to: '/approvals', text: t('page.approvals') })
  })
  return (
    <Panel title={t('settings.values')}>
      <form className={form.form} onSubmit={submit}>
        {items.map((setting) => (
          <SettingField
            key={setting.name}
            setting={setting}
            readOnly={!mayEdit}
            typed={typed[setting.name]}
            onType={(value) => setTyped((now) => ({ ...now, [setting.name]: value }))}
          />
        ))}
        <FormProblem text={problem} />
        {mayEdit && (
          <div className={form.acts}>
            <Button type="submit" variant="filled" disabled={changed.length === 0} loading={busy}>
              {t('act.save')}
            </Button>
          </div>
        )}
      </form>
    </Panel>
  )
}

type FieldProps = { setting: Setting; readOnly: boolean; typed: number | undefined; onType: (value: number) => void }

function SettingField({
  setting: { text, value, unit, minimum, maximum, relaxes },
  readOnly,
  typed,
  onType,
}: FieldProps) {
  const t = useText()
  const localized = useLocalized()
  const format = useFormat()
  const now = Number(value)
  const relaxed = typed !== undefined && ((relaxes === 'higher' && typed > now) || (relaxes === 'lower' && typed < now))
  const range = t('settings.range', {
    minimum: format.count(minimum),
    maximum: format.count(maximum),
    unit: unit === null ? '' : ` ${unit}`,
  })
  return (
    <NumberInput
      className={classes.field ?? ''}
      label={localized(text)}
      description={relaxed ? `${range} ${t('act.secondPerson')}` : range}
      suffix={unit === null ? '' : ` ${unit}`}
      min={minimum}
      max={maximum}
      allowDecimal={false}
      hideControls
      readOnly={readOnly}
      value={typed ?? now}
      onChange={(next) => typeof next === 'number' && onType(next)}
    />
  )
}

function Recipients({ settings: { recipients, mail } }: { settings: SettingsRecord }) {
  const t = useText()
  const client = useQueryClient()
  const mayEdit = useMay()('settings.edit')
  const [text, setText] = useState(recipients.join('\n'))
  const { problem, busy, submit } = useSubmit(async () => {
    await call('settings.change', { body: { recipients: text.split(/[\s,;]+/).filter(Boolean) } })
    await client.invalidateQueries({ queryKey: ['settings'] })
    announce('good', t('act.saved'))
  })
  return (
    <Panel title={t('settings.recipients')} note={t(mail ? 'settings.mail' : 'settings.noMail')}>
      <form className={form.form} onSubmit={submit}>
        <Textarea
          label={t('settings.addresses')}
          description={t('settings.addressesHint')}
          rows={4}
          readOnly={!mayEdit}
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
        <FormProblem text={problem} />
        {mayEdit && (
          <div className={form.acts}>
            <Button type="submit" loading={busy} disabled={text === recipients.join('\n')}>
              {t('settings.saveRecipients')}
            </Button>
          </div>
        )}
      </form>
    </Panel>
  )
}
