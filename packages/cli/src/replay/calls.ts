/**
 * What crosses between the session's parent process and its children. A call has one answer; a report is
 * sent by a child on its own. `Calls` types are written as functions: name, argument, result.
 */
export type Calls = Record<string, (argument: never) => unknown>
export type Argument<C extends Calls, K extends keyof C> = Parameters<C[K]>[0]
export type Answer<C extends Calls, K extends keyof C> = Awaited<ReturnType<C[K]>>

export type ToChild = { readonly call: number; readonly name: string; readonly argument: unknown }
export type ToParent<R> =
  | { readonly kind: 'answer'; readonly call: number; readonly value: unknown }
  | { readonly kind: 'failure'; readonly call: number; readonly message: string; readonly stack: string }
  | { readonly kind: 'report'; readonly report: R }
