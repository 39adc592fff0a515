import { MultiSelect, NativeSelect, TextInput } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { type Answer, call } from '../../api/call.ts'
import { choicesQuery, reportsQuery } from '../../api/queries.ts'
import { announce } from '../../components/announcements.ts'
import { Dialog } from '../../components/Dialog.tsx'
import form from '../../components/Form.module.css'
import { FormActs } from '../../components/FormActs.tsx'
import { useSubmit } from '../../components/useSubmit.ts'
import { useLanguage } from '../../i18n/language.ts'
import { useFormat } from '../../i18n/useFormat.ts'
import { useLocalized, useText } from '../../i18n/useText.ts'

type Places = Pick<Answer<'schedules.list'>, 'directories' | 'mailDomains'>

const RHYTHMS = ['daily', 'weekly', 'monthly'] as const
const FORMATS = ['csv', 'xlsx', 'pdf', 'json'] as const
const DAYS = [1, 2, 3, 4, 5, 6, 7] as const
/** The option for mail among the directories; no name of a directory contains @. */
const MAIL = '@'

const NOTHING = {
  name: '',
  report: 'activity',
  rhythm: 'daily' as (typeof RHYTHMS)[number],
  onDay: 1,
  at: '06:00',
  zoneOf: '',
  stores: [] as string[],
  format: 'xlsx' as (typeof FORMATS)[number],
  address: '',
}
type Input = typeof NOTHING & { readonly language: 'en' | 'pl'; readonly place: string }
type Part = { readonly input: Input; readonly set: (part: Partial<Input>) => void }

const bodyOf = ({ name, report, rhythm, onDay, at, zoneOf, stores, format, language, place, address }: Input) => ({
  name: name.trim(),
  report,
  rhythm,
  onDay: rhythm === 'daily' ? 0 : onDay,
  at,
  zoneOf: zoneOf === '' ? null : zoneOf,
  stores: stores.length === 0 ? null : stores,
  issues: null,
  format,
  preset: language,
  language,
  place: place === MAIL ? ('mail' as const) : ('directory' as const),
  target: place === MAIL ? address.trim() : place,
})

export function AddSchedule({ places, onClose }: { places: Places; onClose: () => void }) {
  const t = useText()
  const format = useFormat()
  const client = useQueryClient()
  const language = useLanguage()
  const [input, setInput] = useState<Input>({ ...NOTHING, language, place: places.directories[0] ?? MAIL })
  const set: Part['set'] = (part) => setInput((now) => ({ ...now, ...part }))
  const { problem, busy, submit } = useSubmit(async () => {
    const { nextAt } = await call('schedules.add', { body: bodyOf(input) })
    await client.invalidateQueries({ queryKey: ['schedules'] })
    announce('good', t('schedules.added', { time: `${format.day(nextAt)}, ${format.clock(nextAt)}` }))
    onClose()
  })
  return (
    <Dialog title={t('schedules.add')} onClose={onClose}>
      <form className={form.form} onSubmit={submit}>
        <What input={input} set={set} />
        <When input={input} set={set} />
        <Where input={input} set={set} places={places} />
        <FormActs problem={problem} busy={busy} act={t('schedules.add')} onClose={onClose} />
      </form>
    </Dialog>
  )
}

function useStores(): { value: string; label: string }[] {
  const stores = useQuery(choicesQuery).data?.stores ?? []
  return stores.map(({ code, name }) => ({ value: code, label: `${name} (${code})` }))
}

function What({ input, set }: Part) {
  const t = useText()
  const localized = useLocalized()
  const reports = useQuery(reportsQuery).data?.items ?? []
  return (
    <>
      <TextInput
        data-autofocus
        label={t('schedules.name')}
        required
        maxLength={60}
        value={input.name}
        onChange={(event) => set({ name: event.target.value })}
      />
      <NativeSelect
        label={t('schedules.report')}
        value={input.report}
        onChange={(event) => set({ report: event.target.value })}
        data={reports.map(({ report, title }) => ({ value: report, label: localized(title) }))}
      />
      <MultiSelect
        label={t('field.store')}
        description={t('settlements.allStores')}
        searchable
        data={useStores()}
        value={input.stores}
        onChange={(stores) => set({ stores })}
      />
    </>
  )
}

function When({ input, set }: Part) {
  const t = useText()
  const stores = useStores()
  return (
    <>
      <NativeSelect
        label={t('schedules.rhythm')}
        value={input.rhythm}
        onChange={(event) => set({ rhythm: RHYTHMS.find((one) => one === event.target.value) ?? 'daily', onDay: 1 })}
        data={RHYTHMS.map((value) => ({ value, label: t(`schedules.${value}`) }))}
      />
      {input.rhythm === 'weekly' && (
        <NativeSelect
          label={t('schedules.weekday')}
          value={String(input.onDay)}
          onChange={(event) => set({ onDay: Number(event.target.value) })}
          data={DAYS.map((day) => ({ value: String(day), label: t(`schedules.day${day}`) }))}
        />
      )}
      {input.rhythm === 'monthly' && (
        <TextInput
          type="number"
          min={1}
          max={28}
          required
          label={t('schedules.monthday')}
          value={String(input.onDay)}
          onChange={(event) => set({ onDay: Number(event.target.value) })}
        />
      )}
      <TextInput
        type="time"
        required
        label={t('schedules.at')}
        value={input.at}
        onChange={(event) => set({ at: event.target.value })}
      />
      <NativeSelect
        label={t('schedules.zone')}
        value={input.zoneOf}
        onChange={(event) => set({ zoneOf: event.target.value })}
        data={[{ value: '', label: t('schedules.installation') }, ...stores]}
      />
    </>
  )
}

function Where({ input, set, places: { directories, mailDomains } }: Part & { places: Places }) {
  const t = useText()
  return (
    <>
      <NativeSelect
        label={t('schedules.format')}
        value={input.format}
        onChange={(event) => set({ format: FORMATS.find((one) => one === event.target.value) ?? 'csv' })}
        data={FORMATS.map((value) => ({ value, label: value.toUpperCase() }))}
      />
      <NativeSelect
        label={t('schedules.language')}
        value={input.language}
        onChange={(event) => set({ language: event.target.value === 'pl' ? 'pl' : 'en' })}
        data={[
          { value: 'pl', label: 'Polski' },
          { value: 'en', label: 'English' },
        ]}
      />
      <NativeSelect
        label={t('schedules.place')}
        value={input.place}
        onChange={(event) => set({ place: event.target.value })}
        data={[
          ...directories.map((name) => ({ value: name, label: t('schedules.directory', { name }) })),
          ...(mailDomains.length === 0 ? [] : [{ value: MAIL, label: t('schedules.byMail') }]),
        ]}
      />
      {input.place === MAIL && (
        <TextInput
          type="email"
          required
          maxLength={200}
          label={t('schedules.address')}
          description={t('schedules.domains', { domains: mailDomains.join(', ') })}
          value={input.address}
          onChange={(event) => set({ address: event.target.value })}
        />
      )}
    </>
  )
}
