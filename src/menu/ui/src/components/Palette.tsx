import { Kbd, Modal } from '@mantine/core'
import { IconSearch } from '@tabler/icons-react'
import { useNavigate } from '@tanstack/react-router'
import { type KeyboardEvent, useEffect, useId, useState } from 'react'
import { useMay } from '../api/session.ts'
import { useSignOut } from '../api/sign-out.ts'
import { usePreferences } from '../api/preferences.ts'
import { useFind } from '../find.ts'
import { useLanguage } from '../i18n/language.ts'
import type { TextId } from '../i18n/texts.ts'
import { useText } from '../i18n/useText.ts'
import { useFocusBack } from '../keyboard/useFocusBack.ts'
import { PAGES } from '../pages.ts'
import { announce } from './announcements.ts'
import { pageActions, recentRecords } from './palette-entries.ts'
import classes from './Palette.module.css'

type Entry = {
  readonly group: TextId
  readonly name: string
  readonly hint?: string
  readonly run: () => void
}

const SHOWN = 40

export function Palette({ onClose }: { onClose: () => void }) {
  const t = useText()
  useFocusBack()
  return (
    <Modal.Root opened onClose={onClose} size="36rem" yOffset="12vh" padding={0}>
      <Modal.Overlay backgroundOpacity={1} color="var(--ak-veil)" />
      <Modal.Content aria-label={t('palette.label')}>
        <PaletteBody onClose={onClose} />
      </Modal.Content>
    </Modal.Root>
  )
}

function PaletteBody({ onClose }: { onClose: () => void }) {
  const t = useText()
  const listId = useId()
  const [asked, setAsked] = useState('')
  const [chosen, setChosen] = useState(0)
  const entries = useMatching(asked)

  const open = (entry: Entry | undefined): void => {
    if (entry === undefined) return
    onClose()
    entry.run()
  }
  const onKey = (event: KeyboardEvent): void => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (step !== undefined && entries.length > 0) {
      event.preventDefault()
      setChosen((now) => (now + step + entries.length) % entries.length)
    }
    if (event.key === 'Enter') {
      event.preventDefault()
      open(entries[chosen])
    }
  }

  return (
    <>
      <div className={classes.ask}>
        <IconSearch size={18} stroke={1.6} aria-hidden />
        <input
          data-autofocus
          role="combobox"
          aria-expanded
          aria-controls={listId}
          aria-activedescendant={entries[chosen] ? `${listId}-${chosen}` : undefined}
          aria-label={t('palette.ask')}
          placeholder={t('palette.ask')}
          autoComplete="off"
          value={asked}
          onChange={(event) => {
            setAsked(event.target.value)
            setChosen(0)
          }}
          onKeyDown={onKey}
        />
      </div>
      <Entries id={listId} entries={entries} chosen={chosen} onChoose={setChosen} onOpen={open} />
      <p className={classes.foot}>
        {t('palette.foot')} <Kbd size="xs">Ctrl K</Kbd>
      </p>
    </>
  )
}

type EntriesProps = {
  id: string
  entries: readonly Entry[]
  chosen: number
  onChoose: (index: number) => void
  onOpen: (entry: Entry) => void
}

function Entries({ id, entries, chosen, onChoose, onOpen }: EntriesProps) {
  const t = useText()
  useEffect(() => {
    // No expression body: newer browsers return a promise here, which an effect must not return.
    document.getElementById(`${id}-${chosen}`)?.scrollIntoView({ block: 'nearest' })
  }, [id, chosen])
  return (
    <div id={id} role="listbox" aria-label={t('palette.label')} className={classes.list}>
      {entries.map((entry, index) => (
        <div key={`${entry.group}${entry.name}`} role="presentation">
          {entries[index - 1]?.group !== entry.group && (
            <p className={classes.group} role="presentation">
              {t(entry.group)}
            </p>
          )}
          <div
            id={`${id}-${index}`}
            role="option"
            aria-selected={index === chosen}
            className={classes.entry}
            onClick={() => onOpen(entry)}
            onMouseMove={() => onChoose(index)}
          >
            <span className={classes.name}>{entry.name}</span>
            {entry.hint !== undefined && <span className={classes.hint}>{entry.hint}</span>}
          </div>
        </div>
      ))}
    </div>
  )
}

/** `wyjasn` finds Wyjaśnienia, because people who type fast omit the marks of Polish letters. */
const folded = (text: string): string => text.toLowerCase().normalize('NFD').replace(/\p{M}/gu, '').replaceAll('ł', 'l')

/** Actions of the page first, then pages and recent records; any other text is searched for. */
function useMatching(asked: string): readonly Entry[] {
  const t = useText()
  const find = useFind()
  const all = useEntries()
  const text = asked.trim()
  const matching = all.filter(({ name }) => folded(name).includes(folded(text))).slice(0, SHOWN)
  if (text === '') return matching
  const look: Entry = {
    group: 'palette.find',
    name: t('palette.findText', { text }),
    run: () => void find(text, 'typed').catch((error: Error) => announce('bad', error.message)),
  }
  return [...matching, look]
}

function useEntries(): readonly Entry[] {
  const t = useText()
  const may = useMay()
  const navigate = useNavigate()
  const language = useLanguage()
  const { setLanguage, toggleTheme } = usePreferences()
  const signOut = useSignOut()
  const pages = PAGES.filter(({ rights }) => rights === null || may(...rights))
  return [
    ...pageActions().map(({ name, hint, run }): Entry => ({
      group: 'palette.here',
      name,
      run,
      ...(hint !== undefined && { hint }),
    })),
    ...pages.map(({ to, text, key }): Entry => ({
      group: 'palette.pages',
      name: t(text),
      hint: `g ${key}`,
      run: () => void navigate({ to }),
    })),
    ...recentRecords().map(({ name, hint, to }): Entry => ({
      group: 'palette.records',
      name,
      hint,
      run: () => void navigate({ to }),
    })),
    { group: 'palette.actions', name: t('top.language'), run: () => setLanguage(language === 'en' ? 'pl' : 'en') },
    { group: 'palette.actions', name: t('top.theme'), run: toggleTheme },
    { group: 'palette.actions', name: t('sign.out'), run: signOut },
  ]
}
