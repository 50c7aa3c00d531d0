  const customer = await load(context, customers, byKey(customers, input.id));
  const own = await findMany(
    context,
    invoices,
    sql`invoices.customer_id = ${customer.id}::integer`,
  );
  const paid = new Set(own.map(({ id }) => id));
  const all = await findMany(context, tracks, sql`true`, { order: sql`tracks.id` });
  const genres = new Map(all.map((track) => [track.id, track.genre_id]));
  const sold = new Map<number, number>();
  const has = new Set<number>();
  const liked = new Map<number | null, number>();
  for (const line of await findMany(context, invoiceLines, sql`true`)) {
    sold.set(line.track_id, (sold.get(line.track_id) ?? 0) + line.quantity);
    if (paid.has(line.invoice_id)) {
      const genre = genres.get(line.track_id) ?? null;
      liked.set(genre, (liked.get(genre) ?? 0) + line.quantity);
      has.add(line.track_id);
    }
  }
  const favourite = [...liked].sort(([, one], [, other]) => other - one).at(0);
  const best = all
    .filter(
      (track) => !has.has(track.id) && (favourite === undefined || track.genre_id === favourite[0]),
    )
    .sort((one, other) => (sold.get(other.id) ?? 0) - (sold.get(one.id) ?? 0))
    .slice(0, 3);
  return shapeMany(context, trackView, best);
