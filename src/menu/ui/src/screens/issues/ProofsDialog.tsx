import { Button, TextInput } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import { useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { type Answer, call, download } from '../../api/call.ts'
import { Dialog } from '../../components/Dialog.tsx'
import form from '../../components/Form.module.css'
import { FormProblem } from '../../components/FormProblem.tsx'
import { problemText } from '../../components/problem-text.ts'
import { useText } from '../../i18n/useText.ts'
import screens from '../screens.module.css'
import type { IssueRecord } from './issue-state.tsx'
import classes from './ProofsDialog.module.css'

type Pictures = Answer<'issues.proofs'>['items']

/** Barcodes of some cards in the page, to be looked at and scanned; more of them as a PDF. */
export function ProofsDialog({ issue, onClose }: { issue: IssueRecord; onClose: () => void }) {
  const t = useText()
  const client = useQueryClient()
  const [first, setFirst] = useState('1')
  const [last, setLast] = useState(String(Math.min(6, issue.count)))
  const [pictures, setPictures] = useState<Pictures>([])
  const [problem, setProblem] = useState<string | null>(null)
  const [busy, setBusy] = useState(false)
  const input = { params: { code: issue.code }, body: { first: Number(first), last: Number(last) } }
  const run = async (act: () => Promise<void>): Promise<void> => {
    setBusy(true)
    setProblem(null)
    try {
      await act()
      await client.invalidateQueries({ queryKey: ['issue', issue.code] })
    } catch (error) {
      setProblem(problemText(error, t))
    } finally {
      setBusy(false)
    }
  }
  const show = (event: FormEvent): void => {
    event.preventDefault()
    void run(async () => setPictures((await call('issues.proofs', input)).items))
  }
  return (
    <Dialog title={t('proofs.title', { code: issue.code })} size="52rem" onClose={onClose}>
      <form className={form.form} onSubmit={show}>
        <p>{t('proofs.lead')}</p>
        <div className={screens.row}>
          <TextInput
            data-autofocus
            label={t('field.from')}
            inputMode="numeric"
            value={first}
            onChange={(event) => setFirst(event.target.value)}
          />
          <TextInput
            label={t('field.to')}
            inputMode="numeric"
            value={last}
            onChange={(event) => setLast(event.target.value)}
          />
        </div>
        <FormProblem text={problem} />
        <Sheet pictures={pictures} />
        <div className={form.acts}>
          <Button
            leftSection={<IconDownload size={15} stroke={1.6} />}
            disabled={busy}
            onClick={() => void run(async () => void (await download('issues.proofFile', input)))}
          >
            {t('proofs.pdf')}
          </Button>
          <Button type="submit" variant="filled" loading={busy}>
            {t('step.proofs')}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}

function Sheet({ pictures }: { pictures: Pictures }) {
  const t = useText()
  if (pictures.length === 0) return null
  return (
    <ul className={classes.sheet} aria-label={t('proofs.pictures')}>
      {pictures.map(({ serial, shown, png }) => (
        <li key={serial} className={classes.proof}>
          <img src={`data:image/png;base64,${png}`} alt={t('proofs.shown', { serial, shown })} />
          <span aria-hidden>{t('proofs.shown', { serial, shown })}</span>
        </li>
      ))}
    </ul>
  )
}
