import * as z from 'zod';

// zod would write a parser for each schema when it is first used, and most are used once.
z.config({ jitless: true });
