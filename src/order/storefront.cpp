// What is for sale, as shoppers read it. This stands with the orders because a caller is shown the
// price that their cart would take, which depends on who they are and on where their order goes.
#include <algorithm>

#include "base/command.hpp"
#include "base/page.hpp"
#include "catalog/fields.hpp"
#include "catalog/rows.hpp"
#include "order/open_order.hpp"
#include "order/require_order.hpp"
#include "pricing/price_list_rows.hpp"
#include "pricing/tax_rows.hpp"
#include "resys/catalog.hpp"

namespace resys {
namespace {

// The caller's open order, or one without anything; without its lines.
app::OrderContents order_of(const Scope& scope, const Caller& caller,
                            std::shared_ptr<const pricing::PriceRules> rules) {
  app::OrderContents order{.rules = std::move(rules)};
  order.row.user_id = caller.user_id;
  order.row.customer_groups = caller.groups;
  if (caller.user_id.empty() && caller.session_id.empty()) return order;
  if (auto found = rows::find_open_order(scope, app::identity_of(caller))) {
    order.row = std::move(*found);
  }
  app::load_buyer(scope, order);
  return order;
}

// What one buyer pays.
class BuyerPrices {
 public:
  // The order must outlive it.
  BuyerPrices(const app::OrderContents& order, Timestamp now)
      : order_(order),
        groups_(app::groups_of(order)),
        taxes_(*order.rules, order.area, app::taxed_customer_of(order), now),
        now_(now) {}

  // Gives the variant the prices of its smallest quantity.
  void apply(Variant& variant, const std::vector<pricing::ListEntry>& entries) const {
    const VariantPrice own = priced(domain::prices_of(variant).front(), variant, entries);
    for (VariantPrice& price : variant.prices) price = priced(price, variant, entries);
    variant.price_cents = own.price_cents;
    variant.compare_at_cents = own.compare_at_cents;
    variant.lowest_price_cents = own.lowest_price_cents;
  }

 private:
  VariantPrice priced(const VariantPrice& at_home, const Variant& variant,
                      const std::vector<pricing::ListEntry>& entries) const {
    const auto there = [&](std::int64_t cents) {
      return taxes_.price_there(cents, variant.tax_category);
    };
    const pricing::PriceListTerms lists(*order_.rules,
                                        {at_home.currency, groups_, order_.area.country}, now_);
    const std::int64_t quantity =
        domain::least_quantity({variant.min_quantity, variant.max_quantity, variant.quantity_step});
    VariantPrice price{at_home.currency,
                       there(lists.price(at_home.price_cents, entries, quantity))};
    if (!at_home.compare_at_cents) return price;
    const std::int64_t compare_at = there(*at_home.compare_at_cents);
    if (compare_at <= price.price_cents) return price;
    price.compare_at_cents = compare_at;
    if (at_home.lowest_price_cents) price.lowest_price_cents = there(*at_home.lowest_price_cents);
    return price;
  }

  const app::OrderContents& order_;
  const std::vector<std::string> groups_;
  const pricing::TaxTerms taxes_;
  const Timestamp now_;
};

void apply_rules(const Scope& scope, const app::OrderContents& order,
                 std::vector<Product>& products) {
  pricing::EntriesByVariant entries;
  if (!order.rules->price_lists.empty()) {
    entries = rows::load_list_entries(scope, products.front().slug, products.back().slug);
  }
  const BuyerPrices prices(order, scope.now);
  for (Product& product : products) {
    for (Variant& variant : product.variants) prices.apply(variant, entries[variant.id]);
  }
}

bool has_further_prices(const std::vector<Product>& products) {
  return std::any_of(products.begin(), products.end(), [](const Product& product) {
    return std::any_of(product.variants.begin(), product.variants.end(),
                       [](const Variant& variant) { return !variant.prices.empty(); });
  });
}

// Gives the variants the prices that the caller sees, in that currency, or in their cart's.
void show_prices(const Scope& scope, const Caller& caller, std::optional<Currency> currency,
                 rows::ListedProducts& listed) {
  auto rules = rows::load_price_rules(scope, listed.price_rules);
  const bool depends_on_cart = !currency && has_further_prices(listed.products);
  if (rules || depends_on_cart) {
    const app::OrderContents order = order_of(scope, caller, std::move(rules));
    if (order.rules) apply_rules(scope, order, listed.products);
    if (!currency && order.row.item_count > 0) currency = order.row.currency;
  }
  if (currency) domain::show_in(*currency, listed.products);
}

}  // namespace

Result<Page<Product>> Products::list(const Caller& caller, const ListProducts& given) {
  RESYS_TRY(request, app::open_request(caller, given));
  return context_.read(caller.store, [&](const Scope& scope) -> Result<Page<Product>> {
    auto listed = rows::list_products(scope, rows::Shown::active, request.after.value_or(""),
                                      request.limit + 1);
    show_prices(scope, caller, request.currency, listed);
    return app::page_of(std::move(listed.products), request.limit,
                        [](const Product& product) { return product.slug; });
  });
}

Result<Product> Products::get(const Caller& caller, const GetProduct& given) {
  RESYS_TRY(request, app::open_request(caller, given));
  return context_.read(caller.store, [&](const Scope& scope) -> Result<Product> {
    auto listed = rows::find_listed(scope, request.slug);
    if (listed.products.empty()) {
      return Error(Errc::not_found, "there is no such product").at("slug");
    }
    show_prices(scope, caller, request.currency, listed);
    return std::move(listed.products.front());
  });
}

}  // namespace resys
