import { authApi } from '../api/auth.api.js';
import { endpoint } from '../client.js';
import type { Nothing } from '../types/api.types.js';

/** What people can do about their account. The refresh token stays in its cookie. */
export const authAPI = {
  register: authApi.registerUser,
  login: authApi.authenticateUser,
  logout: endpoint<Nothing, void>('post', '/auth/logout'),
  logoutEverywhere: authApi.signOutEverywhere,
  verifyEmail: authApi.verifyEmail,
  resendVerification: authApi.resendVerification,
  requestReset: authApi.requestReset,
  reset: authApi.resetPassword,
  me: authApi.me,
  devices: authApi.devices,
  revokeDevice: authApi.revokeDevice,
} as const;
