/** Asks the terminal to put the text into the user's clipboard (OSC 52); it works over ssh as well. */
export const clipboardSequence = (text: string): string =>
  `\u001b]52;c;${Buffer.from(text, 'utf8').toString('base64')}\u0007`;
