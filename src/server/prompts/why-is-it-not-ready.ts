import * as z from 'zod';
import { diagnoseDeployment } from '../../tools/diagnose-deployment.ts';
import { deploymentRef } from '../../tools/inputs.ts';
import { lines } from '../../tools/text/words.ts';
import type { Prompt } from './prompt.ts';

const { name, namespace, runtime } = deploymentRef;
const input = z.object({ name, namespace, runtime });

export const whyIsItNotReady: Prompt<typeof input> = {
  name: 'why-is-it-not-ready',
  title: 'Why is it not ready?',
  description: 'Diagnoses one deployment and names its cure.',
  input,
  async message(ref, read) {
    const { text } = await read(diagnoseDeployment, ref);
    return lines(
      `Why is the deployment ${ref.name} not ready?`,
      `\n${text}`,
      `
1. Tell me the cause in one sentence, with its evidence.
2. Propose the fix of the first finding; carry it out when I agree.
3. Where the evidence is not enough: get_deployment_logs, then get_deployment with detail: true.
4. After a fix: diagnose_deployment once more. If it only waits, say for what and how long that is normal; do not poll.`,
    );
  },
};
