-- 0002_change_labels_and_lines_and_line_label
ALTER TABLE labels RENAME COLUMN created_at TO "createdAt";
ALTER TABLE labels RENAME COLUMN updated_at TO "updatedAt";
ALTER TABLE lines RENAME COLUMN item_name TO "itemName";
ALTER TABLE lines RENAME COLUMN due_on TO "dueOn";
ALTER TABLE lines RENAME COLUMN unit_price_minor TO "unitPriceMinor";
ALTER TABLE lines RENAME COLUMN unit_price_currency TO "unitPriceCurrency";
ALTER TABLE lines RENAME COLUMN goes_on_id TO "goesOnId";
ALTER TABLE lines RENAME COLUMN name_again TO "nameAgain";
ALTER TABLE lines RENAME COLUMN created_at TO "createdAt";
ALTER TABLE lines RENAME COLUMN updated_at TO "updatedAt";
ALTER TABLE lines RENAME COLUMN deleted_at TO "deletedAt";
ALTER TABLE line_label RENAME COLUMN line_id TO "lineId";
ALTER TABLE line_label RENAME COLUMN label_id TO "labelId";

ALTER TABLE lines RENAME CONSTRAINT fk_lines_goes_on_id TO "fk_lines_goesOnId";
ALTER TABLE lines RENAME CONSTRAINT ck_lines_unit_price_minor_range TO "ck_lines_unitPriceMinor_range";
ALTER TABLE lines RENAME CONSTRAINT ck_lines_unit_price_currency_pattern TO "ck_lines_unitPriceCurrency_pattern";
ALTER INDEX uq_lines_item_name RENAME TO "uq_lines_itemName";
ALTER INDEX idx_lines_goes_on_id RENAME TO "idx_lines_goesOnId";
ALTER TABLE line_label RENAME CONSTRAINT fk_line_label_line_id TO "fk_line_label_lineId";
ALTER TABLE line_label RENAME CONSTRAINT fk_line_label_label_id TO "fk_line_label_labelId";
ALTER INDEX idx_line_label_label_id RENAME TO "idx_line_label_labelId";

CREATE OR REPLACE FUNCTION compute_lines() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  new."nameAgain" := new."itemName" || new."itemName";
  RETURN new;
END
$$;

-- Step: in a transaction
UPDATE lines SET "nameAgain" = lines."itemName" || lines."itemName";
