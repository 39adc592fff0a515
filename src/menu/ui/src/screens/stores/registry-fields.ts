import { useText, useWord } from '../../i18n/useText.ts'
import type { Answer } from '../../api/call.ts'
import type { RecordField } from './RecordDialog.tsx'

type Store = Pick<Answer<'stores.show'>, 'name' | 'timeZone' | 'language' | 'state'>
type Terminal = Pick<
  Answer<'terminals.show'>,
  'state' | 'confirmation' | 'characterSet' | 'language' | 'unauthenticated'
>

const NEW_STORE: Store = { name: '', timeZone: 'Europe/Warsaw', language: 'pl', state: 'open' }
const NEW_TERMINAL: Terminal = {
  state: 'active',
  confirmation: 'explicit',
  characterSet: 'ascii',
  language: 'store',
  unauthenticated: false,
}
const CHARACTER_SETS = ['ascii', 'iso-8859-2', 'windows-1250', 'cp852', 'utf-8']

const choices = (word: ReturnType<typeof useWord>, prefix: string, values: readonly string[]) =>
  values.map((value) => ({ value, label: word(prefix, value) }))

/** The fields of an existing store, or of a new one. */
export function useStoreFields(store: Store | null): readonly RecordField[] {
  const t = useText()
  const word = useWord()
  const { name, timeZone, language, state } = store ?? NEW_STORE
  return [
    ...(store === null ? [{ name: 'store', label: t('store.code'), value: '' }] : []),
    { name: 'name', label: t('registry.name'), value: name },
    ...(store === null ? [{ name: 'currency', label: t('store.currency'), value: '985' }] : []),
    { name: 'time-zone', label: t('store.timeZone'), value: timeZone },
    { name: 'language', label: t('store.language'), value: language, options: choices(word, 'language', ['pl', 'en']) },
    ...(store === null
      ? []
      : [
          {
            name: 'state',
            label: t('field.state'),
            value: state,
            options: (['open', 'closed'] as const).map((one) => ({ value: one, label: t(`storeState.${one}`) })),
          },
        ]),
  ]
}

export function useTerminalFields(
  terminal: Terminal | null,
  stores: readonly { readonly code: string; readonly name: string }[] = [],
): readonly RecordField[] {
  const t = useText()
  const word = useWord()
  const { state, confirmation, characterSet, language, unauthenticated } = terminal ?? NEW_TERMINAL
  return [
    ...(terminal === null
      ? [
          { name: 'terminal', label: t('store.code'), value: '' },
          {
            name: 'store',
            label: t('field.store'),
            value: '',
            options: ['', ...stores.map(({ code, name }) => ({ value: code, label: `${code} ${name}` }))],
          },
        ]
      : [
          {
            name: 'state',
            label: t('field.state'),
            value: state,
            options: (['active', 'inactive'] as const).map((one) => ({ value: one, label: t(`terminalState.${one}`) })),
          },
        ]),
    {
      name: 'confirmation',
      label: t('terminal.confirmation'),
      value: confirmation,
      options: choices(word, 'confirmation', ['explicit', 'next', 'none']),
    },
    { name: 'character-set', label: t('terminal.characterSet'), value: characterSet, options: CHARACTER_SETS },
    {
      name: 'language',
      label: t('terminal.language'),
      value: language,
      options: choices(word, 'language', ['store', 'pl', 'en']),
    },
    {
      name: 'unauthenticated',
      label: t('terminal.unauthenticated'),
      value: unauthenticated ? 'yes' : 'no',
      options: (['yes', 'no'] as const).map((one) => ({ value: one, label: t(`word.${one}`) })),
    },
  ]
}
