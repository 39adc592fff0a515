import { Button, MultiSelect, NativeSelect, TextInput } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { type Answer, call } from '../../api/call.ts'
import { choicesQuery, reportsQuery } from '../../api/queries.ts'
import { announce } from '../../components/announcements.ts'
import { Dialog } from '../../components/Dialog.tsx'
import form from '../../components/Form.module.css'
import { useSubmit } from '../../components/useSubmit.ts'
import { useLanguage } from '../../i18n/language.ts'
import { useFormat } from '../../i18n/useFormat.ts'
import { useSaid, useText } from '../../i18n/useText.ts'
import { Failed } from '../welfare/ListUpload.tsx'

type Places = Pick<Answer<'schedules.list'>, 'directories' | 'mailDomains'>

const RHYTHMS = ['daily', 'weekly', 'monthly'] as const
const FORMATS = ['csv', 'xlsx', 'pdf', 'json'] as const
const DAYS = [1, 2, 3, 4, 5, 6, 7] as const
/** What stands for mail among the directories, whose names have no @. */
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
type Wish = typeof NOTHING & { readonly language: 'en' | 'pl'; readonly place: string }
type Part = { readonly wish: Wish; readonly set: (part: Partial<Wish>) => void }

const bodyOf = ({ name, report, rhythm, onDay, at, zoneOf, stores, format, language, place, address }: Wish) => ({
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
  const [wish, setWish] = useState<Wish>({ ...NOTHING, language, place: places.directories[0] ?? MAIL })
  const set: Part['set'] = (part) => setWish((now) => ({ ...now, ...part }))
  const { problem, busy, submit } = useSubmit(async () => {
    const { nextAt } = await call('schedules.add', { body: bodyOf(wish) })
    await client.invalidateQueries({ queryKey: ['schedules'] })
    announce('good', t('schedules.added', { time: `${format.day(nextAt)}, ${format.clock(nextAt)}` }))
    onClose()
  })
  return (
    <Dialog title={t('schedules.add')} onClose={onClose}>
      <form className={form.form} onSubmit={submit}>
        <What wish={wish} set={set} />
        <When wish={wish} set={set} />
        <Where wish={wish} set={set} places={places} />
        <Failed>{problem}</Failed>
        <div className={form.acts}>
          <Button onClick={onClose}>{t('act.cancel')}</Button>
          <Button type="submit" variant="filled" loading={busy}>
            {t('schedules.add')}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}

function useStores(): { value: string; label: string }[] {
  const stores = useQuery(choicesQuery).data?.stores ?? []
  return stores.map(({ code, name }) => ({ value: code, label: `${name} (${code})` }))
}

function What({ wish, set }: Part) {
  const t = useText()
  const said = useSaid()
  const reports = useQuery(reportsQuery).data?.items ?? []
  return (
    <>
      <TextInput
        data-autofocus
        label={t('schedules.name')}
        required
        maxLength={60}
        value={wish.name}
        onChange={(event) => set({ name: event.target.value })}
      />
      <NativeSelect
        label={t('schedules.report')}
        value={wish.report}
        onChange={(event) => set({ report: event.target.value })}
        data={reports.map(({ report, title }) => ({ value: report, label: said(title) }))}
      />
      <MultiSelect
        label={t('field.store')}
        description={t('settlements.allStores')}
        searchable
        data={useStores()}
        value={wish.stores}
        onChange={(stores) => set({ stores })}
      />
    </>
  )
}

function When({ wish, set }: Part) {
  const t = useText()
  const stores = useStores()
  return (
    <>
      <NativeSelect
        label={t('schedules.rhythm')}
        value={wish.rhythm}
        onChange={(event) => set({ rhythm: RHYTHMS.find((one) => one === event.target.value) ?? 'daily', onDay: 1 })}
        data={RHYTHMS.map((value) => ({ value, label: t(`schedules.${value}`) }))}
      />
      {wish.rhythm === 'weekly' && (
        <NativeSelect
          label={t('schedules.weekday')}
          value={String(wish.onDay)}
          onChange={(event) => set({ onDay: Number(event.target.value) })}
          data={DAYS.map((day) => ({ value: String(day), label: t(`schedules.day${day}`) }))}
        />
      )}
      {wish.rhythm === 'monthly' && (
        <TextInput
          type="number"
          min={1}
          max={28}
          required
          label={t('schedules.monthday')}
          value={String(wish.onDay)}
          onChange={(event) => set({ onDay: Number(event.target.value) })}
        />
      )}
      <TextInput
        type="time"
        required
        label={t('schedules.at')}
        value={wish.at}
        onChange={(event) => set({ at: event.target.value })}
      />
      <NativeSelect
        label={t('schedules.zone')}
        value={wish.zoneOf}
        onChange={(event) => set({ zoneOf: event.target.value })}
        data={[{ value: '', label: t('schedules.installation') }, ...stores]}
      />
    </>
  )
}

function Where({ wish, set, places: { directories, mailDomains } }: Part & { places: Places }) {
  const t = useText()
  return (
    <>
      <NativeSelect
        label={t('schedules.format')}
        value={wish.format}
        onChange={(event) => set({ format: FORMATS.find((one) => one === event.target.value) ?? 'csv' })}
        data={FORMATS.map((value) => ({ value, label: value.toUpperCase() }))}
      />
      <NativeSelect
        label={t('schedules.language')}
        value={wish.language}
        onChange={(event) => set({ language: event.target.value === 'pl' ? 'pl' : 'en' })}
        data={[
          { value: 'pl', label: 'Polski' },
          { value: 'en', label: 'English' },
        ]}
      />
      <NativeSelect
        label={t('schedules.place')}
        value={wish.place}
        onChange={(event) => set({ place: event.target.value })}
        data={[
          ...directories.map((name) => ({ value: name, label: t('schedules.directory', { name }) })),
          ...(mailDomains.length === 0 ? [] : [{ value: MAIL, label: t('schedules.byMail') }]),
        ]}
      />
      {wish.place === MAIL && (
        <TextInput
          type="email"
          required
          maxLength={200}
          label={t('schedules.address')}
          description={t('schedules.domains', { domains: mailDomains.join(', ') })}
          value={wish.address}
          onChange={(event) => set({ address: event.target.value })}
        />
      )}
    </>
  )
}
