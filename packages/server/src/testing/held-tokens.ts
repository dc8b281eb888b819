import { plainTokens } from './plain-tokens.ts'

export interface HeldTokens {
  readonly factory: typeof plainTokens
  readonly asked: readonly string[]
  hold(): void
  release(): void
}

/** Tokens whose answers wait until they are released. */
export function heldTokens(): HeldTokens {
  const asked: string[] = []
  let open = (): void => undefined
  let gate = new Promise<void>((resolve) => (open = resolve))
  return {
    asked,
    factory: (clock) => async (token) => {
      asked.push(token)
      await gate
      return plainTokens(clock)(token)
    },
    hold: () => {
      gate = new Promise((resolve) => (open = resolve))
    },
    release: () => open(),
  }
}
