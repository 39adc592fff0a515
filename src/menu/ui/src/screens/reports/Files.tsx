import { Button, Menu } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import { useText } from '../../i18n/useText.ts'

const FILES = [
  { label: 'CSV', query: 'format=csv' },
  { text: 'reports.csvPolish', query: 'format=csv&preset=pl' },
  { text: 'reports.csvOld', query: 'format=csv&preset=windows-1250' },
  { label: 'XLSX', query: 'format=xlsx' },
  { label: 'PDF', query: 'format=pdf' },
] as const

/** The page's data as a file. @param name of the button, if a page has several */
export function Files({ path, query = '', name }: { path: string; query?: string; name?: string }) {
  const t = useText()
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button leftSection={<IconDownload size={15} stroke={1.6} />}>{name ?? t('reports.files')}</Button>
      </Menu.Target>
      <Menu.Dropdown>
        {FILES.map((file) => (
          <Menu.Item
            key={file.query}
            component="a"
            href={`${path}?${query === '' ? '' : `${query}&`}${file.query}`}
            download
          >
            {'text' in file ? t(file.text) : file.label}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}
