// What is for sale: products and their variants. A variant is what has a SKU, a price and stock.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "resys/common.hpp"
#include "resys/price.hpp"
#include "resys/tax.hpp"

namespace resys {

struct Variant {
  VariantId id{};
  std::string sku{};  // unique among its store's active variants
  std::string name{};
  Pairs options{};
  std::int64_t price_cents = 0;  // minor units of `currency`
  Currency currency{};
  // A higher price, shown to compare with: it is never asked for.
  std::optional<std::int64_t> compare_at_cents{};
  // Where there is one to compare with: the lowest price of the 30 days before the price of now
  // began, as Directive 98/6/EC, Article 6a, wants it shown. Price lists do not count. Absent if
  // the variant had no price then.
  std::optional<std::int64_t> lowest_price_cents{};
  std::vector<VariantPrice> prices{};  // in further currencies
  // What a cart's line may have: a multiple of the step, from min to max.
  std::int64_t min_quantity = 1;
  std::optional<std::int64_t> max_quantity{};
  std::int64_t quantity_step = 1;
  std::optional<std::int64_t> weight_grams{};
  std::string image_url{};     // may be empty
  std::string tax_category{};  // of TaxSettings::categories
  // On hand - reserved, over all active locations, never below 0.
  std::int64_t available_quantity = 0;
  bool backorderable = false;  // more than is available can be ordered
  bool active = true;          // false: not for sale
};

struct Product {
  ProductId id{};
  std::string slug{};  // unique in its store; names the product in URLs
  std::string name{};
  std::string description{};
  std::vector<std::string> categories{};
  std::vector<Variant> variants{};  // shoppers see the active ones
  bool active = true;
};

// Variants that have a price in `currency` are shown with it, and with their own among `prices`.
struct ListProducts {
  std::int64_t limit = 50;
  std::optional<std::string> after{};
  // Variants that have a price in it are shown in it. Absent: that of the shopper's cart, if it has
  // lines.
  std::optional<Currency> currency{};
};

struct GetProduct {
  std::string slug{};
  std::optional<Currency> currency{};  // as in ListProducts
};

struct NewVariant {
  std::string sku{};
  std::string name{};
  Pairs options{};
  std::int64_t price_cents = 0;                    // minor units of `currency`
  Currency currency{};                             // one of all_currencies()
  std::optional<std::int64_t> compare_at_cents{};  // above price_cents
  std::vector<NewVariantPrice> prices{};
  std::int64_t min_quantity = 1;
  std::optional<std::int64_t> max_quantity{};
  std::int64_t quantity_step = 1;
  std::optional<std::int64_t> weight_grams{};
  std::string image_url{};
  std::string tax_category{kStandardTaxCategory};
};

struct CreateProduct {
  std::string slug{};  // a-z 0-9 -
  std::string name{};
  std::string description{};
  std::vector<std::string> categories{};
  std::vector<NewVariant> variants{};
  bool active = true;
};

// Absent fields keep their value, here and in every Update.
struct UpdateProduct {
  ProductId product_id{};
  std::optional<std::string> slug{};
  std::optional<std::string> name{};
  std::optional<std::string> description{};
  std::optional<std::vector<std::string>> categories{};
  std::optional<bool> active{};
};

struct CreateVariant {
  ProductId product_id{};
  std::string sku{};
  std::string name{};
  Pairs options{};
  std::int64_t price_cents = 0;
  Currency currency{};
  std::optional<std::int64_t> compare_at_cents{};
  std::vector<NewVariantPrice> prices{};
  std::int64_t min_quantity = 1;
  std::optional<std::int64_t> max_quantity{};
  std::int64_t quantity_step = 1;
  std::optional<std::int64_t> weight_grams{};
  std::string image_url{};
  std::string tax_category{kStandardTaxCategory};
};

struct UpdateVariant {
  std::string sku{};
  std::optional<VariantId> variant_id{};  // which of those with this SKU
  std::optional<std::string> new_sku{};
  std::optional<std::string> name{};
  std::optional<Pairs> options{};
  std::optional<std::int64_t> price_cents{};
  std::optional<Currency> currency{};       // of price_cents, if said: the variant's, which stays
  Change<std::int64_t> compare_at_cents{};  // a price that reaches it takes it away, too
  std::optional<std::vector<NewVariantPrice>> prices{};  // all that there are from now on
  std::optional<std::int64_t> min_quantity{};
  Change<std::int64_t> max_quantity{};
  std::optional<std::int64_t> quantity_step{};
  Change<std::int64_t> weight_grams{};
  std::optional<std::string> image_url{};
  std::optional<std::string> tax_category{};
  std::optional<bool> active{};
};

// The changes of a variant's own price, or of those that a price list has for it.
struct ListPriceChanges {
  std::string sku{};
  std::optional<VariantId> variant_id{};  // which of those with this SKU
  std::optional<Currency> currency{};     // absent: the variant's own
  std::optional<PriceListId> price_list_id{};
  std::int64_t limit = 50;
  std::optional<std::string> after{};
};

struct ListCurrencies {};

struct CurrencyInfo {
  Currency code{};
  std::int64_t decimals = 0;  // of amounts in minor units, `...Cents`
  // Of one that is in old records only: since when, and what is used instead.
  std::optional<std::string> withdrawn_since{};
  std::optional<Currency> successor{};
};

struct RemoveVariant {
  std::string sku{};
  std::optional<VariantId> variant_id{};  // which of those with this SKU
};

// What is for sale. Everybody may look at it. Prices are those of the price lists for the caller's
// groups (Caller::groups, Customer::groups) and the country that their open order goes to, or the
// store's home country: a variant costs what Carts::add_item gives it in that currency, in the
// smallest quantity that it allows. What all services have in common stands in shop.hpp.
class Products {
 public:
  explicit Products(Context& context) : context_(context) {}

