import { isRefused } from '../../office/refusal.ts'
import { changeSettings, SETTING_NAMES, SETTINGS, showSettings } from '../../office/settings.ts'
import type { Handlers } from '../call.ts'

type SettingRoutes = Pick<Handlers, 'settings.show' | 'settings.change'>

export const settingRoutes: SettingRoutes = {
  async 'settings.show'({ office, actor, parts }) {
    const view = await showSettings(office, actor)
    if (isRefused(view)) return view
    return {
      items: SETTING_NAMES.map((name) => {
        const { text, unit, minimum, maximum, relaxes } = SETTINGS[name]
        return { name, text: { ...text }, value: String(view.values[name]), unit, minimum, maximum, relaxes }
      }),
      recipients: [...view.recipients],
      mail: parts.mails,
    }
  },
  async 'settings.change'({ office, actor, body }) {
    const waiting = await changeSettings(office, actor, {
      values: body.values ?? {},
      recipients: body.recipients ?? null,
    })
    if (isRefused(waiting)) return waiting
    return { done: waiting.length === 0, approvals: waiting.map((id) => `setting-${id}`) }
  },
}
