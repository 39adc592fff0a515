import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'
import { budget } from './build-steps/budget.ts'
import { messages } from './build-steps/messages.ts'
import { shellWorker } from './build-steps/shell-worker.ts'

export default defineConfig({
  plugins: [react(), messages(), shellWorker(), budget()],
  resolve: {
    alias: {
      // Messages are compiled ahead (build-steps/messages.ts), so the browser needs no parser.
      '@formatjs/icu-messageformat-parser': '@formatjs/icu-messageformat-parser/no-parser.js',
    },
  },
  build: {
    outDir: '../../../build/menu-ui',
    emptyOutDir: true,
    // A data: URL as an image is allowed by the Content-Security-Policy, one as a font is not.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
})
