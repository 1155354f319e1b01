// The tables, as numbered migrations that only go forward. The schema is the last line of defense:
// it repeats the invariants, so that no bug above it can oversell stock or lose a cent silently.
//
// Rules (src/README.md, executed by tests/db): BIGINT and TEXT only, booleans 0/1, times in
// microseconds UTC, amounts in minor units; store_id leads every primary key, unique index and
// foreign key. Lists of texts (categories, countries, options) are one TEXT, see text_list.hpp.
#include "base/migrations.hpp"

#include <span>

namespace resys::rows {
namespace {

using db::Sql;

constexpr Sql kFirst[] = {
    // A tenant. Made by the first thing staff create in it; settings are NULL until staff write
    // them. price_rules is the version of its rules for prices: NULL until it has any.
    {R"sql(CREATE TABLE store (
        store_id TEXT NOT NULL PRIMARY KEY,
        guest_checkout BIGINT CHECK (guest_checkout IN (0, 1)),
        reservation_minutes BIGINT CHECK (reservation_minutes > 0),
        release_on_decline BIGINT CHECK (release_on_decline IN (0, 1)),
        payment_due_days BIGINT CHECK (payment_due_days > 0),
        max_unpaid_units BIGINT CHECK (max_unpaid_units > 0),
        max_placements BIGINT CHECK (max_placements > 0),
        idempotency_days BIGINT CHECK (idempotency_days > 0),
        abandoned_cart_days BIGINT CHECK (abandoned_cart_days > 0),
        webhook_days BIGINT CHECK (webhook_days > 0),
        event_days BIGINT CHECK (event_days >= 0),
        note_days BIGINT CHECK (note_days > 0),
        time_zone TEXT,
        tax_source TEXT,
        tax_fallback TEXT,
        prices_include_tax BIGINT CHECK (prices_include_tax IN (0, 1)),
        tax_rounding TEXT,
        tax_rounding_level TEXT,
        shipping_tax TEXT,
        foreign_prices TEXT,
        home_country TEXT,
        home_region TEXT,
        home_postal_code TEXT,
        seller_tax_id TEXT,
        reverse_charge_countries TEXT,
        tax_categories TEXT,
        currencies TEXT,
        goods_total TEXT,
        goods_tax TEXT,
        price_rules TEXT,
        created_at BIGINT NOT NULL))sql"},

