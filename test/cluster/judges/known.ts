/** A difference between the sandbox and a real control plane that is left as it is. */
export interface Known {
  /** The lines in which it shows. */
  readonly lines: RegExp;
  readonly reason: string;
}

/**
 * Every known difference, for the commands that meet it. A test fails when one of them no longer shows.
 * `docs/decisions/0003-sandbox.md` tells of them.
 */
export const known = {
  kinds: {
    lines:
      /podtemplates|replicationcontrollers|admissionpolic|apiservices|apiregistration|autoscaling|cronjobs|certificate|flowcontrol|networking|runtimeclasses|node\.k8s|policy\/v1|disruptionbudgets|resource\.k8s|csi|volumeatt|componentstatuses/,
    reason: 'the sandbox serves the kinds that this program and its users meet',
  },
  descriptions: {
    lines: /^ {4}(?!A lamp)/,
    reason: 'the schemas of built-in kinds have no descriptions',
  },
  build: {
    lines: /git(Commit|TreeState)|goVersion|buildDate/,
    reason: 'no build of Kubernetes stands behind the sandbox',
  },
  registration: {
    lines: /RegisteredNode|^Events:|^ {2}(Type|-{4}) |No resources found|^NAMESPACE/,
    reason: 'no controller registers the nodes',
  },
  endpoints: {
    lines: /^endpoints/,
    reason: 'Services get EndpointSlices alone: Endpoints are deprecated',
  },
  slices: {
    lines: /annotations|last-change|generation:/,
    reason: 'EndpointSlices do not tell which change of a pod they follow',
  },
  wrongTypes: {
    lines: /./,
    reason: 'a patch that leaves a value of the wrong type is refused in the words for whole objects',
  },
} as const satisfies Readonly<Record<string, Known>>;
