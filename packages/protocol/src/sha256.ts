/**
 * SHA-256 (FIPS 180-4), synchronous, for what both sides of the wire hash: the one
 * of browsers is asynchronous. Not for bulk: it is an order of magnitude slower than a native one.
 */
export function sha256(bytes: Uint8Array): Uint8Array {
  const state = Uint32Array.from(initial)
  const schedule = new Uint32Array(64)
  const padded = pad(bytes)
  for (let at = 0; at < padded.length; at += 64) compress(state, schedule, new DataView(padded.buffer, at, 64))
  const out = new DataView(new ArrayBuffer(32))
  state.forEach((word, i) => out.setUint32(4 * i, word))
  return new Uint8Array(out.buffer)
}

/** The message, one bit, zeros, and the length in bits as 64 bits: whole blocks of 64 bytes. */
function pad(bytes: Uint8Array): Uint8Array {
  const padded = new Uint8Array(64 * Math.ceil((bytes.length + 9) / 64))
  padded.set(bytes)
  padded[bytes.length] = 0x80
  const end = new DataView(padded.buffer, padded.length - 8)
  end.setUint32(0, Math.floor(bytes.length / 2 ** 29))
  end.setUint32(4, (bytes.length * 8) >>> 0)
  return padded
}

function compress(state: Uint32Array, w: Uint32Array, block: DataView): void {
  for (let i = 0; i < 16; i++) w[i] = block.getUint32(4 * i)
  for (let i = 16; i < 64; i++)
    w[i] = small1(word(w, i - 2)) + word(w, i - 7) + small0(word(w, i - 15)) + word(w, i - 16)
  let [a, b, c, d, e, f, g, h] = state as unknown as Eight
  for (let i = 0; i < 64; i++) {
    const first = (h + big1(e) + ((e & f) ^ (~e & g)) + word(constants, i) + word(w, i)) | 0
    const second = (big0(a) + ((a & b) ^ (a & c) ^ (b & c))) | 0
    h = g
    g = f
    f = e
    e = (d + first) | 0
    d = c
    c = b
    b = a
    a = (first + second) | 0
  }
  for (const [i, value] of [a, b, c, d, e, f, g, h].entries()) state[i] = word(state, i) + value
}

type Eight = [number, number, number, number, number, number, number, number]

const word = (words: Uint32Array, i: number): number => words[i] ?? 0
const rotate = (x: number, by: number): number => (x >>> by) | (x << (32 - by))
const big0 = (x: number): number => rotate(x, 2) ^ rotate(x, 13) ^ rotate(x, 22)
const big1 = (x: number): number => rotate(x, 6) ^ rotate(x, 11) ^ rotate(x, 25)
const small0 = (x: number): number => rotate(x, 7) ^ rotate(x, 18) ^ (x >>> 3)
const small1 = (x: number): number => rotate(x, 17) ^ rotate(x, 19) ^ (x >>> 10)

/** The first 64 primes; hash and round constants are the fractions of their square and cube roots. */
const primes = Array.from({ length: 312 }, (_, n) => n).filter((n) => n > 1 && !hasDivisor(n))
const initial = Uint32Array.from(primes.slice(0, 8), (prime) => fraction(Math.sqrt(prime)))
const constants = Uint32Array.from(primes, (prime) => fraction(Math.cbrt(prime)))

function hasDivisor(n: number): boolean {
  for (let divisor = 2; divisor * divisor <= n; divisor++) if (n % divisor === 0) return true
  return false
}

function fraction(x: number): number {
  return ((x % 1) * 2 ** 32) >>> 0
}