    // ---- catalog
    {R"sql(CREATE TABLE product (
        store_id TEXT NOT NULL,
        id TEXT NOT NULL,
        slug TEXT NOT NULL,
        name TEXT NOT NULL,
        description TEXT NOT NULL,
        categories TEXT NOT NULL,
        active BIGINT NOT NULL CHECK (active IN (0, 1)),
        created_at BIGINT NOT NULL,
        updated_at BIGINT NOT NULL,
        PRIMARY KEY (store_id, id),
        UNIQUE (store_id, slug)))sql"},
    // lowest_price_cents: during the 30 days before the price began, by price_change. prices: those
    // in further currencies, with the same facts. A deleted variant was never ordered. Its row
    // stays, for carts may still point to it.
    {R"sql(CREATE TABLE variant (
        store_id TEXT NOT NULL,
        id TEXT NOT NULL,
        product_id TEXT NOT NULL,
        sku TEXT NOT NULL,
        name TEXT NOT NULL,
        options TEXT NOT NULL,
        price_cents BIGINT NOT NULL CHECK (price_cents >= 0),
        currency TEXT NOT NULL,
        compare_at_cents BIGINT CHECK (compare_at_cents > price_cents),
        lowest_price_cents BIGINT CHECK (lowest_price_cents >= 0),
        prices TEXT NOT NULL,
        min_quantity BIGINT NOT NULL CHECK (min_quantity > 0),
        max_quantity BIGINT CHECK (max_quantity >= min_quantity),
        quantity_step BIGINT NOT NULL CHECK (quantity_step > 0),
        weight_grams BIGINT CHECK (weight_grams >= 0),
        image_url TEXT NOT NULL,
        tax_category TEXT NOT NULL,
        active BIGINT NOT NULL CHECK (active IN (0, 1)),
        deleted BIGINT NOT NULL CHECK (deleted = 0 OR (deleted = 1 AND active = 0)),
        created_at BIGINT NOT NULL,
        updated_at BIGINT NOT NULL,
        PRIMARY KEY (store_id, id),
        FOREIGN KEY (store_id, product_id) REFERENCES product (store_id, id)))sql"},
    // A variant that is no longer sold may have the SKU of another one.
    {R"sql(CREATE UNIQUE INDEX variant_active_sku ON variant (store_id, sku)
        WHERE active = 1)sql"},
    {R"sql(CREATE INDEX variant_sku ON variant (store_id, sku, id) WHERE deleted = 0)sql"},
    {R"sql(CREATE INDEX variant_of_product ON variant (store_id, product_id, id))sql"},

    // The history of prices, which is only ever added to. price_list_id is empty for the variant's
    // own price. price_cents is NULL while there is no price.
    {R"sql(CREATE TABLE price_change (
        store_id TEXT NOT NULL,
        variant_id TEXT NOT NULL,
        price_list_id TEXT NOT NULL,
        currency TEXT NOT NULL,
        changed_at BIGINT NOT NULL,
        min_quantity BIGINT NOT NULL CHECK (min_quantity > 0),
        price_cents BIGINT CHECK (price_cents >= 0),
        PRIMARY KEY (store_id, variant_id, price_list_id, currency, changed_at, min_quantity),
        FOREIGN KEY (store_id, variant_id) REFERENCES variant (store_id, id)))sql"},

    // ---- inventory
    {R"sql(CREATE TABLE location (
        store_id TEXT NOT NULL,
        id TEXT NOT NULL,
        name TEXT NOT NULL,
        active BIGINT NOT NULL CHECK (active IN (0, 1)),
        position BIGINT NOT NULL,
        created_at BIGINT NOT NULL,
        PRIMARY KEY (store_id, id)))sql"},
    // on_hand is what can be counted at the location. reserved is the part that is held, or sold
    // until its parcel leaves.
    {R"sql(CREATE TABLE stock_item (
        store_id TEXT NOT NULL,
        variant_id TEXT NOT NULL,
        location_id TEXT NOT NULL,
        on_hand BIGINT NOT NULL CHECK (on_hand >= 0),
        reserved BIGINT NOT NULL CHECK (reserved >= 0),
        backorderable BIGINT NOT NULL CHECK (backorderable IN (0, 1)),
        PRIMARY KEY (store_id, variant_id, location_id),
        FOREIGN KEY (store_id, variant_id) REFERENCES variant (store_id, id),
        FOREIGN KEY (store_id, location_id) REFERENCES location (store_id, id),
        CHECK (reserved <= on_hand)))sql"},
    {R"sql(CREATE TABLE stock_movement (
        store_id TEXT NOT NULL,
        id TEXT NOT NULL,
        variant_id TEXT NOT NULL,
        location_id TEXT NOT NULL,
        quantity BIGINT NOT NULL CHECK (quantity > 0),
        on_hand_delta BIGINT NOT NULL,
        reserved_delta BIGINT NOT NULL,
        reason TEXT NOT NULL,
        order_ref TEXT,
        actor TEXT,
        created_at BIGINT NOT NULL,
        PRIMARY KEY (store_id, variant_id, id),
        FOREIGN KEY (store_id, variant_id, location_id)
          REFERENCES stock_item (store_id, variant_id, location_id)))sql"},
    {R"sql(CREATE TABLE reservation (
        store_id TEXT NOT NULL,
        order_ref TEXT NOT NULL,
        state TEXT NOT NULL CHECK (state = 'held' OR state = 'committed' OR state = 'released'),
        expires_at BIGINT,
        created_at BIGINT NOT NULL,
        updated_at BIGINT NOT NULL,
        PRIMARY KEY (store_id, order_ref)))sql"},
    // Reservations of resys's own orders have no deadline here, because their payment has it.
    {R"sql(CREATE INDEX reservation_due ON reservation (store_id, expires_at, order_ref)
        WHERE state = 'held' AND expires_at IS NOT NULL
          AND SUBSTR(order_ref, 1, 6) <> 'order_')sql"},
    // A run of units. Backordered units are promised without stock: they are in no counter of
    // stock_item, so reserved <= on_hand holds for backorderable items too.
    {R"sql(CREATE TABLE inventory_unit (
        store_id TEXT NOT NULL,
        id TEXT NOT NULL,
        variant_id TEXT NOT NULL,
        location_id TEXT NOT NULL,
        order_ref TEXT NOT NULL,
        line_ref TEXT NOT NULL,
        quantity BIGINT NOT NULL CHECK (quantity > 0),
        state TEXT NOT NULL CHECK (state = 'reserved' OR state = 'sold'
          OR state = 'backordered' OR state = 'shipped' OR state = 'returned'
          OR state = 'released'),
        serial TEXT,
        created_at BIGINT NOT NULL,
        updated_at BIGINT NOT NULL,
        PRIMARY KEY (store_id, order_ref, id),
        FOREIGN KEY (store_id, order_ref) REFERENCES reservation (store_id, order_ref),
        FOREIGN KEY (store_id, variant_id, location_id)
          REFERENCES stock_item (store_id, variant_id, location_id),
        CHECK (serial IS NULL OR quantity = 1)))sql"},
    {R"sql(CREATE INDEX inventory_unit_backordered ON inventory_unit (store_id, variant_id, id)
        WHERE state = 'backordered')sql"},

    // ---- taxes
    {R"sql(CREATE TABLE tax_rate (
        store_id TEXT NOT NULL,
        id TEXT NOT NULL,
        name TEXT NOT NULL,
        rate TEXT NOT NULL,
        country TEXT NOT NULL,
        region TEXT NOT NULL,
        postal_prefix TEXT NOT NULL,
        category TEXT NOT NULL,
        priority BIGINT NOT NULL CHECK (priority > 0),
        compound BIGINT NOT NULL CHECK (compound IN (0, 1)),
        valid_from BIGINT,
        valid_until BIGINT,
        created_at BIGINT NOT NULL,
        updated_at BIGINT NOT NULL,
        PRIMARY KEY (store_id, id)))sql"},

    // ---- price lists
    {R"sql(CREATE TABLE price_list (
        store_id TEXT NOT NULL,
        id TEXT NOT NULL,
        name TEXT NOT NULL,
        currency TEXT NOT NULL,
        priority BIGINT NOT NULL,
        customer_groups TEXT NOT NULL,
        countries TEXT NOT NULL,
        valid_from BIGINT,
        valid_until BIGINT CHECK (valid_until > valid_from),
        active BIGINT NOT NULL CHECK (active IN (0, 1)),
        created_at BIGINT NOT NULL,
        updated_at BIGINT NOT NULL,
        PRIMARY KEY (store_id, id)))sql"},
    {R"sql(CREATE TABLE price_list_entry (
        store_id TEXT NOT NULL,
        variant_id TEXT NOT NULL,
        price_list_id TEXT NOT NULL,
        min_quantity BIGINT NOT NULL CHECK (min_quantity > 0),
        price_cents BIGINT NOT NULL CHECK (price_cents >= 0),
        PRIMARY KEY (store_id, variant_id, price_list_id, min_quantity),
        FOREIGN KEY (store_id, variant_id) REFERENCES variant (store_id, id),
        FOREIGN KEY (store_id, price_list_id) REFERENCES price_list (store_id, id)))sql"},
    {R"sql(CREATE INDEX price_list_entry_of_list
        ON price_list_entry (store_id, price_list_id, variant_id, min_quantity))sql"},

    // ---- customers, shipping, promotions
    {R"sql(CREATE TABLE address (
        store_id TEXT NOT NULL,
        id TEXT NOT NULL,
        user_id TEXT NOT NULL,
        first_name TEXT NOT NULL,
        last_name TEXT NOT NULL,
        company TEXT NOT NULL,
        line1 TEXT NOT NULL,
        line2 TEXT NOT NULL,
        city TEXT NOT NULL,
        region TEXT NOT NULL,
        postal_code TEXT NOT NULL,
        country TEXT NOT NULL,
        phone TEXT NOT NULL,
        created_at BIGINT NOT NULL,
        updated_at BIGINT NOT NULL,
        PRIMARY KEY (store_id, id)))sql"},
    {R"sql(CREATE INDEX address_of_user ON address (store_id, user_id, id))sql"},
    // What staff have recorded of a user. A tax id that is not empty and has no time was not found
    // in a registry yet.
    {R"sql(CREATE TABLE customer (
        store_id TEXT NOT NULL,
        user_id TEXT NOT NULL,
        groups TEXT NOT NULL,
        tax_exempt BIGINT NOT NULL CHECK (tax_exempt IN (0, 1)),
        tax_id TEXT NOT NULL,
        tax_id_checked_at BIGINT,
        created_at BIGINT NOT NULL,
        updated_at BIGINT NOT NULL,
        PRIMARY KEY (store_id, user_id),
        CHECK (tax_id <> '' OR tax_id_checked_at IS NULL)))sql"},
    {R"sql(CREATE TABLE shipping_method (
        store_id TEXT NOT NULL,
        id TEXT NOT NULL,
        name TEXT NOT NULL,
        kind TEXT NOT NULL CHECK (kind = 'flat' OR kind = 'perItem' OR kind = 'byWeight'
          OR kind = 'byTotal'),
        price_cents BIGINT NOT NULL CHECK (price_cents >= 0),
        tiers TEXT NOT NULL,
        free_over_cents BIGINT CHECK (free_over_cents > 0),
        currency TEXT NOT NULL,
        countries TEXT NOT NULL,
        regions TEXT NOT NULL,
        postal_prefixes TEXT NOT NULL,
        tax_category TEXT NOT NULL,
        active BIGINT NOT NULL CHECK (active IN (0, 1)),
        position BIGINT NOT NULL,
        created_at BIGINT NOT NULL,
        updated_at BIGINT NOT NULL,
        PRIMARY KEY (store_id, id)))sql"},
    // used: uses that orders hold now.
    {R"sql(CREATE TABLE promotion (
        store_id TEXT NOT NULL,
        id TEXT NOT NULL,
        name TEXT NOT NULL,
        automatic BIGINT NOT NULL CHECK (automatic IN (0, 1)),
        priority BIGINT NOT NULL,
        stacking TEXT NOT NULL CHECK (stacking = 'stackable' OR stacking = 'exclusive'
          OR stacking = 'bestDeal'),
        deal_group TEXT,
        currency TEXT,
        starts_at BIGINT,
        ends_at BIGINT,
        usage_limit BIGINT CHECK (usage_limit > 0),
        per_customer_limit BIGINT CHECK (per_customer_limit > 0),
        per_code_limit BIGINT CHECK (per_code_limit > 0),
        used BIGINT NOT NULL CHECK (used >= 0),
        active BIGINT NOT NULL CHECK (active IN (0, 1)),
        created_at BIGINT NOT NULL,
        updated_at BIGINT NOT NULL,
        PRIMARY KEY (store_id, id)))sql"},
    {R"sql(CREATE TABLE promotion_condition (
        store_id TEXT NOT NULL,
        promotion_id TEXT NOT NULL,
        position BIGINT NOT NULL,
        kind TEXT NOT NULL,
        amount_cents BIGINT CHECK (amount_cents > 0),
        quantity BIGINT CHECK (quantity > 0),
        skus TEXT NOT NULL,
        product_ids TEXT NOT NULL,
        categories TEXT NOT NULL,
        groups TEXT NOT NULL,
        countries TEXT NOT NULL,
        weekdays TEXT NOT NULL,
        from_minute BIGINT,
        until_minute BIGINT,
        PRIMARY KEY (store_id, promotion_id, position),
        FOREIGN KEY (store_id, promotion_id) REFERENCES promotion (store_id, id)))sql"},
    {R"sql(CREATE TABLE promotion_action (
        store_id TEXT NOT NULL,
        promotion_id TEXT NOT NULL,
        position BIGINT NOT NULL,
        kind TEXT NOT NULL,
        basis_points BIGINT CHECK (basis_points > 0 AND basis_points <= 10000),
        amount_cents BIGINT CHECK (amount_cents >= 0),
        skus TEXT NOT NULL,
        product_ids TEXT NOT NULL,
        categories TEXT NOT NULL,
        buy BIGINT CHECK (buy > 0),
        get BIGINT CHECK (get > 0),
        max_times BIGINT CHECK (max_times > 0),
        nth BIGINT CHECK (nth > 0),
        tiers TEXT NOT NULL,
        sku TEXT,
        quantity BIGINT CHECK (quantity > 0),
        PRIMARY KEY (store_id, promotion_id, position),
        FOREIGN KEY (store_id, promotion_id) REFERENCES promotion (store_id, id)))sql"},
    // batch: those that one call has made.
    {R"sql(CREATE TABLE promotion_code (
        store_id TEXT NOT NULL,
        code TEXT NOT NULL,
        promotion_id TEXT NOT NULL,
        batch TEXT NOT NULL,
        used BIGINT NOT NULL CHECK (used >= 0),
        PRIMARY KEY (store_id, code),
        FOREIGN KEY (store_id, promotion_id) REFERENCES promotion (store_id, id)))sql"},
    {R"sql(CREATE INDEX promotion_code_of_promotion
        ON promotion_code (store_id, promotion_id, batch, code))sql"},
    // customer: "user:<id>" or "email:<address>"; a use is counted for both that are known.
    {R"sql(CREATE TABLE promotion_use (
        store_id TEXT NOT NULL,
        promotion_id TEXT NOT NULL,
        customer TEXT NOT NULL,
        used BIGINT NOT NULL CHECK (used >= 0),
        PRIMARY KEY (store_id, promotion_id, customer),
        FOREIGN KEY (store_id, promotion_id) REFERENCES promotion (store_id, id)))sql"},

    // ---- orders: the root row, and what belongs to it
    {R"sql(CREATE TABLE orders (
        store_id TEXT NOT NULL,
        id TEXT NOT NULL,
        number TEXT,
        state TEXT NOT NULL CHECK (state = 'Cart' OR state = 'Address' OR state = 'Delivery'
          OR state = 'Payment' OR state = 'Confirm' OR state = 'Complete'
          OR state = 'Canceled' OR state = 'Merged'),
        user_id TEXT,
        session_id TEXT,
        email TEXT,
        currency TEXT NOT NULL,
        item_count BIGINT NOT NULL CHECK (item_count >= 0),
        promotion_count BIGINT NOT NULL CHECK (promotion_count >= 0),
        item_total_cents BIGINT NOT NULL CHECK (item_total_cents >= 0),
        discount_total_cents BIGINT NOT NULL CHECK (discount_total_cents >= 0),
        shipment_total_cents BIGINT NOT NULL CHECK (shipment_total_cents >= 0),
        tax_total_cents BIGINT NOT NULL CHECK (tax_total_cents >= 0),
        included_tax_total_cents BIGINT NOT NULL CHECK (included_tax_total_cents >= 0),
        shipment_tax_cents BIGINT NOT NULL CHECK (shipment_tax_cents >= 0),
        total_cents BIGINT NOT NULL,
        shipping_method_id TEXT,
        shipping_method_name TEXT,
        shipment_taxes TEXT NOT NULL,
        calculated_taxes TEXT,
        tax_id TEXT,
        customer_groups TEXT NOT NULL,
        placements BIGINT NOT NULL,
        payment_id TEXT,
        merged_into TEXT,
        version BIGINT NOT NULL,
        created_at BIGINT NOT NULL,
        updated_at BIGINT NOT NULL,
        placed_at BIGINT,
        completed_at BIGINT,
        PRIMARY KEY (store_id, id),
        CHECK (total_cents = item_total_cents - discount_total_cents + shipment_total_cents
          + tax_total_cents),
        CHECK (discount_total_cents <= item_total_cents),
        CHECK (included_tax_total_cents = 0 OR tax_total_cents = 0),
        CHECK (included_tax_total_cents <= total_cents),
        CHECK ((user_id IS NULL AND session_id IS NOT NULL)
          OR (user_id IS NOT NULL AND session_id IS NULL))))sql"},
    {R"sql(CREATE UNIQUE INDEX orders_number ON orders (store_id, number)
        WHERE number IS NOT NULL)sql"},
    {R"sql(CREATE UNIQUE INDEX orders_open_of_user ON orders (store_id, user_id)
        WHERE user_id IS NOT NULL AND (state = 'Cart' OR state = 'Address'
          OR state = 'Delivery' OR state = 'Payment'))sql"},
    {R"sql(CREATE UNIQUE INDEX orders_open_of_session ON orders (store_id, session_id)
        WHERE session_id IS NOT NULL AND (state = 'Cart' OR state = 'Address'
          OR state = 'Delivery' OR state = 'Payment'))sql"},
    // The lists of placed orders: by when they were placed.
    {R"sql(CREATE INDEX orders_placed ON orders (store_id, placed_at, id)
        WHERE placed_at IS NOT NULL)sql"},
    {R"sql(CREATE INDEX orders_placed_of_user ON orders (store_id, user_id, placed_at, id)
        WHERE placed_at IS NOT NULL AND user_id IS NOT NULL)sql"},
    {R"sql(CREATE INDEX orders_placed_of_session ON orders (store_id, session_id, placed_at, id)
        WHERE placed_at IS NOT NULL AND session_id IS NOT NULL)sql"},
    {R"sql(CREATE INDEX orders_placed_in_state ON orders (store_id, state, placed_at, id)
        WHERE placed_at IS NOT NULL)sql"},
    {R"sql(CREATE INDEX orders_email ON orders (store_id, LOWER(email), placed_at, id)
        WHERE placed_at IS NOT NULL AND email IS NOT NULL)sql"},
    {R"sql(CREATE INDEX orders_abandoned ON orders (store_id, updated_at, id)
        WHERE session_id IS NOT NULL AND number IS NULL
          AND (state = 'Cart' OR state = 'Address' OR state = 'Delivery'))sql"},
    {R"sql(CREATE INDEX orders_unpaid_of_guest ON orders (store_id, updated_at, id)
        WHERE session_id IS NOT NULL AND email IS NOT NULL AND completed_at IS NULL
          AND (state = 'Canceled' OR state = 'Merged' OR (number IS NOT NULL
            AND (state = 'Cart' OR state = 'Address' OR state = 'Delivery'))))sql"},
    // gift_promotion_id: the promotion that gives the line for nothing; empty if it was bought.
    {R"sql(CREATE TABLE line_item (
        store_id TEXT NOT NULL,
        id TEXT NOT NULL,
        order_id TEXT NOT NULL,
        variant_id TEXT NOT NULL,
        gift_promotion_id TEXT NOT NULL,
        sku TEXT NOT NULL,
        name TEXT NOT NULL,
        options TEXT NOT NULL,
        image_url TEXT NOT NULL,
        quantity BIGINT NOT NULL CHECK (quantity > 0),
        unit_price_cents BIGINT NOT NULL CHECK (unit_price_cents >= 0),
        listed_price_cents BIGINT NOT NULL CHECK (listed_price_cents >= 0),
        total_cents BIGINT NOT NULL,
        discount_cents BIGINT NOT NULL CHECK (discount_cents >= 0),
        discounts TEXT NOT NULL,
        tax_category TEXT NOT NULL,
        tax_cents BIGINT NOT NULL CHECK (tax_cents >= 0),
        taxes TEXT NOT NULL,
        PRIMARY KEY (store_id, order_id, variant_id, gift_promotion_id),
        FOREIGN KEY (store_id, order_id) REFERENCES orders (store_id, id),
        FOREIGN KEY (store_id, variant_id) REFERENCES variant (store_id, id),
        CHECK (total_cents = unit_price_cents * quantity),
        CHECK (discount_cents <= total_cents),
        CHECK (gift_promotion_id = '' OR discount_cents = total_cents)))sql"},
    {R"sql(CREATE TABLE order_address (
        store_id TEXT NOT NULL,
        order_id TEXT NOT NULL,
        kind TEXT NOT NULL CHECK (kind IN ('shipping', 'billing')),
        address_id TEXT,
        first_name TEXT NOT NULL,
        last_name TEXT NOT NULL,
        company TEXT NOT NULL,
        line1 TEXT NOT NULL,
        line2 TEXT NOT NULL,
        city TEXT NOT NULL,
        region TEXT NOT NULL,
        postal_code TEXT NOT NULL,
        country TEXT NOT NULL,
        phone TEXT NOT NULL,
        PRIMARY KEY (store_id, order_id, kind),
        FOREIGN KEY (store_id, order_id) REFERENCES orders (store_id, id)))sql"},
    // The promotions that apply, and the codes that were entered. code: empty if it applies by
    // itself. position: its place among those that apply; NULL: it does not. taken_by_*: the
    // customers (as in promotion_use) while this order holds one use of the promotion.
    {R"sql(CREATE TABLE order_promotion (
        store_id TEXT NOT NULL,
        order_id TEXT NOT NULL,
        promotion_id TEXT NOT NULL,
        code TEXT NOT NULL,
        name TEXT NOT NULL,
        position BIGINT,
        discount_cents BIGINT NOT NULL CHECK (discount_cents >= 0),
        shipping_discount_cents BIGINT NOT NULL CHECK (shipping_discount_cents >= 0),
        taken_by_user TEXT,
        taken_by_email TEXT,
        PRIMARY KEY (store_id, order_id, promotion_id, code),
        FOREIGN KEY (store_id, order_id) REFERENCES orders (store_id, id),
        FOREIGN KEY (store_id, promotion_id) REFERENCES promotion (store_id, id),
        CHECK (position IS NOT NULL OR (discount_cents = 0 AND shipping_discount_cents = 0))))sql"},
    {R"sql(CREATE TABLE shipment (
        store_id TEXT NOT NULL,
        id TEXT NOT NULL,
        order_id TEXT NOT NULL,
        tracking_number TEXT NOT NULL,
        carrier TEXT NOT NULL,
        shipped_at BIGINT NOT NULL,
        PRIMARY KEY (store_id, id),
        UNIQUE (store_id, order_id),
        FOREIGN KEY (store_id, order_id) REFERENCES orders (store_id, id)))sql"},

    // ---- payments
    // private_metadata: "v1.<key id>.<base64 of nonce, ciphertext and tag>", see
    // base/secret_box.hpp.
    {R"sql(CREATE TABLE payment_method (
        store_id TEXT NOT NULL,
        id TEXT NOT NULL,
        name TEXT NOT NULL,
        processor TEXT NOT NULL,
        instructions TEXT NOT NULL,
        active BIGINT NOT NULL CHECK (active IN (0, 1)),
        position BIGINT NOT NULL,
        public_settings TEXT NOT NULL,
        configured TEXT NOT NULL,
        private_metadata TEXT,
        created_at BIGINT NOT NULL,
        updated_at BIGINT NOT NULL,
        PRIMARY KEY (store_id, id)))sql"},
    // void_reason: the intention to end the payment, written before the processor is asked to end
    // it. next_check_at: when background work looks at the payment again. NULL once no more news
    // can come.
    {R"sql(CREATE TABLE payment (
        store_id TEXT NOT NULL,
        id TEXT NOT NULL,
        order_id TEXT NOT NULL,
        payment_method_id TEXT NOT NULL,
        processor TEXT NOT NULL,
        offline BIGINT NOT NULL CHECK (offline IN (0, 1)),
        state TEXT NOT NULL CHECK (state = 'created' OR state = 'processing'
          OR state = 'requires_action' OR state = 'authorized' OR state = 'captured'
          OR state = 'failed' OR state = 'voided'),
        currency TEXT NOT NULL,
        amount_cents BIGINT NOT NULL CHECK (amount_cents >= 0),
        authorized_cents BIGINT NOT NULL CHECK (authorized_cents >= 0),
        external_id TEXT,
        client_secret TEXT,
        return_url TEXT,
        content_hash TEXT NOT NULL,
        attempt BIGINT NOT NULL,
        open_creates BIGINT NOT NULL CHECK (open_creates >= 0),
        void_reason TEXT CHECK (void_reason = 'canceled' OR void_reason = 'canceledByStaff'
          OR void_reason = 'reopened' OR void_reason = 'expired' OR void_reason = 'declined'
          OR void_reason = 'due' OR void_reason = 'stockLost' OR void_reason = 'replaced'),
        void_actor TEXT,
        decline_code TEXT,
        decline_message TEXT,
        dispute_status TEXT,
        expires_at BIGINT,
        next_check_at BIGINT,
        checks BIGINT NOT NULL,
        created_at BIGINT NOT NULL,
        updated_at BIGINT NOT NULL,
        PRIMARY KEY (store_id, id),
        FOREIGN KEY (store_id, order_id) REFERENCES orders (store_id, id),
        FOREIGN KEY (store_id, payment_method_id) REFERENCES payment_method (store_id, id)))sql"},
    {R"sql(CREATE INDEX payment_of_order ON payment (store_id, order_id, id))sql"},
    {R"sql(CREATE UNIQUE INDEX payment_external ON payment (store_id, processor, external_id)
        WHERE external_id IS NOT NULL)sql"},
    {R"sql(CREATE INDEX payment_due ON payment (store_id, next_check_at, id)
        WHERE next_check_at IS NOT NULL)sql"},
    // Captures, refunds, and what staff have waived of a total: append-only facts; only their
    // state moves, from pending to an end.
    {R"sql(CREATE TABLE payment_entry (
        store_id TEXT NOT NULL,
        id TEXT NOT NULL,
        payment_id TEXT NOT NULL,
        kind TEXT NOT NULL CHECK (kind = 'capture' OR kind = 'refund' OR kind = 'waiver'),
        state TEXT NOT NULL CHECK (state = 'pending' OR state = 'succeeded' OR state = 'failed'),
        amount_cents BIGINT NOT NULL CHECK (amount_cents > 0),
        external_id TEXT,
        tax_cents BIGINT NOT NULL CHECK (tax_cents >= 0 AND tax_cents <= amount_cents),
        pieces TEXT NOT NULL,
        reason TEXT NOT NULL,
        actor TEXT NOT NULL,
        created_at BIGINT NOT NULL,
        updated_at BIGINT NOT NULL,
        PRIMARY KEY (store_id, payment_id, id),
        FOREIGN KEY (store_id, payment_id) REFERENCES payment (store_id, id)))sql"},
    {R"sql(CREATE TABLE webhook_event (
        store_id TEXT NOT NULL,
        processor TEXT NOT NULL,
        event_id TEXT NOT NULL,
        type TEXT NOT NULL,
        state TEXT NOT NULL CHECK (state = 'applied' OR state = 'ignored' OR state = 'parked'),
        payment_method_id TEXT NOT NULL,
        payment_id TEXT,
        external_id TEXT,
        attempts BIGINT NOT NULL,
        next_attempt_at BIGINT,
        received_at BIGINT NOT NULL,
        PRIMARY KEY (store_id, processor, event_id)))sql"},
    {R"sql(CREATE INDEX webhook_event_age
        ON webhook_event (store_id, received_at, processor, event_id)
        WHERE next_attempt_at IS NULL)sql"},
    {R"sql(CREATE INDEX webhook_event_due
        ON webhook_event (store_id, next_attempt_at, processor, event_id)
        WHERE next_attempt_at IS NOT NULL)sql"},
    // kept_from: since when it might be deleted; NULL: not before it is written again.
    {R"sql(CREATE TABLE processor_note (
        store_id TEXT NOT NULL,
        processor TEXT NOT NULL,
        note_key TEXT NOT NULL,
        value TEXT NOT NULL,
        version BIGINT NOT NULL,
        kept_from BIGINT,
        PRIMARY KEY (store_id, processor, note_key)))sql"},
    {R"sql(CREATE INDEX processor_note_kept
        ON processor_note (store_id, kept_from, processor, note_key)
        WHERE kept_from IS NOT NULL)sql"},

    // ---- events and idempotency
    // actor: see actor.hpp. kept_from: since when the order's events might be deleted; one of them
    // has it, for all.
    {R"sql(CREATE TABLE event (
        store_id TEXT NOT NULL,
        id TEXT NOT NULL,
        order_id TEXT NOT NULL,
        sequence BIGINT NOT NULL,
        type TEXT NOT NULL,
        facts TEXT NOT NULL,
        actor TEXT NOT NULL,
        created_at BIGINT NOT NULL,
        kept_from BIGINT,
        PRIMARY KEY (store_id, order_id, sequence),
        FOREIGN KEY (store_id, order_id) REFERENCES orders (store_id, id)))sql"},
    {R"sql(CREATE INDEX event_kept ON event (store_id, kept_from, order_id)
        WHERE kept_from IS NOT NULL)sql"},
    // One row per event and handler until the handler has run; then it is deleted. next_attempt_at
    // is NULL while the handler has not received an earlier event of the order yet. So the index
    // only has the deliveries that can be due, not those that wait behind them.
    {R"sql(CREATE TABLE event_delivery (
        store_id TEXT NOT NULL,
        event_id TEXT NOT NULL,
        handler TEXT NOT NULL,
        order_id TEXT NOT NULL,
        sequence BIGINT NOT NULL,
        state TEXT NOT NULL CHECK (state IN ('pending', 'dead')),
        attempts BIGINT NOT NULL,
        next_attempt_at BIGINT,
        last_error TEXT NOT NULL,
        PRIMARY KEY (store_id, event_id, handler),
        FOREIGN KEY (store_id, order_id, sequence)
          REFERENCES event (store_id, order_id, sequence)))sql"},
    {R"sql(CREATE INDEX event_delivery_due
        ON event_delivery (store_id, handler, next_attempt_at, event_id)
        WHERE state = 'pending' AND next_attempt_at IS NOT NULL)sql"},
    {R"sql(CREATE INDEX event_delivery_of_order
        ON event_delivery (store_id, order_id, handler, sequence))sql"},
    {R"sql(CREATE TABLE idempotency (
        store_id TEXT NOT NULL,
        identity TEXT NOT NULL,
        operation TEXT NOT NULL,
        idempotency_key TEXT NOT NULL,
        request_hash TEXT NOT NULL,
        result TEXT NOT NULL,
        created_at BIGINT NOT NULL,
        PRIMARY KEY (store_id, identity, operation, idempotency_key)))sql"},
    {R"sql(CREATE INDEX idempotency_age ON idempotency (store_id, created_at))sql"},
};

