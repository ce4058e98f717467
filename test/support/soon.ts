/** How long a test waits for what comes by itself: much longer than it takes, as others use the cores too. */
export const soon = { timeout: 10_000 };
