import type { ReactNode } from 'react';
import type { OpenConnection } from '../data/connection.ts';
import { DeploymentScreen } from '../deployments/detail-screen.tsx';
import { DeploymentsScreen } from '../deployments/list-screen.tsx';
import { DeployScreen } from '../form/screen.tsx';
import { RuntimeScreen } from '../runtimes/detail-screen.tsx';
import { RuntimesScreen } from '../runtimes/list-screen.tsx';
import type { PlaceOf, ScreenName } from '../state/navigation.ts';

/** What a screen gets. It fills exactly `height` rows. */
export interface ScreenProps<Name extends ScreenName> {
  readonly place: PlaceOf<Name>;
  readonly connection: OpenConnection;
  readonly width: number;
  readonly height: number;
}

/** Every screen by its name in `state/navigation.ts`. */
export const screens: { readonly [Name in ScreenName]: (props: ScreenProps<Name>) => ReactNode } = {
  runtimes: RuntimesScreen,
  runtime: RuntimeScreen,
  deployments: DeploymentsScreen,
  deployment: DeploymentScreen,
  deploy: DeployScreen,
};
