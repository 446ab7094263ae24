declare module 'virtual:route-table' {
  import type { RouteTable } from './api/client.ts';
  export const routeTable: RouteTable;
}
