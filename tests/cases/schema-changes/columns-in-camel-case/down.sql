ALTER TABLE labels RENAME COLUMN "createdAt" TO created_at;
ALTER TABLE labels RENAME COLUMN "updatedAt" TO updated_at;
ALTER TABLE lines RENAME COLUMN "itemName" TO item_name;
ALTER TABLE lines RENAME COLUMN "dueOn" TO due_on;
ALTER TABLE lines RENAME COLUMN "unitPriceMinor" TO unit_price_minor;
ALTER TABLE lines RENAME COLUMN "unitPriceCurrency" TO unit_price_currency;
ALTER TABLE lines RENAME COLUMN "goesOnId" TO goes_on_id;
ALTER TABLE lines RENAME COLUMN "nameAgain" TO name_again;
ALTER TABLE lines RENAME COLUMN "createdAt" TO created_at;
ALTER TABLE lines RENAME COLUMN "updatedAt" TO updated_at;
ALTER TABLE lines RENAME COLUMN "deletedAt" TO deleted_at;
ALTER TABLE line_label RENAME COLUMN "lineId" TO line_id;
ALTER TABLE line_label RENAME COLUMN "labelId" TO label_id;

ALTER TABLE lines RENAME CONSTRAINT "fk_lines_goesOnId" TO fk_lines_goes_on_id;
ALTER TABLE lines RENAME CONSTRAINT "ck_lines_unitPriceMinor_range" TO ck_lines_unit_price_minor_range;
ALTER TABLE lines RENAME CONSTRAINT "ck_lines_unitPriceCurrency_pattern" TO ck_lines_unit_price_currency_pattern;
ALTER INDEX "uq_lines_itemName" RENAME TO uq_lines_item_name;
ALTER INDEX "idx_lines_goesOnId" RENAME TO idx_lines_goes_on_id;
ALTER TABLE line_label RENAME CONSTRAINT "fk_line_label_lineId" TO fk_line_label_line_id;
ALTER TABLE line_label RENAME CONSTRAINT "fk_line_label_labelId" TO fk_line_label_label_id;
ALTER INDEX "idx_line_label_labelId" RENAME TO idx_line_label_label_id;

CREATE OR REPLACE FUNCTION compute_lines() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  new.name_again := new.item_name || new.item_name;
  RETURN new;
END
$$;

UPDATE lines SET name_again = name_again;
