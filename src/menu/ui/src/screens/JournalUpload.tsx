import { FileInput, NativeSelect } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { type Answer, call } from '../api/call.ts'
import { Dialog } from '../components/Dialog.tsx'
import form from '../components/Form.module.css'
import { FormActs } from '../components/FormActs.tsx'
import { useSubmit } from '../components/useSubmit.ts'
import { useText } from '../i18n/useText.ts'
import { stores } from '../lists/card-criteria.ts'
import { useWording } from '../lists/useWording.ts'
import classes from './JournalUpload.module.css'

/** The compared values of a till's journal. */
const MEANINGS = ['terminal', 'stan', 'time', 'amount', 'lastFour', 'outcome'] as const
type Mapping = Record<string, string>
type Read = Answer<'journals.upload'>
type Upload = { readonly store: string; readonly fileName: string; readonly content: string }

const MAX_BYTES = 6_000_000

/** A till's journal: the file, then which column is what (remembered for the store), then its matches on a page of their own. */
export function JournalUpload({ onClose }: { onClose: () => void }) {
  const t = useText()
  const [upload, setUpload] = useState<Upload | null>(null)
  const [read, setRead] = useState<Read | null>(null)
  return (
    <Dialog title={t('journal.match')} size="44rem" onClose={onClose}>
      {upload === null || read === null ? (
        <ChooseFile
          onRead={(next, answer) => {
            setUpload(next)
            setRead(answer)
          }}
          onClose={onClose}
        />
      ) : (
        <MapColumns upload={upload} read={read} onClose={onClose} />
      )}
    </Dialog>
  )
}

type ChooseProps = { onRead: (upload: Upload, read: Read) => void; onClose: () => void }

function ChooseFile({ onRead, onClose }: ChooseProps) {
  const wording = useWording()
  const { t, choices } = wording
  const [store, setStore] = useState(choices.stores[0]?.code ?? '')
  const [file, setFile] = useState<File | null>(null)
  const isTooLarge = file !== null && file.size > MAX_BYTES
  const { problem, busy, submit } = useSubmit(async () => {
    if (file === null || isTooLarge) return
    const upload = { store, fileName: file.name, content: await base64(file) }
    onRead(upload, await call('journals.upload', { body: upload }))
  })
  return (
    <form className={form.form} onSubmit={submit}>
      <p>{t('journal.lead')}</p>
      <NativeSelect
        data-autofocus
        label={t('field.store')}
        value={store}
        onChange={(event) => setStore(event.target.value)}
        data={[...stores(wording)]}
      />
      <FileInput
        placeholder={t('file.choose')}
        label={t('journal.file')}
        description={t('journal.fileHint')}
        accept=".csv,.xlsx,text/csv"
        clearable
        required
        error={isTooLarge && t('journal.tooLarge')}
        value={file}
        onChange={setFile}
        clearButtonProps={{ 'aria-label': t('act.remove') }}
      />
      <FormActs problem={problem} busy={busy} disabled={file === null} act={t('journal.read')} onClose={onClose} />
    </form>
  )
}

function MapColumns({ upload, read, onClose }: { upload: Upload; read: Read; onClose: () => void }) {
  const t = useText()
  const navigate = useNavigate()
  const { data: known } = useQuery({
    queryKey: ['journal-mapping', upload.store],
    queryFn: () => call('journals.mapping', { params: { store: upload.store } }),
  })
  const [chosen, setChosen] = useState<Mapping>({})
  const remembered = read.mapping ?? known?.mapping ?? {}
  const mapping: Mapping = Object.fromEntries(
    MEANINGS.flatMap((meaning) => {
      const column = chosen[meaning] ?? remembered[meaning] ?? guess(meaning, read.columns)
      return column !== undefined && read.columns.includes(column) ? [[meaning, column]] : []
    }),
  )
  const { problem, busy, submit } = useSubmit(async () => {
    const { id } = await call('journals.upload', { body: { ...upload, mapping } })
    if (id !== null) await navigate({ to: '/journals/$id', params: { id } })
  })
  return (
    <form className={form.form} onSubmit={submit}>
      <p>{t('journal.mapLead')}</p>
      <div className={classes.mapping}>
        {MEANINGS.map((meaning) => (
          <NativeSelect
            key={meaning}
            label={t(`journal.${meaning}`)}
            value={mapping[meaning] ?? ''}
            onChange={(event) => setChosen((now) => ({ ...now, [meaning]: event.target.value }))}
            data={[
              { value: '', label: t('journal.noColumn') },
              ...read.columns.map((column) => ({ value: column, label: column })),
            ]}
          />
        ))}
      </div>
      <Sample read={read} />
      <FormActs problem={problem} busy={busy} act={t('journal.compare')} onClose={onClose} />
    </form>
  )
}

function Sample({ read: { columns, sample } }: { read: Read }) {
  const t = useText()
  return (
    <div className={classes.sample} tabIndex={0} role="region" aria-label={t('journal.sample')}>
      <table aria-label={t('journal.sample')}>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column} scope="col">
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {sample.slice(0, 4).map((row, index) => (
            <tr key={index}>
              {columns.map((column, at) => (
                <td key={column}>{row[at]}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

/** Their usual headings, in English and Polish. */
const USUAL: Record<(typeof MEANINGS)[number], RegExp> = {
  terminal: /termin|kasa|till|pos/i,
  stan: /stan$|stan\b|trace/i,
  time: /time|czas|data|date|godz/i,
  amount: /amount|kwota|sum|warto/i,
  lastFour: /last|card|karta|pan|końc/i,
  outcome: /outcome|result|status|wynik|stan tr/i,
}

const guess = (meaning: (typeof MEANINGS)[number], columns: readonly string[]): string | undefined =>
  columns.find((column) => column === meaning) ?? columns.find((column) => USUAL[meaning].test(column))

async function base64(file: File): Promise<string> {
  const bytes = new Uint8Array(await file.arrayBuffer())
  const parts: string[] = []
  for (let at = 0; at < bytes.length; at += 0x8000) parts.push(String.fromCharCode(...bytes.subarray(at, at + 0x8000)))
  return btoa(parts.join(''))
}
