import { Button, TextInput } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { call } from '../../api/call.ts'
import { accountsQuery } from '../../api/queries.ts'
import { useMay } from '../../api/session.ts'
import { announce } from '../../components/announcements.ts'
import form from '../../components/Form.module.css'
import { FormProblem } from '../../components/FormProblem.tsx'
import { Panel } from '../../components/Panel.tsx'
import { useSubmit } from '../../components/useSubmit.ts'
import { useText, useWord } from '../../i18n/useText.ts'
import { Files } from '../reports/Files.tsx'
import classes from '../screens.module.css'
import { lastMonth } from '../../i18n/days.ts'
import { useToday } from '../../i18n/useToday.ts'

/** The bookings of a month as a file, and the codes of their accounts. */
export function GeneralLedger() {
  const t = useText()
  const word = useWord()
  const mayChange = useMay()('reports.inputs')
  const client = useQueryClient()
  const accounts = useQuery(accountsQuery).data?.items ?? []
  const [month, setMonth] = useState(lastMonth(useToday()).from.slice(0, 7))
  const [typed, setTyped] = useState<Record<string, string>>({})
  const changed = accounts.filter(({ account, value }) => typed[account] !== undefined && typed[account] !== value)
  const isComplete = accounts.length > 0 && accounts.every(({ value }) => value !== '')
  const { problem, busy, submit } = useSubmit(async () => {
    const values = Object.fromEntries(changed.map(({ account }) => [account, (typed[account] ?? '').trim()]))
    await call('ledger.setAccounts', { body: { values } })
    await client.invalidateQueries({ queryKey: ['ledger'] })
    setTyped({})
    announce('good', t('act.saved'))
  })
  return (
    <Panel title={t('ledger.title')}>
      <div className={form.form}>
        <p>{t(isComplete ? 'ledger.text' : mayChange ? 'ledger.incomplete' : 'ledger.incompleteRead')}</p>
        <div className={classes.filters}>
          <TextInput
            type="month"
            label={t('ledger.month')}
            value={month}
            onChange={(event) => setMonth(event.target.value)}
          />
          {isComplete && <Files path={`/api/general-ledger/${month}`} name={t('ledger.export')} />}
        </div>
      </div>
      <form className={form.form} onSubmit={submit}>
        <div className={classes.fields}>
          {accounts.map(({ account, value }) => (
            <TextInput
              key={account}
              label={word('ledger', account)}
              maxLength={40}
              readOnly={!mayChange}
              value={typed[account] ?? value}
              onChange={(event) => {
                const text = event.target.value
                setTyped((now) => ({ ...now, [account]: text }))
              }}
            />
          ))}
        </div>
        <FormProblem text={problem} />
        {mayChange && (
          <div className={form.acts}>
            <Button type="submit" loading={busy} disabled={changed.length === 0}>
              {t('act.save')}
            </Button>
          </div>
        )}
      </form>
    </Panel>
  )
}
