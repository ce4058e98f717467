import type { Command } from './commands.ts';

const robot = '--as=system:serviceaccount:judged:robot';

/** Who may do what, in a namespace of its own. */
export const accessCommands: readonly Command[] = [
  { line: 'create namespace judged' },
  { line: 'create namespace judged', fails: true },
  { line: 'get namespace judged -o yaml --show-managed-fields' },
  { line: 'describe namespace judged' },
  { line: 'get serviceaccounts,configmaps -n judged' },
  { line: 'get configmap kube-root-ca.crt -n judged -o jsonpath={.metadata.annotations}' },
  { line: 'create serviceaccount robot -n judged' },
  { line: 'create role reader -n judged --verb=get,list --resource=pods,deployments.apps' },
  { line: 'create rolebinding reader -n judged --role=reader --serviceaccount=judged:robot' },
  { line: 'get serviceaccount,role,rolebinding -n judged -o wide' },
  { line: 'describe role reader -n judged' },
  { line: 'describe rolebinding reader -n judged' },
  { line: 'auth can-i list pods' },
  { line: `auth can-i list pods -n judged ${robot}` },
  { line: `auth can-i get deployments.apps -n judged ${robot}` },
  { line: `auth can-i delete pods -n judged ${robot}`, fails: true },
  { line: `auth can-i --list -n judged ${robot}`, unordered: true },
  { line: `get pods -n judged ${robot}` },
  { line: `get secrets -n judged ${robot}`, fails: true },
  { line: `get nodes ${robot}`, fails: true },
  { line: `delete role reader -n judged ${robot}`, fails: true },
  { line: 'auth whoami --as=jane --as-group=devs' },
  { line: 'get clusterrole cluster-admin -o yaml' },
  { line: 'get clusterrolebinding cluster-admin -o wide' },
  { line: 'create token robot -n judged --duration=5s', fails: true },
  { line: 'create token nobody -n judged', fails: true },
  { line: 'create secret generic key -n judged --from-literal=a=b' },
  { line: 'describe secret key -n judged' },
  { line: 'get secret key -n judged -o jsonpath={.data.a}' },
];
