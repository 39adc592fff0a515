import type { Capture } from './packet.ts'
import { pcapPackets } from './pcap.ts'
import { pcapngPackets } from './pcapng.ts'

/** The packets of a pcap or pcapng file; null for other files. */
export const readCapture = (file: Buffer): Capture | null => pcapPackets(file) ?? pcapngPackets(file)
