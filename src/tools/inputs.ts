import * as z from 'zod';
import { namespaceName, runtimeIds } from '../foundry/spec.ts';

/** Any text without control characters; it never becomes part of a URL or a command. */
export const context = z
  .string()
  .regex(/^[^\p{C}]+$/u, 'text in one line, without control characters')
  .max(253)
  .optional()
  .describe('kubeconfig context; default: the current one');

/** A DNS-1123 subdomain: deployments that others made may have dots. */
export const objectName = z
  .string()
  .regex(
    /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/,
    "lower-case letters, digits and '-' or '.' between them, at most 253 characters, such as qwen3-8b",
  )
  .max(253);

export const runtime = z.enum(runtimeIds);

/** How a tool that works on one deployment is told which. */
export const deploymentRef = {
  name: objectName,
  namespace: namespaceName.optional().describe('default: wherever it is'),
  runtime: runtime.optional(),
  context,
};
