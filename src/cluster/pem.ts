import { readFile } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import { badKubeconfig } from './kubeconfig.ts';

/** Where in a kubeconfig a certificate or key is named. */
export interface Place {
  readonly file: string;
  /** The folder that a relative path starts from. */
  readonly folder: string;
  /** The field that names the path; with `-data` behind it, the field with the content. */
  readonly field: string;
}

/**
 * The PEM text of a certificate or key, from its content in base64 (which wins, as in kubectl) or from its file.
 *
 * @throws FoundryError INPUT_INVALID naming the kubeconfig and the field
 */
export async function readPem(
  source: { data: string | null | undefined; path: string | null | undefined },
  { file, folder, field }: Place,
): Promise<string | undefined> {
  if (source.data) {
    const content = Buffer.from(source.data, 'base64').toString('utf8');
    if (content.includes('-----BEGIN ')) return content;
    throw badKubeconfig(file, `has a wrong field: ${field}-data: not PEM in base64`);
  }
  if (!source.path) return undefined;
  const content = await readReferenced(source.path, { file, folder, field });
  if (content.includes('-----BEGIN ')) return content;
  throw badKubeconfig(file, `has a wrong field: ${field}: ${source.path} is not PEM`);
}

/** The content of a file that a kubeconfig refers to. */
export async function readReferenced(path: string, { file, folder, field }: Place): Promise<string> {
  try {
    return await readFile(isAbsolute(path) ? path : join(folder, path), 'utf8');
  } catch (error) {
    const reason = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    throw badKubeconfig(file, `has a wrong field: ${field}: ${path} cannot be read (${reason})`, error);
  }
}
