/** Raised whenever the bytes of any frame change; a test pins the hash of all shapes beside it. */
export const protocolVersion = 1
