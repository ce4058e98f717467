import { randomBytes, randomUUID } from 'node:crypto';
import { createRequestStateCodec, type RequestStateCodec, type ServerContext } from '@modelcontextprotocol/server';
import { digestOf } from '../foundry/digest.ts';

/** What is asked: a plan (by its digest, which holds the uids of objects) of one call. */
interface Question {
  readonly tool: string;
  /** Digest of its arguments. */
  readonly input: string;
  readonly plan: string;
}

interface Asked extends Question {
  readonly id: string;
}

/** Seconds for which an answer counts. */
const patience = 600;

/** Questions to humans, kept in this process: each is answered once, within ten minutes, for the call that it was asked for. */
export interface Questions {
  /** A question to send along; comes back with the answer. */
  put(question: Question): Promise<string>;
  /** What came back; undefined where its time is over. Throws for what we never sent. */
  verify(state: string, context: ServerContext): Promise<unknown>;
  /** Whether this is the question that came back, answered for the first time. */
  isAnswered(question: Question, asked: unknown): boolean;
  /** Tells that the plan was shown where nobody could be asked. */
  show(question: Question): void;
  /** Whether that very plan was shown and not confirmed since. */
  isConfirmed(question: Question): boolean;
}

export function createQuestions(): Questions {
  // Made with the first question: it takes Web Crypto, which no start waits for.
  let made: RequestStateCodec<Asked> | undefined;
  const codec = () => {
    made ??= createRequestStateCodec<Asked>({ key: randomBytes(32), ttlSeconds: patience });
    return made;
  };
  const open = new Map<string, number>();

  const add = (key: string): void => {
    const now = Date.now();
    for (const [other, until] of open) if (until <= now) open.delete(other);
    open.set(key, now + patience * 1000);
  };
  const take = (key: string): boolean => {
    const until = open.get(key) ?? 0;
    open.delete(key);
    return until > Date.now();
  };
  const isAsked = (value: unknown): value is Asked => typeof value === 'object' && value !== null && 'id' in value;
  const keyOf = ({ tool, input, plan }: Question): string => digestOf({ tool, input, plan });

  return {
    put(question) {
      const id = randomUUID();
      add(id);
      return codec().mint({ ...question, id });
    },
    async verify(state, context) {
      try {
        return await codec().verify(state, context);
      } catch (error) {
        if (error instanceof Error && error.message === 'expired') return undefined;
        throw error;
      }
    },
    isAnswered: (question, asked) => isAsked(asked) && keyOf(asked) === keyOf(question) && take(asked.id),
    show: (question) => add(keyOf(question)),
    isConfirmed: (question) => take(keyOf(question)),
  };
}
