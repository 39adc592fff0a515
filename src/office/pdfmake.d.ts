/** The parts of pdfmake that we use; the package has no types. */
declare module 'pdfmake' {
  type Content = string | readonly Content[] | { readonly [property: string]: unknown }
  type Definition = {
    readonly content: Content
    readonly defaultStyle: { readonly font: string; readonly fontSize: number }
    readonly info: { readonly title: string }
    readonly pageSize: 'A4'
    readonly pageOrientation?: 'portrait' | 'landscape'
    readonly pageMargins: number | readonly number[]
    readonly footer: (page: number, pages: number) => Content
  }
  type Fonts = Readonly<Record<string, { readonly normal: string; readonly bold: string }>>
  const pdfmake: {
    readonly setUrlAccessPolicy: (mayRead: (url: string) => boolean) => void
    readonly setLocalAccessPolicy: (mayRead: (path: string) => boolean) => void
    readonly setFonts: (fonts: Fonts) => void
    readonly createPdf: (definition: Definition) => { readonly getBuffer: () => Promise<Buffer> }
  }
  export default pdfmake
  export type { Content, Definition }
}
