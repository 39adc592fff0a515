import { Button, NativeSelect, Progress } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { type Answer, call } from '../api/call.ts'
import { Dialog } from '../components/Dialog.tsx'
import { Facts } from '../components/Facts.tsx'
import form from '../components/Form.module.css'
import { problemText } from '../components/problem-text.ts'
import { useFormat } from '../i18n/useFormat.ts'
import { useText } from '../i18n/useText.ts'

type Props = {
  list: 'cards' | 'transactions'
  query: string
  columns: readonly string[]
  onClose: () => void
}

const FORMATS = [
  { value: 'csv', label: 'CSV' },
  { value: 'xlsx', label: 'XLSX' },
] as const
const LOOK_EVERY_MS = 500

/** A file of what the list shows, made by the server from the same filter at one instant. */
export function ExportDialog({ list, query, columns, onClose }: Props) {
  const t = useText()
  const [format, setFormat] = useState<'csv' | 'xlsx'>('csv')
  const [id, setId] = useState<string | null>(null)
  const [problem, setProblem] = useState<string | null>(null)
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    setProblem(null)
    try {
      setId((await call('exports.make', { body: { list, query, columns: [...columns], format } })).id)
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
          {problem !== null && (
            <p role="alert" className={form.problem}>
              {problem}
            </p>
          )}
          <div className={form.acts}>
            <Button onClick={onClose}>{t('act.cancel')}</Button>
            <Button type="submit" variant="filled">
              {t('act.export')}
            </Button>
          </div>
        </form>
      ) : (
        <Outcome id={id} onClose={onClose} />
      )}
    </Dialog>
  )
}

const isOver = (state: Answer<'exports.show'>['state'] | undefined): boolean => state === 'done' || state === 'failed'

function Outcome({ id, onClose }: { id: string; onClose: () => void }) {
  const t = useText()
  const format = useFormat()
  const { data, error } = useQuery({
    queryKey: ['export', id],
    queryFn: ({ signal }) => call('exports.show', { params: { id }, signal }),
    refetchInterval: (query) => (isOver(query.state.data?.state) ? false : LOOK_EVERY_MS),
  })
  if (error !== null) return <p role="alert">{problemText(error, t)}</p>
  if (data === undefined || !isOver(data.state)) {
    const share = data === undefined || data.total === 0 ? 0 : (data.rows / data.total) * 100
    return (
      <div className={form.form}>
        <p role="status">
          {t('export.running', { rows: format.count(data?.rows ?? 0), total: format.count(data?.total ?? 0) })}
        </p>
        <Progress value={share} aria-label={t('export.progress')} />
        <p className={form.hint}>{t('export.later')}</p>
      </div>
    )
  }
  return (
    <div className={form.form}>
      {data.state === 'failed' ? (
        <p role="alert" className={form.problem}>
          {data.trouble}
        </p>
      ) : (
        <Facts
          facts={[
            [t('export.file'), data.fileName],
            [t('export.rows'), format.count(data.rows)],
            ...data.sums.map((sum) => [t('export.sum'), format.money(sum)] as const),
            ['SHA-256', data.sha256 ?? '–'],
          ]}
        />
      )}
      <div className={form.acts}>
        <Button onClick={onClose}>{t('act.close')}</Button>
        {data.file !== null && (
          <Button
            component="a"
            href={data.file}
            download={data.fileName}
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
