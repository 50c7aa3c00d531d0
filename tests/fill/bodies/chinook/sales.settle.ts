    const invoice = await load(context, invoices, byKey(invoices, input.id), { lock: 'update' });
    const lines = await findMany(
      context,
      invoiceLines,
      sql`invoice_lines.invoice_id = ${invoice.id}::integer`,
    );
    ensure(lines.length > 0, 'EMPTY_INVOICE');
    const customer = await load(context, customers, byKey(customers, invoice.customer_id));
    const gross = lines.reduce(
      (total, line) => addDecimal(total, multiplyDecimal(line.unit_price, line.quantity)),
      '0',
    );
    const [reduced] = [
      ['25', '0.90'],
      ['10', '0.95'],
      ['0', '1'],
    ]
      .filter(([from = '']) => compareDecimal(gross, from) >= 0)
      .map(([, factor = '1']) => multiplyDecimal(gross, factor));
    const isTaxed = (invoice.billing_country ?? customer.country) === 'Germany';
    const taxes = isTaxed ? addDecimal(1, context.config.TAX_RATE) : '1';
    const total = roundDecimal(multiplyDecimal(reduced ?? gross, taxes), 2);
    return shape(context, invoiceView, await update(context, invoices, invoice, { total }));
