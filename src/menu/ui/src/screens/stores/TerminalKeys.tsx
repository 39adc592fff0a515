import { Button } from '@mantine/core'
import { useMay } from '../../api/session.ts'
import { Facts } from '../../components/Facts.tsx'
import { Panel } from '../../components/Panel.tsx'
import { useText, useWord } from '../../i18n/useText.ts'
import classes from '../screens.module.css'
import type { TerminalAct, TerminalRecord } from './terminal-record.ts'

type Props = { terminal: TerminalRecord; onAct: (act: TerminalAct) => void }

/** The terminal's keys by their check values, and the actions that need two people. */
export function Keys({ terminal: { keys, mac, macRequired, keyChanges }, onAct }: Props) {
  const t = useText()
  const word = useWord()
  const may = useMay()
  if (keys === null) return null
  const acts: readonly (readonly [TerminalAct, string])[] = [
    ['give', t('key.give')],
    ...(keys.length === 0 ? [] : [['remove', t('key.remove')] as const]),
    ...(mac === 'none' ? [] : [['policy', t(macRequired ? 'key.optionalMac' : 'key.requireMac')] as const]),
  ]
  const [last] = keyChanges
  return (
    <Panel title={t('terminal.keys')} note={t('terminal.keysNote')}>
      {keys.length === 0 ? (
        <p className={classes.small}>{t('terminal.noKeys')}</p>
      ) : (
        <Facts
          facts={keys.map(({ purpose, algorithm, checkValue, state }) => [
            word('keyPurpose', purpose),
            [algorithm, checkValue, state].filter(Boolean).join(' · '),
          ])}
        />
      )}
      {last !== undefined && (
        <p className={classes.small}>
          {[
            word('keyAction', last.action),
            last.purpose === null ? '' : word('keyPurpose', last.purpose),
            last.who,
            last.note,
          ]
            .filter(Boolean)
            .join(' · ')}
        </p>
      )}
      {may('terminals.keys') && (
        <div className={classes.row}>
          {acts.map(([act, name]) => (
            <Button key={act} size="compact-sm" className={classes.asks ?? ''} onClick={() => onAct(act)}>
              {name}
            </Button>
          ))}
        </div>
      )}
    </Panel>
  )
}

/** The certificates of which the terminal's lines must present one: its own, and those of its store. */
export function Bindings({ terminal: { bindings, keys }, onAct }: Props) {
  const t = useText()
  const may = useMay()
  if (keys === null && bindings.length === 0) return null
  return (
    <Panel title={t('terminal.bindings')}>
      {bindings.length === 0 ? (
        <p className={classes.small}>{t('terminal.noBindings')}</p>
      ) : (
        <Facts
          facts={bindings.map(({ what, by, name }) => [
            t(`terminal.by.${by}`),
            what === 'store' ? `${name} (${t('terminal.ofStore')})` : name,
          ])}
        />
      )}
      {may('terminals.keys') && (
        <div className={classes.row}>
          <Button size="compact-sm" className={classes.asks ?? ''} onClick={() => onAct('bind')}>
            {t('terminal.bind')}
          </Button>
        </div>
      )}
    </Panel>
  )
}
