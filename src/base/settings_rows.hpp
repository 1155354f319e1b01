// Stores (the tenants) and their settings.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/scope.hpp"
#include "resys/settings.hpp"

namespace resys::rows {

// Makes the store if there is none. A store begins when staff create something in it.
void ensure_store(const Scope& scope);
// All stores, in order.
std::vector<std::string> list_stores(db::Transaction& tx);
// The stores whose ids the statement finds.
std::vector<std::string> find_stores(db::Transaction& tx, const db::Sql& sql, db::Values values);
// A setting that staff have not written has its default.
CheckoutSettings load_checkout_settings(const Scope& scope);
TaxSettings load_tax_settings(const Scope& scope);
PriceSettings load_price_settings(const Scope& scope);
// Absent fields keep their value. The first one makes the store if there is none.
void update_checkout_settings(const Scope& scope, const UpdateCheckoutSettings& request);
void update_tax_settings(const Scope& scope, const UpdateTaxSettings& request);
void update_price_settings(const Scope& scope, const UpdatePriceSettings& request);

// Gives the store's rules for prices (settings, tax rates, price lists, promotions) a new version,
// by which others notice that they have changed. To be called before they are read and changed,
// because it also locks them. The store exists.
void change_price_rules(const Scope& scope);

}  // namespace resys::rows
