import { Button, NativeSelect, Progress } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { type Answer, call } from '../api/call.ts'
import { Dialog } from '../components/Dialog.tsx'
import { Facts } from '../components/Facts.tsx'
import form from '../components/Form.module.css'
import { FormActs } from '../components/FormActs.tsx'
import { problemText } from '../components/problem-text.ts'
import { useFormat } from '../i18n/useFormat.ts'
import { useText } from '../i18n/useText.ts'

type Props = {
  list: 'cards' | 'transactions'
  query: string
  columns: readonly string[]
  /** Only these cards. */
  cards?: readonly string[] | undefined
  onClose: () => void
}

const FORMATS = [
  { value: 'csv', label: 'CSV' },
  { value: 'xlsx', label: 'XLSX' },
] as const
const LOOK_EVERY_MS = 500

/** A file of what the list shows, made by the server from the same filter at one instant. */
export function ExportDialog({ list, query, columns, cards, onClose }: Props) {
  const t = useText()
  const [format, setFormat] = useState<'csv' | 'xlsx'>('csv')
  const [id, setId] = useState<string | null>(null)
  const [problem, setProblem] = useState<string | null>(null)
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    setProblem(null)
    try {
      const chosen = cards === undefined ? {} : { cards: [...cards] }
      setId((await call('exports.make', { body: { list, query, columns: [...columns], format, ...chosen } })).id)
    } catch (error) {
      setProblem(problemText(error, t))
    }
  }
  return (
    <Dialog title={t('export.title')} onClose={onClose}>
      {id === null ? (
        <form className={form.form} onSubmit={(event) => void submit(event)}>
          <p>{t('export.lead')}</p>
          <NativeSelect
            data-autofocus
            label={t('field.format')}
            data={FORMATS.map(({ value, label }) => ({ value, label }))}
            value={format}
            onChange={(event) => setFormat(event.target.value === 'xlsx' ? 'xlsx' : 'csv')}
          />
          <FormActs problem={problem} act={t('act.export')} onClose={onClose} />
        </form>
      ) : (
        <Outcome id={id} onClose={onClose} />
      )}
    </Dialog>
  )
}

type Made = Answer<'exports.show'>
const OVER: readonly Made['state'][] = ['done', 'failed', 'cancelled']
const isOver = (state: Made['state'] | undefined): boolean => state !== undefined && OVER.includes(state)

function Outcome({ id, onClose }: { id: string; onClose: () => void }) {
  const { data, error } = useQuery({
    queryKey: ['export', id],
    queryFn: ({ signal }) => call('exports.show', { params: { id }, signal }),
    refetchInterval: (query) => (isOver(query.state.data?.state) ? false : LOOK_EVERY_MS),
  })
  const t = useText()
  if (error !== null) return <p role="alert">{problemText(error, t)}</p>
  if (data === undefined || !isOver(data.state)) return <Running id={id} made={data} onClose={onClose} />
  return <Over made={data} onClose={onClose} />
}

function Running({ id, made, onClose }: { id: string; made: Made | undefined; onClose: () => void }) {
  const t = useText()
  const format = useFormat()
  const [cancelling, setCancelling] = useState(false)
  const [rows, total] = [made?.rows ?? 0, made?.total ?? null]
  const cancel = async (): Promise<void> => {
    setCancelling(true)
    // If it has already ended, the next look shows it.
    await call('exports.cancel', { params: { id } }).catch(() => undefined)
  }
  return (
    <div className={form.form}>
      <p role="status">
        {total === null
          ? t('export.counting')
          : t('export.running', { rows: format.count(rows), total: format.count(total) })}
      </p>
      <Progress value={total === null ? 0 : (rows / Math.max(1, total)) * 100} aria-label={t('export.progress')} />
      <p className={form.hint}>{t('export.later')}</p>
      <div className={form.acts}>
        <Button onClick={() => void cancel()} loading={cancelling}>
          {t('export.cancel')}
        </Button>
        <Button onClick={onClose}>{t('act.close')}</Button>
      </div>
    </div>
  )
}

function Over({ made, onClose }: { made: Made; onClose: () => void }) {
  const t = useText()
  const format = useFormat()
  return (
    <div className={form.form}>
      {made.state === 'done' ? (
        <Facts
          facts={[
            [t('export.file'), made.fileName],
            [t('export.rows'), format.count(made.rows)],
            ...made.sums.map((sum) => [t('export.sum'), format.money(sum)] as const),
            ['SHA-256', made.sha256 ?? '–'],
          ]}
        />
      ) : (
        <p role="alert" className={made.state === 'failed' ? form.problem : undefined}>
          {made.state === 'failed' ? made.trouble : t('export.cancelled')}
        </p>
      )}
      <div className={form.acts}>
        <Button onClick={onClose}>{t('act.close')}</Button>
        {made.file !== null && (
          <Button
            component="a"
            href={made.file}
            download={made.fileName}
            variant="filled"
            leftSection={<IconDownload size={15} />}
          >
            {t('export.download')}
          </Button>
        )}
      </div>
    </div>
  )
}
