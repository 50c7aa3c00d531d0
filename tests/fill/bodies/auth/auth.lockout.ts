  if (input.matches) {
    return { failedLoginAttempts: 0, accountLockedUntil: null };
  }
  const attempts = input.failedLoginAttempts + 1;
  if (attempts < context.config.LOCKOUT_AFTER) {
    return { failedLoginAttempts: attempts, accountLockedUntil: null };
  }
  const until = addInterval(context.now, context.config.LOCKOUT_FOR);
  return { failedLoginAttempts: 0, accountLockedUntil: iso(until) };
