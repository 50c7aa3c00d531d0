    const since = addInterval(context.now, -context.config.DORMANT_AFTER);
    const last = sql`coalesce(users.last_login_at, users.created_at)`;
    const found = await findMany(context, users, sql`${last} < ${since}::timestamptz`, {
      order: sql`${last}, users.id`,
    });
    return shapeMany(context, dormantUserView, found);
