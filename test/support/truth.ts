import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseAllDocuments } from 'yaml';
import type { KubernetesObject } from '../../src/kubernetes.ts';
import { textAt, valueAt } from '../../src/kubernetes.ts';

const projectRoot = resolve(import.meta.dirname, '../..');

/**
 * The folder with recordings and CRDs of real operators: `KUBEFOUNDRY_TRUTH`, default `../shared` beside the project.
 * @throws where it is missing: the truth lane fails then, it never skips.
 */
export function truthFolder(...path: readonly string[]): string {
  const folder = resolve(projectRoot, process.env.KUBEFOUNDRY_TRUTH ?? '../shared', ...path);
  if (!existsSync(folder)) {
    throw new Error(
      `The truth lane reads ${folder}, which does not exist; set KUBEFOUNDRY_TRUTH to a folder that holds recordings/ and crds/.`,
    );
  }
  return folder;
}

export function foldersIn(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
}

export function filesIn(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.ya?ml$/.test(entry.name))
    .map((entry) => join(folder, entry.name))
    .sort();
}

/** Every document of a YAML stream, as plain data. */
export function yamlDocuments(file: string): readonly unknown[] {
  const documents = [];
  for (const document of parseAllDocuments(readFileSync(file, 'utf8'))) {
    const [error] = document.errors;
    if (error) throw new Error(`${file}: ${error.message}`);
    const content: unknown = document.toJS();
    if (content !== null && content !== undefined) documents.push(content);
  }
  return documents;
}

/** Whether a parsed document is a Kubernetes object: it says its version, kind and name. */
function isKubernetesObject(candidate: unknown): candidate is KubernetesObject {
  return (
    typeof valueAt(candidate, 'apiVersion') === 'string' &&
    typeof valueAt(candidate, 'kind') === 'string' &&
    textAt(candidate, 'metadata', 'name') !== undefined
  );
}

/** The Kubernetes objects of a YAML stream, in its order. */
export function kubernetesObjects(file: string): readonly KubernetesObject[] {
  return yamlDocuments(file).map((document) => {
    if (!isKubernetesObject(document)) throw new Error(`${file} holds something that is not a Kubernetes object`);
    return document;
  });
}