// Append a migration, never change one that was released.
constexpr std::span<const Sql> kMigrations[] = {kFirst};

constexpr Sql kBookkeeping{R"sql(CREATE TABLE IF NOT EXISTS schema_migration (
    version BIGINT NOT NULL PRIMARY KEY,
    applied_at BIGINT NOT NULL))sql"};
constexpr Sql kNewestVersion{R"sql(SELECT COALESCE(MAX(version), 0) FROM schema_migration)sql"};
constexpr Sql kRecord{R"sql(INSERT INTO schema_migration (version, applied_at)
    VALUES ($1, $2) ON CONFLICT DO NOTHING)sql"};

}  // namespace

std::int64_t schema_version(db::Transaction& tx) {
  std::int64_t version = 0;
  tx.query(kNewestVersion, {}, [&](const db::Row& row) { version = row.integer(0); });
  return version;
}

Result<void> migrate(db::Database& database, Timestamp now) {
  constexpr auto known = static_cast<std::int64_t>(std::size(kMigrations));
  RESYS_TRY(found, database.write([](db::Transaction& tx) -> Result<std::int64_t> {
    tx.execute(kBookkeeping, {});
    return schema_version(tx);
  }));
  if (found > known) {
    return Error(Errc::conflict, "the database was made by a newer version of resys")
        .with("schemaVersion", found)
        .with("supportedVersion", known);
  }
  for (std::int64_t version = found + 1; version <= known; ++version) {
    RESYS_TRYV(database.write([&](db::Transaction& tx) -> Result<void> {
      // The migration is recorded first. A second process finds the row and has nothing to do.
      if (tx.execute(kRecord, {version, now}) == 0) return success();
      for (const Sql& statement : kMigrations[version - 1]) tx.execute(statement, {});
      return success();
    }));
  }
  if (found < known) return database.finish_schema();
  return success();
}

}  // namespace resys::rows
