  const employee = await load(context, employees, byKey(employees, input.id));
  const own = await findMany(
    context,
    customers,
    sql`customers.support_rep_id = ${employee.id}::integer`,
  );
  const supported = new Set(own.map(({ id }) => id));
  const from = new Date(Date.UTC(input.year, input.month - 1, 1));
  const until = new Date(Date.UTC(input.year, input.month, 1));
  const ofMonth = await findMany(
    context,
    invoices,
    sql`invoices.invoice_date >= ${from}::timestamptz and invoices.invoice_date < ${until}::timestamptz`,
  );
  const sales = ofMonth
    .filter((invoice) => supported.has(invoice.customer_id))
    .reduce((total, invoice) => addDecimal(total, invoice.total), '0');
  const beyond = subtractDecimal(sales, context.config.SALES_TARGET);
  const more = compareDecimal(beyond, 0) > 0 ? multiplyDecimal(beyond, '0.02') : '0';
  return {
    sales: toDecimal(sales, 12, 2),
    commission: roundDecimal(addDecimal(multiplyDecimal(sales, '0.03'), more), 2),
  };
