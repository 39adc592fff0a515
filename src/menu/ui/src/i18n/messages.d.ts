declare module 'messages:en' {
  import type { MessageFormatElement } from 'react-intl'
  const messages: Record<string, MessageFormatElement[]>
  export default messages
}
declare module 'messages:pl' {
  import type { MessageFormatElement } from 'react-intl'
  const messages: Record<string, MessageFormatElement[]>
  export default messages
}
