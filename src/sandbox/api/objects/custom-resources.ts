import { envelope } from '../schema/builtin.ts';
import { readSchema } from '../schema/read.ts';
import type { Schema } from '../schema/schema.ts';
import { at, isObject, isText, type Json, listOr, objectOr, textOr } from './json.ts';
import type { ApiObject } from './object.ts';
import type { Column, ScalePaths, ServedResource } from './resource.ts';

/** In the order in which the real server lists them. */
const customVerbs = ['delete', 'deletecollection', 'get', 'list', 'patch', 'create', 'update', 'watch'] as const;

const textsIn = (value: Json | undefined): readonly string[] => listOr(value).filter(isText);

const columnsIn = (value: Json | undefined): readonly Column[] | undefined => {
  const columns = listOr(value).filter(isObject);
  if (columns.length === 0) return undefined;
  return columns.map((column) => ({
    name: textOr(column.name),
    type: textOr(column.type),
    format: isText(column.format) ? column.format : undefined,
    description: isText(column.description) ? column.description : undefined,
    priority: typeof column.priority === 'number' ? column.priority : undefined,
    jsonPath: textOr(column.jsonPath),
  }));
};

const scaleIn = (value: Json | undefined): ScalePaths | undefined => {
  if (!isObject(value)) return undefined;
  return {
    specReplicasPath: textOr(value.specReplicasPath),
    statusReplicasPath: textOr(value.statusReplicasPath),
    labelSelectorPath: isText(value.labelSelectorPath) ? value.labelSelectorPath : undefined,
  };
};

function customSchema(value: Json | undefined): Schema {
  const schema = readSchema(value);
  return { ...schema, type: 'object', properties: { ...schema.properties, ...envelope } };
}

/** The resources that a CustomResourceDefinition makes, one for each version that it serves. */
export function resourcesOf(definition: ApiObject): readonly ServedResource[] {
  const group = textOr(at(definition, 'spec', 'group'));
  const names = objectOr(at(definition, 'spec', 'names'));
  const kind = textOr(names.kind);
  const plural = textOr(names.plural);
  const versions = listOr(at(definition, 'spec', 'versions')).filter(isObject);
  const storage = versions.find((version) => version.storage === true);
  return versions
    .filter((version) => version.served === true)
    .map((version) => {
      const subresources = objectOr(version.subresources);
      return {
        group,
        version: textOr(version.name),
        kind,
        listKind: textOr(names.listKind) || `${kind}List`,
        plural,
        singular: textOr(names.singular) || kind.toLowerCase(),
        shortNames: textsIn(names.shortNames),
        categories: textsIn(names.categories),
        namespaced: at(definition, 'spec', 'scope') === 'Namespaced',
        verbs: customVerbs,
        subresources: ['status', 'scale'].filter(
          (name) => subresources[name] !== undefined && subresources[name] !== null,
        ),
        table: `${plural}.${group}`,
        storedAs: `${group}/${textOr(storage?.name)}`,
        custom: true,
        schema: customSchema(at(version, 'schema', 'openAPIV3Schema')),
        columns: columnsIn(version.additionalPrinterColumns),
        scale: scaleIn(subresources.scale),
      };
    });
}
