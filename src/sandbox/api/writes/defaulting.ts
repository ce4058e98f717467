import { isObject, isText, type Json, type JsonObject, listOr, objectOr, textsOf } from '../objects/json.ts';
import { type ApiObject, withMetadata } from '../objects/object.ts';
import type { ServedResource } from '../objects/resource.ts';

const mapList = (list: Json | undefined, change: (item: JsonObject) => Json): readonly Json[] | undefined =>
  Array.isArray(list) ? listOr(list).map((item) => (isObject(item) ? change(item) : item)) : undefined;

/** `Always` for images without a tag or with `latest`, as tags move; else `IfNotPresent`. */
function pullPolicy(image: Json | undefined): string {
  const text = isText(image) ? image : '';
  const tag = /:([^/:@]+)$/.exec(text.split('@')[0] ?? '')?.[1];
  return text.includes('@') || (tag !== undefined && tag !== 'latest') ? 'IfNotPresent' : 'Always';
}

function container(spec: JsonObject): JsonObject {
  const resources = objectOr(spec.resources);
  const limits = objectOr(resources.limits);
  const requests = { ...limits, ...objectOr(resources.requests) };
  return {
    ...spec,
    imagePullPolicy: spec.imagePullPolicy ?? pullPolicy(spec.image),
    resources: Object.keys(requests).length === 0 ? resources : { ...resources, requests },
  };
}

const volume = (spec: JsonObject): JsonObject => (Object.keys(spec).length > 1 ? spec : { ...spec, emptyDir: {} });

/** What a pod's spec says by what it leaves out; a template's says the same. */
function podSpec(spec: Json | undefined): Json | undefined {
  if (!isObject(spec)) return spec;
  const account = spec.serviceAccountName ?? spec.serviceAccount;
  return {
    ...spec,
    containers: mapList(spec.containers, container) ?? spec.containers,
    initContainers: mapList(spec.initContainers, container) ?? spec.initContainers,
    volumes: mapList(spec.volumes, volume) ?? spec.volumes,
    ...(account === undefined ? {} : { serviceAccountName: account, serviceAccount: account }),
  };
}

function withTemplate(object: ApiObject): ApiObject {
  const spec = objectOr(object.spec);
  const template = objectOr(spec.template);
  if (spec.template === undefined) return object;
  return { ...object, spec: { ...spec, template: { ...template, spec: podSpec(template.spec) } } };
}

/** Pods of a Job are told apart by its uid, unless it has a selector of its own. */
function job(object: ApiObject): ApiObject {
  const spec = objectOr(object.spec);
  if (spec.manualSelector === true) return object;
  const { name, uid = '', labels } = object.metadata;
  const marks = { 'controller-uid': uid, 'job-name': name };
  const own = Object.fromEntries(
    Object.entries(marks).flatMap(([key, text]) => [
      [`batch.kubernetes.io/${key}`, text],
      [key, text],
    ]),
  );
  const template = objectOr(spec.template);
  const given = objectOr(template.metadata);
  const templateLabels = { ...textsOf(given.labels), ...own };
  const hasCount = spec.completions !== undefined || spec.parallelism !== undefined;
  return withMetadata(
    {
      ...object,
      spec: {
        ...spec,
        ...(hasCount ? { parallelism: spec.parallelism ?? 1 } : { completions: 1, parallelism: 1 }),
        manualSelector: false,
        selector: { matchLabels: { 'batch.kubernetes.io/controller-uid': uid } },
        template: { ...template, metadata: { ...given, labels: templateLabels } },
      },
    },
    { labels: Object.keys(labels ?? {}).length === 0 ? templateLabels : labels },
  );
}

function service(object: ApiObject): ApiObject {
  const spec = objectOr(object.spec);
  const ports = mapList(spec.ports, (port) => ({ ...port, targetPort: port.targetPort ?? port.port }));
  const isExternal = spec.type === 'ExternalName';
  return {
    ...object,
    spec: {
      ...spec,
      ports: ports ?? spec.ports,
      ...(isExternal ? {} : { internalTrafficPolicy: spec.internalTrafficPolicy ?? 'Cluster' }),
    },
  };
}

function secret(object: ApiObject): ApiObject {
  const { stringData } = object;
  const encoded = Object.entries(objectOr(stringData)).map(
    ([key, text]) => [key, Buffer.from(isText(text) ? text : '').toString('base64')] as const,
  );
  const data = { ...objectOr(object.data), ...Object.fromEntries(encoded) };
  return {
    ...object,
    stringData: undefined,
    ...(Object.keys(data).length === 0 ? {} : { data }),
    type: object.type ?? 'Opaque',
  };
}

function definition(object: ApiObject): ApiObject {
  const spec = objectOr(object.spec);
  const names = objectOr(spec.names);
  const kind = isText(names.kind) ? names.kind : '';
  return {
    ...object,
    spec: {
      ...spec,
      conversion: spec.conversion ?? { strategy: 'None' },
      names: {
        ...names,
        listKind: names.listKind ?? `${kind}List`,
        singular: names.singular ?? kind.toLowerCase(),
      },
    },
  };
}

/** Defaults that depend on what else is said, and so cannot stand in the schema. */
export function defaulted({ table }: ServedResource, object: ApiObject): ApiObject {
  switch (table) {
    case 'namespaces': {
      const name = { 'kubernetes.io/metadata.name': object.metadata.name };
      return withMetadata(object, { labels: { ...object.metadata.labels, ...name } });
    }
    case 'pods': {
      const spec = podSpec(object.spec);
      return { ...object, spec: isObject(spec) ? { enableServiceLinks: true, ...spec } : spec };
    }
    case 'deployments.apps':
    case 'replicasets.apps':
    case 'statefulsets.apps':
    case 'daemonsets.apps':
      return withTemplate(object);
    case 'jobs.batch':
      return withTemplate(job(object));
    case 'services':
      return service(object);
    case 'secrets':
      return secret(object);
    case 'customresourcedefinitions.apiextensions.k8s.io':
      return definition(object);
    default:
      return object;
  }
}