  // Lists the active products with their active variants, by slug.
  // Errors: none of its own.
  Result<Page<Product>> list(const Caller& caller, const ListProducts& request = {});
  // Returns an active product. One that is not active is not_found.
  // Errors: not_found.
  Result<Product> get(const Caller& caller, const GetProduct& request);

 private:
  Context& context_;
};

// How amounts are written.
class Currencies {
 public:
  explicit Currencies(Context& context) : context_(context) {}

  // Lists the currencies with their decimals, by code; withdrawn ones behind the others.
  // Errors: none of its own.
  Result<Page<CurrencyInfo>> list(const Caller& caller, const ListCurrencies& request = {});

 private:
  Context& context_;
};

// Staff. A change is seen by the next call, in open carts too (Cart::problems). A taken slug, and a
// SKU that an active variant has, is conflict. An error leaves everything as it was.
class AdminProducts {
 public:
  explicit AdminProducts(Context& context) : context_(context) {}

  // Lists all products with all variants, by slug.
  // Errors: none of its own.
  Result<Page<Product>> list(const Caller& caller, const ListProducts& request = {});
  // Makes a product with its variants, all of them or nothing.
  // Errors: conflict.
  Result<Product> create(const Caller& caller, const CreateProduct& request);
  // Changes a product, not its variants.
  // Errors: not_found, conflict.
  Result<Product> update(const Caller& caller, const UpdateProduct& request);

 private:
  Context& context_;
};

// Staff. A change is seen by the next call, in open carts too (Cart::problems). A SKU is taken
// while an active variant has it; then it is conflict. A variant that is no longer sold keeps its
// SKU, and another may have it, too. A SKU without an id means the active variant of that SKU, else
// the newest. Each function returns the variant's product. An error leaves everything as it was.
class AdminVariants {
 public:
  explicit AdminVariants(Context& context) : context_(context) {}

  // Adds a variant to a product. It has no stock until AdminStock::set.
  // Errors: not_found, conflict.
  Result<Product> create(const Caller& caller, const CreateVariant& request);
  // Lists changes of prices, newest first.
  // Errors: not_found.
  Result<Page<PriceChange>> list_price_changes(const Caller& caller,
                                               const ListPriceChanges& request);
  // Changes a variant. Orders keep the SKU and the price under which they were placed. A variant
  // keeps its currency: another one in the request is unsupported_currency.
  // Errors: not_found, conflict, unsupported_currency.
  Result<Product> update(const Caller& caller, const UpdateVariant& request);
  // Removes a variant with its stock and its movements. In carts it is no longer for sale. One that
  // was ever ordered or reserved is invalid_state, with the first `orderRef`: make it inactive
  // instead.
  // Errors: not_found, invalid_state.
  Result<Product> remove(const Caller& caller, const RemoveVariant& request);

 private:
  Context& context_;
};

}  // namespace resys
