import type { KubernetesObject } from '../../kubernetes.ts';

/** The part of a structural OpenAPI schema that our short CRDs use. */
export interface Schema {
  readonly type?: 'object' | 'array' | 'string' | 'integer' | 'boolean';
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly additionalProperties?: Schema;
  readonly enum?: readonly string[];
  readonly pattern?: string;
  readonly minimum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly maxItems?: number;
  readonly default?: unknown;
  readonly anyOf?: readonly Schema[];
  readonly 'x-kubernetes-int-or-string'?: true;
  readonly 'x-kubernetes-preserve-unknown-fields'?: true;
  readonly 'x-kubernetes-list-type'?: 'map';
  readonly 'x-kubernetes-list-map-keys'?: readonly string[];
}

type Properties = Readonly<Record<string, Schema>>;

export const text: Schema = { type: 'string' };
export const flag: Schema = { type: 'boolean' };
export const whole: Schema = { type: 'integer' };
export const count: Schema = { type: 'integer', minimum: 0 };
export const quantity: Schema = {
  anyOf: [{ type: 'integer' }, { type: 'string' }],
  'x-kubernetes-int-or-string': true,
};
/** An object whose fields we do not spell out, such as a pod template. */
export const free: Schema = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };

export const choice = (...values: readonly string[]): Schema => ({ type: 'string', enum: values });
export const listOf = (items: Schema): Schema => ({ type: 'array', items });
export const mapOf = (additionalProperties: Schema): Schema => ({ type: 'object', additionalProperties });
export const object = (properties: Properties, required?: readonly string[]): Schema =>
  required === undefined ? { type: 'object', properties } : { type: 'object', properties, required };
/** A list that server-side apply merges by a key. */
export const listBy = (key: string, items: Schema): Schema => ({
  type: 'array',
  items,
  'x-kubernetes-list-type': 'map',
  'x-kubernetes-list-map-keys': [key],
});

export const conditions: Schema = listBy(
  'type',
  object(
    {
      type: text,
      status: choice('True', 'False', 'Unknown'),
      reason: text,
      message: text,
      observedGeneration: count,
      lastTransitionTime: text,
    },
    ['type', 'status', 'reason', 'message', 'lastTransitionTime'],
  ),
);

export interface Names {
  readonly group: string;
  readonly kind: string;
  readonly plural: string;
  readonly shortNames?: readonly string[];
}

/** A namespaced CRD that serves and stores one version, with a status subresource. */
export function definition(
  names: Names,
  version: string,
  fields: { readonly spec: Schema; readonly status: Schema; readonly scale?: true },
  annotations: Readonly<Record<string, string>> = {},
): KubernetesObject {
  const scale = {
    specReplicasPath: '.spec.replicas',
    statusReplicasPath: '.status.replicas',
    labelSelectorPath: '.status.selector',
  };
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${names.plural}.${names.group}`, annotations },
    spec: {
      group: names.group,
      scope: 'Namespaced',
      names: {
        kind: names.kind,
        listKind: `${names.kind}List`,
        plural: names.plural,
        singular: names.kind.toLowerCase(),
        ...(names.shortNames === undefined ? {} : { shortNames: names.shortNames }),
      },
      conversion: { strategy: 'None' },
      versions: [
        {
          name: version,
          served: true,
          storage: true,
          subresources: { status: {}, ...(fields.scale ? { scale } : {}) },
          schema: {
            openAPIV3Schema: object({
              apiVersion: text,
              kind: text,
              metadata: { type: 'object' },
              spec: fields.spec,
              status: fields.status,
            }),
          },
        },
      ],
    },
  };
}
