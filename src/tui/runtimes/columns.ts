import type { RuntimeStatus } from '../../foundry/runtimes.ts';
import { span } from '../text/line.ts';
import type { Column } from '../text/table.ts';
import { stateBadges } from './badges.ts';

export const runtimeColumns: readonly Column<RuntimeStatus>[] = [
  {
    id: 'name',
    title: 'RUNTIME',
    min: 8,
    max: 20,
    length: ({ name }) => name.length,
    priority: 0,
    cell: ({ name }) => span(name),
    sort: ({ name }) => name,
  },
  {
    id: 'state',
    title: 'STATE',
    min: 13,
    priority: 0,
    cell: ({ state }) => span(stateBadges[state].label, stateBadges[state].tone),
    sort: ({ state }) => state,
  },
  { id: 'version', title: 'VERSION', min: 8, priority: 1, cell: ({ version }) => span(version ?? '-') },
  { id: 'operator', title: 'OPERATOR', min: 8, priority: 3, cell: ({ operator }) => operatorCell(operator) },
  {
    id: 'served',
    title: 'CRD VERSIONS',
    min: 12,
    priority: 5,
    length: ({ apiVersions }) => apiVersions.join(', ').length,
    cell: ({ apiVersions }) => span(apiVersions.join(', ') || '-', 'dim'),
  },
  {
    id: 'namespace',
    title: 'NAMESPACE',
    min: 14,
    priority: 4,
    cell: ({ defaultNamespace }) => span(defaultNamespace, 'dim'),
  },
  {
    id: 'deployments',
    title: 'USED BY',
    min: 7,
    align: 'right',
    priority: 2,
    cell: ({ deployments }) => span(deployments === null ? '?' : String(deployments)),
  },
];

const operatorCell = (operator: RuntimeStatus['operator']) =>
  operator === null
    ? span('-', 'dim')
    : span(`${operator.ready}/${operator.desired}`, operator.ready < operator.desired ? 'warn' : undefined);
