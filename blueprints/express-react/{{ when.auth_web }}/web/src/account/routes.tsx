import { type ComponentType, lazy, type ReactNode } from 'react';
import type { RouteObject } from 'react-router';
import { GuestGuard } from '../components/AuthGuard.js';

/** A page that is loaded when it is first seen. */
function page(load: () => Promise<ComponentType>): ReactNode {
  const Loaded = lazy(async () => ({ default: await load() }));
  return <Loaded />;
}

const pages = {
  login: async () => (await import('../pages/account/login-page.js')).LoginPage,
  register: async () => (await import('../pages/account/register-page.js')).RegisterPage,
  verify: async () => (await import('../pages/account/verify-email-page.js')).VerifyEmailPage,
  resend: async () => (await import('../pages/account/resend-page.js')).ResendPage,
  request: async () => (await import('../pages/account/request-reset-page.js')).RequestResetPage,
  reset: async () => (await import('../pages/account/reset-password-page.js')).ResetPasswordPage,
  profile: async () => (await import('../pages/account/profile-page.js')).ProfilePage,
  devices: async () => (await import('../pages/account/devices-page.js')).DevicesPage,
} as const;

/** Pages that nobody has to be signed in for. */
export const openRoutes: readonly RouteObject[] = [
  { path: '/login', element: <GuestGuard>{page(pages.login)}</GuestGuard> },
  { path: '/register', element: <GuestGuard>{page(pages.register)}</GuestGuard> },
  { path: '/verify-email', element: page(pages.verify) },
  { path: '/resend-verification', element: page(pages.resend) },
  { path: '/request-reset', element: page(pages.request) },
  { path: '/reset-password', element: page(pages.reset) },
];

/** Pages about who is signed in. */
export const ownRoutes: readonly RouteObject[] = [
  { path: '/profile', element: page(pages.profile) },
  { path: '/devices', element: page(pages.devices) },
];
