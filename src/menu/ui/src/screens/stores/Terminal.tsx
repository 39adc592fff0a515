import { Button } from '@mantine/core'
import { useSuspenseQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { lazy, Suspense, useState } from 'react'
import { terminalQuery } from '../../api/queries.ts'
import { useMay } from '../../api/session.ts'
import { Callout } from '../../components/Callout.tsx'
import { type Fact, Facts } from '../../components/Facts.tsx'
import { PageHead } from '../../components/PageHead.tsx'
import { useRecent } from '../../components/palette-entries.ts'
import { Panel } from '../../components/Panel.tsx'
import { When } from '../../components/When.tsx'
import { useText, useWord } from '../../i18n/useText.ts'
import classes from '../screens.module.css'
import { Changes } from './Changes.tsx'
import { DayEnds, DayTotals } from './DayTotals.tsx'
import { Bindings, Keys } from './TerminalKeys.tsx'
import { TerminalState } from './terminal-columns.tsx'
import type { TerminalAct, TerminalRecord } from './terminal-record.ts'

const TerminalDialog = lazy(() => import('./TerminalDialog.tsx').then((module) => ({ default: module.TerminalDialog })))

const REFRESH_MS = 10_000

/** One till: today's totals, its authentication, and its changes. */
export function Terminal() {
  const t = useText()
  const may = useMay()
  const { code = '' } = useParams({ strict: false })
  const terminal = useSuspenseQuery({ ...terminalQuery(code), refetchInterval: REFRESH_MS }).data
  const [asking, setAsking] = useState<TerminalAct | null>(null)
  useRecent({ name: code, hint: terminal.store.name, to: `/terminals/${code}` })
  return (
    <>
      <PageHead
        parent={{ to: '/terminals', label: t('page.terminals') }}
        title={code}
        status={<TerminalState {...terminal} />}
        facts={
          <Link to="/stores/$code" params={{ code: terminal.store.code }}>
            {terminal.store.name}
          </Link>
        }
        actions={
          may('terminals.edit') && (
            <>
              <Button className={classes.asks ?? ''} onClick={() => setAsking('signOn')}>
                {t(terminal.signOn ? 'terminal.noDemand' : 'terminal.demand')}
              </Button>
              <Button className={classes.asks ?? ''} onClick={() => setAsking('edit')}>
                {t('terminal.edit')}
              </Button>
            </>
          )
        }
      />
      <div className={classes.record}>
        <div className={classes.stack}>
          <Warning terminal={terminal} />
          <DayTotals day={terminal.day} />
          <DayEnds dayEnds={terminal.dayEnds} />
          <Changes changes={terminal.changes} />
        </div>
        <div className={classes.stack}>
          <Panel title={t('terminal.about')}>
            <Facts facts={useAbout(terminal)} />
          </Panel>
          <Keys terminal={terminal} onAct={setAsking} />
          <Bindings terminal={terminal} onAct={setAsking} />
        </div>
      </div>
      <Suspense>
        {asking !== null && <TerminalDialog act={asking} terminal={terminal} onClose={() => setAsking(null)} />}
      </Suspense>
    </>
  )
}

function Warning({ terminal: { state, canProve, silent } }: { terminal: TerminalRecord }) {
  const t = useText()
  if (state === 'active' && !canProve) {
    return (
      <Callout tone="warn" title={t('terminal.noProof')}>
        {t('terminal.noProofText')}
      </Callout>
    )
  }
  if (!silent) return null
  return (
    <Callout tone="warn" title={t('terminal.silent')}>
      {t('terminal.silentText')}
    </Callout>
  )
}

function useAbout(terminal: TerminalRecord): readonly Fact[] {
  const t = useText()
  const word = useWord()
  const { mac, macRequired, lastAt, confirmation, characterSet, language, unauthenticated, signOn } = terminal
  return [
    [t('terminal.lastAt'), lastAt === null ? t('terminal.never') : <When key="last" at={lastAt} />],
    [t('terminal.mac'), word('mac', mac) + (mac !== 'none' && macRequired ? `, ${t('terminal.macRequired')}` : '')],
    [t('terminal.signOn'), t(signOn ? 'terminal.demanded' : 'terminal.notDemanded')],
    [t('terminal.confirmation'), word('confirmation', confirmation)],
    [t('terminal.characterSet'), characterSet],
    [t('terminal.language'), word('language', language)],
    [t('terminal.unauthenticated'), t(unauthenticated ? 'word.yes' : 'word.no')],
  ]
}
