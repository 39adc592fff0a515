import { Button, TextInput } from '@mantine/core'
import { useDebouncedCallback } from '@mantine/hooks'
import { useQuery, useSuspenseQuery } from '@tanstack/react-query'
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { employeesQuery, welfareQuery } from '../../api/queries.ts'
import { useMay } from '../../api/session.ts'
import { DataTable } from '../../components/DataTable.tsx'
import { PageHead } from '../../components/PageHead.tsx'
import { Panel } from '../../components/Panel.tsx'
import { Notice } from '../../components/States.tsx'
import { Status } from '../../components/Status.tsx'
import { useText } from '../../i18n/useText.ts'
import classes from '../screens.module.css'
import { AddEmployee, ChangeEmployee, type Employee, ImportEmployees } from './EmployeeDialogs.tsx'
import { type Employer, EmployerDialog, StatementDialog } from './EmployerDialogs.tsx'

const MOST = 200
type Input = 'new' | 'import' | 'statement' | 'settings'
const TYPING_MS = 250

/** The employees of an employer and their cards; the search is in the URL. */
export function Employees() {
  const t = useText()
  const may = useMay()
  const navigate = useNavigate()
  const { code = '' } = useParams({ strict: false })
  const { q = '' } = useSearch({ strict: false }) as { q?: string | number }
  const words = String(q)
  const { employers } = useSuspenseQuery(welfareQuery()).data
  const employer = employers.find((one) => one.code === code)
  const name = employer?.name ?? code
  const found = useQuery(employeesQuery(code, words)).data?.items ?? []
  const [asking, setAsking] = useState<Employee | Input | null>(null)
  const search = useDebouncedCallback(
    (value: string) =>
      void navigate({
        to: '/welfare/employers/$code',
        params: { code },
        search: value === '' ? {} : { q: value },
        replace: true,
      }),
    TYPING_MS,
  )
  const mayPrepare = may('welfare.prepare')
  return (
    <>
      <PageHead
        parent={{ to: '/welfare', label: t('page.welfare') }}
        title={t('welfare.employeesOf', { name })}
        facts={<span>{code}</span>}
        actions={<Acts mayPrepare={mayPrepare} onAsk={setAsking} />}
      />
      <div className={classes.stack}>
        <TextInput
          key={code}
          label={t('welfare.search')}
          defaultValue={words}
          maxLength={100}
          onChange={(event) => search(event.target.value.trim())}
        />
        {found.length === MOST && <p>{t('welfare.firstOnly')}</p>}
        <Panel flush>
          {found.length === 0 ? (
            <div className={classes.padded}>
              <Notice title={t('welfare.noEmployees')}>{t('welfare.noEmployeesText')}</Notice>
            </div>
          ) : (
            <List employees={found} onChange={mayPrepare ? setAsking : null} />
          )}
        </Panel>
      </div>
      <Asked code={code} employer={employer} asking={asking} onClose={() => setAsking(null)} />
    </>
  )
}

function Acts({ mayPrepare, onAsk }: { mayPrepare: boolean; onAsk: (input: Input) => void }) {
  const t = useText()
  return (
    <>
      <Button className={classes.asks ?? ''} onClick={() => onAsk('statement')}>
        {t('welfare.statement')}
      </Button>
      {mayPrepare && (
        <>
          <Button className={classes.asks ?? ''} onClick={() => onAsk('settings')}>
            {t('welfare.settings')}
          </Button>
          <Button className={classes.asks ?? ''} onClick={() => onAsk('import')}>
            {t('welfare.importEmployees')}
          </Button>
          <Button variant="filled" className={classes.asks ?? ''} onClick={() => onAsk('new')}>
            {t('welfare.addEmployee')}
          </Button>
        </>
      )}
    </>
  )
}

type AskedProps = {
  code: string
  employer: Employer | undefined
  asking: Employee | Input | null
  onClose: () => void
}

/** The dialog that is open. */
function Asked({ code, employer, asking, onClose }: AskedProps) {
  if (asking === null) return null
  if (asking === 'new') return <AddEmployee employer={code} onClose={onClose} />
  if (asking === 'import') return <ImportEmployees employer={code} onClose={onClose} />
  if (asking === 'statement') return <StatementDialog employer={code} onClose={onClose} />
  if (asking === 'settings') return employer && <EmployerDialog employer={employer} onClose={onClose} />
  return <ChangeEmployee employer={code} employee={asking} onClose={onClose} />
}

function List({ employees, onChange }: { employees: readonly Employee[]; onChange: ((one: Employee) => void) | null }) {
  const t = useText()
  return (
    <DataTable
      label={t('welfare.employees')}
      rows={employees}
      rowKey={({ number }) => number}
      {...(onChange !== null && { onOpen: onChange })}
      columns={[
        { id: 'number', head: t('welfare.employeeNumber'), cell: ({ number }) => number },
        { id: 'name', head: t('welfare.employeeName'), grow: true, cell: ({ name }) => name },
        {
          id: 'card',
          head: t('welfare.card'),
          cell: ({ card }) =>
            card === null ? (
              <span className={classes.quiet}>{t('welfare.noCard')}</span>
            ) : (
              <Link to="/cards/$id" params={{ id: card.id }}>
                {card.shown.replaceAll('*', '•')}
              </Link>
            ),
        },
        {
          id: 'state',
          head: t('field.state'),
          cell: ({ state }) => <Status tone={state === 'active' ? 'good' : 'plain'}>{t(`employee.${state}`)}</Status>,
        },
        ...(onChange === null
          ? []
          : [
              {
                id: 'change',
                head: '',
                cell: (employee: Employee) => (
                  <Button size="compact-sm" onClick={() => onChange(employee)}>
                    {t('welfare.changeEmployee')}
                  </Button>
                ),
              },
            ]),
      ]}
    />
  )
}
