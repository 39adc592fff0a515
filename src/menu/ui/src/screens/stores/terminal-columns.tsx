import { Link } from '@tanstack/react-router'
import type { Answer } from '../../api/call.ts'
import type { Column } from '../../components/DataTable.tsx'
import { Status } from '../../components/Status.tsx'
import { When } from '../../components/When.tsx'
import { useText, useWord } from '../../i18n/useText.ts'

export type TerminalRow = Answer<'terminals.list'>['items'][number]

export function TerminalState({ state, silent, canProve }: Pick<TerminalRow, 'state' | 'silent' | 'canProve'>) {
  const t = useText()
  if (state === 'active' && !canProve) return <Status tone="warn">{t('terminal.noProof')}</Status>
  if (silent) return <Status tone="warn">{t('terminalState.silent')}</Status>
  return <Status tone="plain">{t(`terminalState.${state}`)}</Status>
}

export function useTerminalColumns(): readonly Column<TerminalRow>[] {
  const t = useText()
  const word = useWord()
  return [
    {
      id: 'code',
      head: t('field.terminal'),
      cell: ({ code }) => (
        <Link to="/terminals/$code" params={{ code }}>
          {code}
        </Link>
      ),
    },
    { id: 'store', head: t('field.store'), grow: true, cell: ({ store }) => store.name },
    { id: 'state', head: t('field.state'), cell: (terminal) => <TerminalState {...terminal} /> },
    { id: 'mac', head: t('terminal.mac'), wideOnly: true, cell: ({ mac }) => word('mac', mac) },
    {
      id: 'confirmation',
      head: t('terminal.confirmation'),
      wideOnly: true,
      cell: ({ confirmation }) => word('confirmation', confirmation),
    },
    {
      id: 'lastAt',
      head: t('terminal.lastAt'),
      cell: ({ lastAt }) => (lastAt === null ? t('terminal.never') : <When at={lastAt} />),
    },
  ]
}
