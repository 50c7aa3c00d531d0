  const bought = await findMany(context, invoices, sql`invoices.total > 0`, {
    order: sql`invoices.invoice_date`,
  });
  const sums = new Map<number, { readonly spent: string; readonly last: Date }>();
  for (const { customer_id: id, total, invoice_date: last } of bought) {
    sums.set(id, { spent: addDecimal(sums.get(id)?.spent ?? '0', total), last });
  }
  const best = [...sums]
    .sort(
      ([, one], [, other]) =>
        compareDecimal(other.spent, one.spent) || intervalBetween(one.last, other.last),
    )
    .slice(0, input.limit)
    .map(([id]) => id);
  const found = await findMany(context, customers, sql`true`);
  const rows = best.flatMap((id) => found.filter((customer) => customer.id === id));
  return shapeMany(context, bestCustomerView, rows);
