/**
 * Why bytes are no frame. `unknown-type` concerns a sound frame that this side does not know: drop it, answer
 * `unsupported`, go on. All other kinds end the connection with `closeCodeOf(kind)`.
 */
export type FrameError =
  | {
      readonly kind: 'bad-frame' | 'bad-id' | 'checksum' | 'too-large' | 'protocol-version'
      readonly message: string
    }
  | { readonly kind: 'unknown-type'; readonly message: string; readonly type: number }
