import { TextInput } from '@mantine/core'
import { useState } from 'react'
import { type Answer, call } from '../../api/call.ts'
import form from '../../components/Form.module.css'
import { FormProblem } from '../../components/FormProblem.tsx'
import { problemText } from '../../components/problem-text.ts'
import { Status, type Tone } from '../../components/Status.tsx'
import { useText, useWord } from '../../i18n/useText.ts'
import { useScanner } from '../../keyboard/scanner.ts'
import classes from './ScanList.module.css'

export type Scanned = Answer<'packs.scan'> & { readonly at: number; readonly twice: boolean }

const TONES: Readonly<Record<string, Tone>> = { in_pack: 'good', fits: 'good' }
export const isGood = ({ finding, twice }: Scanned): boolean => !twice && TONES[finding] === 'good'

type Props = {
  of: { readonly pack: string } | { readonly issue: string }
  scans: readonly Scanned[]
  onScan: (scanned: Omit<Scanned, 'at' | 'twice'>) => void
}

/** Cards are scanned one after the other. Each is shown at once with its state, the latest at the top. */
export function ScanList({ of, scans, onScan }: Props) {
  const t = useText()
  const word = useWord()
  const [text, setText] = useState('')
  const [problem, setProblem] = useState<string | null>(null)
  const look = async (typed: string): Promise<void> => {
    setText('')
    if (typed.trim() === '') return
    setProblem(null)
    try {
      const target = 'pack' in of ? { pack: of.pack, issue: null } : { pack: null, issue: of.issue }
      onScan(await call('packs.scan', { body: { text: typed.trim(), ...target } }))
    } catch (error) {
      setProblem(problemText(error, t))
    }
  }
  useScanner(({ text: scanned }) => void look(scanned))
  return (
    <div className={form.form}>
      <TextInput
        data-autofocus
        label={t('pack.scan')}
        description={t('pack.scanHint')}
        autoComplete="off"
        spellCheck={false}
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Enter') return
          event.preventDefault()
          void look(text)
        }}
      />
      <FormProblem text={problem} />
      <p className={form.hint} role="status">
        {t('pack.scanned', { n: scans.filter(isGood).length })}
      </p>
      {scans.length > 0 && (
        <ol className={classes.scans} aria-label={t('pack.source.scan')} reversed>
          {scans.slice(0, 50).map((scan) => (
            <li key={scan.at}>
              <span>{scan.shown}</span>
              <Status tone={scan.twice ? 'warn' : (TONES[scan.finding] ?? 'bad')}>
                {scan.twice ? t('pack.twice') : word('finding', scan.finding)}
              </Status>
            </li>
          ))}
        </ol>
      )}
    </div>
  )
}

/** The scans, latest first. */
export function useScans() {
  const [scans, setScans] = useState<readonly Scanned[]>([])
  return {
    scans,
    handles: scans.filter(isGood).map(({ handle }) => handle),
    clear: () => setScans([]),
    add: (scan: Omit<Scanned, 'at' | 'twice'>) =>
      setScans((now) => [{ ...scan, at: now.length, twice: now.some(({ card }) => card === scan.card) }, ...now]),
  }
}
